package har

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
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

// A reader implements session.Reader.
type reader struct {
	src      blob.Source
	scanner  scanner
	decoder  decoder
	stage    stage
	first    bool // no member or item was read at this stage
	log      rest
	seen     struct{ log, entries bool }
	entries  int    // that were begun
	firstKey string // of the first entry
	skeleton []byte
	skipped  []byte

	mu       sync.Mutex // for what Body reads
	charsets map[int64]string
	files    []blob.Source
	numbers  map[string]int // of files by their names
}

func newReader(ctx context.Context, src blob.Source) *reader {
	r := &reader{
		src:      src,
		scanner:  scanner{stream: blob.NewStream(ctx, src)},
		first:    true,
		firstKey: "startedDateTime",
		charsets: map[int64]string{},
		numbers:  map[string]int{},
	}
	r.decoder.charsets = r.setCharset
	r.decoder.files = r.file
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
		if err == nil {
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

// Progress implements session.Reader.
func (r *reader) Progress() int64 { return min(r.scanner.offset(), r.src.Size()) }

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
	err := r.scanner.prelude()
	r.enter(inFile)
	if r.scanner.err != nil {
		return nil // which recover deals with
	}
	return err
}

// member reads a member of the whole, or what is behind its end.
func (r *reader) member() {
	s := &r.scanner
	if !s.another(&r.first, '}') {
		if s.err == nil {
			r.stage = atEnd
			r.tail()
		}
		return
	}
	key := s.key()
	if key == "log" && s.next() == '{' {
		s.pos++
		r.seen.log = true
		r.enter(inLog)
		return
	}
	r.skip()
}

// tail reports what is behind the whole and does not end a call.
func (r *reader) tail() {
	s := &r.scanner
	for {
		c := s.next()
		if s.err == errCut {
			s.err = nil
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
	s := &r.scanner
	if !s.another(&r.first, '}') {
		r.leave(inFile)
		return
	}
	key := s.key()
	offset := s.offset()
	if key != "entries" {
		r.skipped = s.value(r.skipped[:0], elsewhere)
		if s.err == nil {
			r.log.add(appendValid(nil, []byte(key)), r.skipped)
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
	r.skip()
	if s.err == nil {
		r.issueAt(offset, "the entries are "+typeOf(r.skipped)+", not a list")
	}
}

// skip passes a value that is not kept.
func (r *reader) skip() { r.skipped = r.scanner.value(r.skipped[:0], elsewhere) }

// entry reads an entry, or the end of the list.
func (r *reader) entry() *flowpb.Flow {
	s := &r.scanner
	if !s.another(&r.first, ']') {
		r.leave(inLog)
		return nil
	}
	r.entries++
	r.decoder.place = "entry " + strconv.Itoa(r.entries)
	if cap(r.skeleton) > maxWhole {
		r.skeleton = nil
	}
	if r.skeleton = s.value(r.skeleton[:0], entry); s.err != nil {
		return nil
	}
	r.notice()
	f := r.decoder.entry(r.skeleton)
	if key := keyOf(r.skeleton); r.entries == 1 && key != "" {
		r.firstKey = key
	}
	return f
}

// keyOf returns the first key of a skeleton.
func keyOf(skeleton []byte) string {
	c := cursor{b: skeleton}
	if !c.object() {
		return ""
	}
	key, _ := c.member()
	return string(key)
}

// notice reports words that are no JSON.
func (r *reader) notice() {
	for _, o := range r.scanner.odd {
		r.issueAt(o.offset, o.word+" is no JSON, and taken for null")
	}
	r.scanner.odd = r.scanner.odd[:0]
}

func (r *reader) issueAt(offset int64, text string) {
	if r.stage == inEntries {
		r.decoder.issue(atByte(offset, text))
		return
	}
	r.decoder.issues = append(r.decoder.issues, session.AtByte(offset, errors.New(text)))
}

// recover deals with an error of the scanner: it goes on behind the damage if
// it can. What it returns ends the reading.
func (r *reader) recover() error {
	s := &r.scanner
	err := s.err
	var syntax *syntaxError
	switch {
	case err == nil && r.stage == atEnd && !r.seen.log:
		return errNoLog
	case err == nil && r.stage == atEnd && !r.seen.entries:
		return errors.New("its log has no entries")
	case err == nil:
		return nil
	case err == errCut:
		err = &syntaxError{r.src.Size(), errCut.Error()}
	case !errors.As(err, &syntax):
		return fmt.Errorf("byte %d: %w", s.offset(), err)
	}
	if !r.seen.entries {
		return err
	}
	s.err, s.odd = nil, s.odd[:0]
	if r.stage == inEntries && r.entries > 0 {
		r.decoder.issue(err.Error())
		if syntax != nil && r.search() {
			return nil
		}
	} else {
		r.decoder.issues = append(r.decoder.issues, &session.Issue{Place: "the end", Err: err})
	}
	r.stage = atEnd
	return nil
}

// search goes to where the next entry begins: a brace and the key with which
// the first entry begins.
func (r *reader) search() bool {
	s := &r.scanner
	from := s.offset()
	key := []byte(`"` + r.firstKey + `"`)
	for s.err == nil {
		i := bytes.IndexByte(s.buf[s.pos:], '{')
		if i < 0 {
			s.pos = len(s.buf)
			s.more(s.pos)
			continue
		}
		s.pos += i
		if r.at(key) {
			r.first = true
			return true
		}
		s.pos++
	}
	s.err = nil
	r.issueAt(from, "no entry is found behind this")
	return false
}

// at reports whether a brace and key are next.
func (r *reader) at(key []byte) bool {
	const white = 64 // between them, at the most
	s := &r.scanner
	for len(s.buf)-s.pos < len(key)+white && s.more(s.pos) {
	}
	s.err = nil // the end is met later
	return bytes.HasPrefix(bytes.TrimLeft(s.buf[s.pos+1:], " \t\r\n"), key)
}
