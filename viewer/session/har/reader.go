package har

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A stage is how far a reader is in the structure of a file.
type stage int

const (
	atStart   stage = iota
	inFile          // in the object that has the log
	inLog           // in the log
	inEntries       // in its entries
	atEnd
)

var errNoEntries = errors.New("its log has no entries")

// A reader implements session.Scanner.
type reader struct {
	src     blob.Source
	decoder decoder
	stage   stage
	first   bool // no member or item was read at this stage
	log     rest
	seen    struct{ log, entries bool }
	inside  bool // of an entry

	frame    func() *frame // for the next flow
	passing  frame         // for one that is looked at
	at       session.Place // of the last entry
	rereader rereader

	mu       sync.Mutex // for what Body reads
	charsets map[int64]string
	files    []blob.Source
	numbers  map[string]int // of files by their names
}

func newReader(ctx context.Context, src blob.Source) *reader {
	r := &reader{
		src:      src,
		first:    true,
		charsets: map[int64]string{},
		numbers:  map[string]int{},
	}
	r.frame = newFrame
	r.decoder.stream = blob.NewStream(ctx, src)
	r.decoder.charsets = r.setCharset
	r.decoder.files = r.file
	r.rereader.src = blob.NewCache(src, cacheBlock, cacheBlocks)
	r.rereader.decoder.charsets, r.rereader.decoder.files = r.setCharset, r.file
	return r
}

// Next implements session.Reader.
func (r *reader) Next() (*flowpb.Flow, error) {
	for {
		if issues := r.decoder.issues; len(issues) > 0 {
			r.decoder.issues = issues[1:]
			return nil, issues[0]
		}
		var f *flowpb.Flow
		var err error
		switch r.stage {
		case atStart:
			err = r.start()
		case inFile:
			r.member()
		case inLog:
			r.logMember()
		case inEntries:
			f = r.entry()
		case atEnd:
			return nil, io.EOF
		}
		if err == nil && (r.decoder.err != nil || r.stage == atEnd) {
			err = r.recover()
		}
		if err != nil {
			r.stage = atEnd
			return nil, fmt.Errorf("har: %w", err)
		}
		if f != nil {
			return f, nil
		}
	}
}

// Scan implements session.Scanner.
func (r *reader) Scan() (*flowpb.Flow, session.Place, error) {
	r.decoder.stream.Reuse()
	r.decoder.page.reuse()
	r.frame = func() *frame { r.passing.begin(); return &r.passing }
	f, err := r.Next()
	return f, r.at, err
}

// Progress implements session.Reader.
func (r *reader) Progress() int64 { return min(r.decoder.offset(), r.src.Size()) }

// Close implements session.Reader.
func (r *reader) Close() error { return nil }

// About implements session.Describer.
func (r *reader) About() *flowpb.About {
	if len(r.log.b) == 0 {
		return nil
	}
	return &flowpb.About{HarLog: append(slices.Clone(r.log.b), '}')}
}

func (r *reader) enter(s stage) { r.stage, r.first = s, true }

func (r *reader) leave(to stage) { r.stage, r.first = to, false }

func (r *reader) start() error {
	r.enter(inFile)
	return r.decoder.prelude()
}

// member reads a member of the whole, or what is behind its end.
func (r *reader) member() {
	s := &r.decoder
	if !s.another(&r.first, '}') {
		if s.err == nil {
			r.stage = atEnd
			r.tail()
		}
		return
	}
	if string(s.key()) == "log" && s.next() == '{' {
		s.pos++
		r.seen.log = true
		r.enter(inLog)
		return
	}
	s.skip()
}

// tail reports what is behind the whole and does not end a call.
func (r *reader) tail() {
	s := &r.decoder
	for {
		c := s.next()
		if s.err == errCut { // as it should be
			s.err = nil
			return
		}
		if s.err != nil {
			return
		}
		if c != ')' && c != ';' {
			r.issueAt(s.offset(), "what follows the JSON object is not read")
			return
		}
		s.pos++
	}
}

func (r *reader) logMember() {
	s := &r.decoder
	if !s.another(&r.first, '}') {
		if s.err == nil {
			r.leave(inFile)
		}
		return
	}
	key := s.key()
	offset := s.offset()
	if string(key) != "entries" {
		s.skip()
		if s.err == nil {
			r.log.add(key, s.skipped)
		}
		r.notice()
		return
	}
	r.seen.entries = true
	if s.next() == '[' {
		s.pos++
		r.enter(inEntries)
		return
	}
	s.skip()
	if s.err == nil {
		r.issueAt(offset, "the entries are "+typeOf(s.skipped)+", not a list")
	}
}

// entry reads an entry, or the end of the list.
func (r *reader) entry() *flowpb.Flow {
	s := &r.decoder
	if !s.another(&r.first, ']') {
		if s.err == nil {
			r.leave(inLog)
		}
		return nil
	}
	s.entries++
	r.inside = true
	from := s.offset()
	f := s.entry(r.frame())
	r.at = session.Place{Offset: from, Length: s.offset() - from}
	if s.err != nil {
		s.issues = nil // only what damaged the entry matters
		return nil
	}
	r.notice()
	r.inside = false
	return f
}

// notice reports words that are no JSON.
func (r *reader) notice() {
	for i, o := range r.decoder.odd {
		text := o.word + " is no JSON, and taken for null"
		if i == maxIssues {
			text = moreIssues
		}
		r.issueAt(o.offset, text)
	}
	r.decoder.odd = r.decoder.odd[:0]
}

func (r *reader) issueAt(offset int64, text string) {
	if r.inside {
		r.decoder.issue(atByte(offset, text))
		return
	}
	r.decoder.issues = append(r.decoder.issues, session.AtByte(offset, errors.New(text)))
}

// recover deals with an error of the scanner: it goes on behind the damage if
// it can. What it returns ends the reading.
func (r *reader) recover() error {
	s := &r.decoder
	var syntax *syntaxError
	switch {
	case s.err == nil && !r.seen.log:
		return errNoLog
	case s.err == nil && !r.seen.entries:
		return errNoEntries
	case s.err == nil:
		return nil
	case s.err == errCut:
		syntax = &syntaxError{r.src.Size(), errCut.Error()}
	case !errors.As(s.err, &syntax):
		return fmt.Errorf("byte %d: %w", s.offset(), s.err)
	}
	if !r.seen.entries {
		if cut := s.err == errCut; cut || !r.seen.log || !r.searchEntries() {
			return syntax
		}
		r.issueAt(syntax.offset, syntax.text)
		return nil
	}
	r.issueAt(syntax.offset, syntax.text)
	damaged := r.stage == inEntries && s.err != errCut
	s.err, s.odd, r.inside = nil, s.odd[:0], false
	if damaged && r.search() {
		return nil
	}
	r.stage = atEnd
	return s.err
}

// firstKeys are keys with which entries begin, by whoever wrote them; Chrome's
// own differ from entry to entry.
var firstKeys = []string{"startedDateTime", "request", "pageref", "_initiator", "_fromCache", "_connectionId"}

// search goes to where the next entry begins: a brace and a key with which the
// first entry, or an entry of anybody, begins. If there is none, only an error
// of the source stays.
func (r *reader) search() bool {
	s := &r.decoder
	s.pos = s.failed
	from := s.offset()
	keys := append([]string{s.firstKey}, firstKeys...)
	if s.firstKey == "" {
		keys = firstKeys
	}
	if r.find('{', func(next []byte) bool {
		key, ok := bytes.CutPrefix(bytes.TrimLeft(next[1:], " \t\r\n"), []byte{'"'})
		return ok && slices.ContainsFunc(keys, func(k string) bool {
			rest, ok := bytes.CutPrefix(key, []byte(k))
			return ok && bytes.HasPrefix(rest, []byte{'"'})
		})
	}) {
		r.first = true
		return true
	}
	if s.err == errCut {
		s.err = nil
		r.issueAt(from, "no entry is found behind this")
	}
	return false
}

// searchEntries enters the list of entries, behind damage in front of it.
func (r *reader) searchEntries() bool {
	s := &r.decoder
	s.err, s.pos = nil, s.failed
	key := []byte(`"entries"`)
	for r.find('"', func(next []byte) bool { return bytes.HasPrefix(next, key) }) {
		s.pos += len(key)
		if !s.is(':') {
			continue
		}
		if s.pos++; s.is('[') {
			s.pos++
			r.seen.entries = true
			r.enter(inEntries)
			return true
		}
	}
	return false
}

// find goes on to the next c from which on fits accepts what
// is there. It sees enough for any key, if there is as much.
func (r *reader) find(c byte, fits func(next []byte) bool) bool {
	const enough = 128
	s := &r.decoder
	for s.err == nil {
		i := bytes.IndexByte(s.buf[s.pos:], c)
		if i < 0 {
			s.pos = len(s.buf)
			s.more(s.pos)
			continue
		}
		s.pos += i
		for len(s.buf)-s.pos < enough && s.more(s.pos) {
		}
		if s.err == errCut { // which is met later
			s.err = nil
		}
		if fits(s.buf[s.pos:]) {
			return true
		}
		s.pos++
	}
	return false
}
