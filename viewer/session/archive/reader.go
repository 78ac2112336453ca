package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A capture is one in an archive, not yet open.
type capture struct {
	name   string // empty if it is all there is
	packed int64  // how much of the archive it takes, in bytes
	// open returns the capture, and an Issue if not all of it could be
	// decompressed.
	open func() (session.Reader, blob.Source, *session.Issue, error)
}

// A member is a capture that was opened. Its bodies are read until the archive
// is closed.
type member struct {
	session.Reader
	capture
	size  int64  // of its bytes
	base  uint32 // its number in the archive
	count uint32 // how many numbers it has: an archive within has several
}

// A reader implements session.Reader and session.Describer, of the captures of
// an archive one after the other.
type reader struct {
	size    int64
	pending []capture
	now     *member // the one that is read; nil before and after all
	done    int64   // how much of the archive was read before it, in bytes
	issues  []*session.Issue

	mu     sync.Mutex
	opened []*member // nil once closed
	pages  pageNames
}

// newReader opens the first capture that can be opened. If none can, that is
// an error.
func newReader(size int64, captures []capture) (*reader, error) {
	r := &reader{size: size, pending: captures}
	if err := r.advance(); err != nil {
		return nil, err
	}
	if r.now != nil {
		return r, nil
	}
	if len(r.issues) == 1 && r.issues[0].Place == "" {
		return nil, r.issues[0].Err
	}
	var refused refusals
	for _, issue := range r.issues {
		refused.add(issue.Error())
	}
	return nil, errors.New("no capture of the zip archive can be read: " + refused.String())
}

// advance opens the next capture that can be opened. Those that cannot become
// issues. The error is final.
func (r *reader) advance() error {
	for r.now == nil && len(r.pending) > 0 {
		c := r.pending[0]
		r.pending = r.pending[1:]
		inner, src, damage, err := c.open()
		if err != nil && isFinal(err) {
			return err
		}
		if err != nil {
			r.done += c.packed
			r.issues = append(r.issues, &session.Issue{Place: c.name, Err: err})
			continue
		}
		if damage != nil {
			r.issues = append(r.issues, damage)
		}
		r.begin(&member{Reader: inner, capture: c, size: src.Size(), count: 1})
	}
	return nil
}

func (r *reader) begin(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.opened); n > 0 {
		m.base = r.opened[n-1].base + r.opened[n-1].count
	}
	r.opened = append(r.opened, m)
	r.now = m
}

// isFinal reports whether err ends the reading of the whole archive.
func isFinal(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, blob.ErrGone)
}

// Next implements session.Reader.
func (r *reader) Next() (*flowpb.Flow, error) {
	for {
		if len(r.issues) > 0 {
			issue := r.issues[0]
			r.issues = r.issues[1:]
			return nil, issue
		}
		if r.now == nil {
			return nil, io.EOF
		}
		f, err := r.now.Next()
		switch issue, ok := errors.AsType[*session.Issue](err); {
		case err == nil:
			r.number(f)
			return f, nil
		case ok:
			return nil, &session.Issue{Place: r.now.place(issue.Place), Err: issue.Err}
		case err != io.EOF && (isFinal(err) || r.now.name == ""):
			return nil, fmt.Errorf("archive: %w", err)
		case err != io.EOF:
			r.issues = append(r.issues, &session.Issue{Place: r.now.name, Err: err})
		}
		r.done += r.now.packed
		r.logOf(r.now) // names its pages before those of the next
		r.now = nil
		if err := r.advance(); err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
	}
}

// place says where in the archive a place in the capture is.
func (m *member) place(inner string) string {
	if m.name == "" {
		return "decompressed data: " + inner
	}
	return m.name + ": " + inner
}

// number makes the bodies and the page of f refer to the capture that is read.
func (r *reader) number(f *flowpb.Flow) {
	m := r.now
	if page := f.GetHar().GetPageref(); page != nil {
		r.mu.Lock()
		if name := r.pages.name(m, string(page)); name != string(page) {
			f.Har.Pageref = []byte(name)
		}
		r.mu.Unlock()
	}
	eachBody(f, func(b *flowpb.Body) {
		inner := b.GetMember()
		if inner >= m.count {
			r.mu.Lock()
			m.count = inner + 1
			r.mu.Unlock()
		}
		if m.base > 0 {
			b.Member = new(m.base + inner)
		}
	})
}

// eachBody calls do with every reference of f to a body.
func eachBody(f *flowpb.Flow, do func(*flowpb.Body)) {
	call := func(b *flowpb.Body) {
		if b != nil {
			do(b)
		}
	}
	call(f.GetRequest().GetBody())
	call(f.GetResponse().GetBody())
	for _, m := range f.GetWebsocket().GetMessages() {
		call(m.Body)
	}
	for _, m := range f.Messages {
		call(m.Body)
	}
	if f.Backup != nil {
		eachBody(f.Backup, do)
	}
}

// Progress implements session.Reader.
func (r *reader) Progress() int64 {
	switch m := r.now; {
	case m == nil:
		return r.size
	case m.size == 0:
		return min(r.done, r.size)
	default:
		part := float64(m.Progress()) / float64(m.size) * float64(m.packed)
		return min(r.done+int64(part), r.size)
	}
}

// Body implements session.Reader.
func (r *reader) Body(b *flowpb.Body) (blob.Source, error) {
	m, err := r.member(b.GetMember())
	if err != nil {
		return nil, err
	}
	inner := *b
	if inner.Member = nil; b.GetMember() > m.base {
		inner.Member = new(b.GetMember() - m.base)
	}
	return m.Body(&inner)
}

func (r *reader) member(n uint32) (*member, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.opened {
		if n >= m.base && n-m.base < m.count {
			return m, nil
		}
	}
	return nil, fmt.Errorf("archive: there is no capture %d", n)
}

// Close implements session.Reader.
func (r *reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, m := range r.opened {
		errs = append(errs, m.Close())
	}
	r.opened, r.now, r.pending = nil, nil, nil
	return errors.Join(errs...)
}
