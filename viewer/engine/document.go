package engine

import (
	"context"
	"sort"
	"strings"
	"sync"

	"flowpane/proto/viewerpb"
)

// A document is the text that a view makes of a body. It can be read while the
// view is still at it.
type document struct {
	cancel context.CancelFunc // ends the making

	mu    sync.Mutex
	lines lines
	about about
	done  bool
	err   error         // why there is no text
	grown chan struct{} // closed when any of these changes

	ends map[int]int // where what a line opens ends, by its offset; see [reader.foldEnd]
}

// about is what else is to be said of a body.
type about struct {
	view, note string
	picture    []byte // what can be drawn or played: the body itself, or a document for a frame
	media      string // and its type
	allow      uint64 // how many bytes to allow for more
	steps      []*viewerpb.Step
}

func newDocument(cancel context.CancelFunc) *document {
	return &document{cancel: cancel, grown: make(chan struct{}), ends: map[int]int{}}
}

// add puts a piece behind what there is: lines, the last of which may lack its
// end if none follow.
func (d *document) add(view, piece string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.about.view = view
	d.lines.add(piece)
	d.changed()
}

// finish says that there is no more, or never was for the reason of err.
func (d *document) finish(about about, rest string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.about, d.err, d.done = about, err, true
	d.lines.add(rest)
	d.changed()
}

func (d *document) changed() {
	close(d.grown)
	d.grown = make(chan struct{})
}

// wait returns the lines as soon as enough holds for them, or there are no more.
func (d *document) wait(ctx context.Context, enough func(lines) bool) (l lines, done bool, err error) {
	for {
		d.mu.Lock()
		l, done, err = d.lines, d.done, d.err
		grown := d.grown
		d.mu.Unlock()
		if done || enough(l) {
			return l, done, err
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return l, done, ctx.Err()
		}
	}
}

func (d *document) said() about {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.about
}

// lines are the lines of a text, in pieces that end where lines end. What is
// there never changes: a copy can be read while lines are added.
type lines struct {
	pieces []piece
	size   int // bytes of all
	breaks int // line ends of all
}

type piece struct {
	text     string
	at, line int // bytes and line ends in front of it
}

func (l *lines) add(text string) {
	if text == "" {
		return
	}
	l.pieces = append(l.pieces, piece{text, l.size, l.breaks})
	l.size += len(text)
	l.breaks += strings.Count(text, "\n")
}

// count returns how many lines there are. Behind a line end at the end of the
// text there is none.
func (l *lines) count() int {
	if n := len(l.pieces); n == 0 || strings.HasSuffix(l.pieces[n-1].text, "\n") {
		return l.breaks
	}
	return l.breaks + 1
}

// piece returns the piece that the byte at an offset is in, below size.
func (l *lines) piece(at int) *piece {
	return &l.pieces[sort.Search(len(l.pieces), func(i int) bool { return l.pieces[i].at > at })-1]
}

// number returns which line the byte at an offset is in, from 0; at size, the
// one that would follow.
func (l *lines) number(at int) int {
	if at >= l.size {
		return l.count()
	}
	p := l.piece(at)
	return p.line + strings.Count(p.text[:at-p.at], "\n")
}

// start returns where a line begins, or size if there is no such line.
func (l *lines) start(number int) int {
	if number >= l.count() {
		return l.size
	}
	p := &l.pieces[sort.Search(len(l.pieces), func(i int) bool { return l.pieces[i].line > number })-1]
	at := 0
	for n := p.line; n < number; n++ {
		at += strings.IndexByte(p.text[at:], '\n') + 1
	}
	return p.at + at
}

// rest returns the line that the byte at an offset is in, from there on, with
// its end.
func (l *lines) rest(at int) string {
	p := l.piece(at)
	text := p.text[at-p.at:]
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return text[:i+1]
	}
	return text
}

// begin returns where the line begins that the byte in front of an offset is in.
func (l *lines) begin(at int) int {
	p := l.piece(at - 1)
	return p.at + strings.LastIndexByte(p.text[:at-1-p.at], '\n') + 1
}
