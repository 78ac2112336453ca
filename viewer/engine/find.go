package engine

import (
	"slices"
	"sync"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/content"
	"flowpane/viewer/filter"
)

// maxHits is how many hits are found in one body.
const maxHits = 100_000

// found is where something is in a document, as byte offsets into its text, as
// far as that has been searched. What crosses the end of a piece is not found:
// it would have to be longer than a line of a very long text.
type found struct {
	asked   asked
	marks   *filter.Marks
	failure string // why nothing can be found

	mu         sync.Mutex
	searched   int // pieces
	begin, end []int
	more       bool // than maxHits
}

type asked struct {
	find, filter string
	isRegex      bool
	part         viewerpb.Part
}

func lookFor(a asked) *found {
	f := &found{asked: a}
	var err error
	if a.find != "" {
		f.marks, err = filter.MarksOf(a.find, a.isRegex)
	} else {
		var wanted *filter.Filter
		if wanted, err = parse(a.filter); wanted != nil {
			f.marks = wanted.Marks(sideOf(a.part))
		}
	}
	if bad, ok := err.(*filter.Error); ok {
		f.failure, f.marks = bad.Msg, nil
	}
	return f
}

// search searches the next piece. It reports whether there was one.
func (f *found) search(l lines) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.marks == nil || f.more || f.searched >= len(l.pieces) {
		return false
	}
	p := l.pieces[f.searched]
	f.searched++
	for begin, end := range f.marks.In(p.text) {
		if f.more = len(f.begin) == maxHits; f.more {
			break
		}
		f.begin, f.end = append(f.begin, p.at+begin), append(f.end, p.at+end)
	}
	return true
}

// upTo returns how far the text is searched.
func (f *found) upTo(l lines) int {
	if f.marks == nil || f.more || f.searched >= len(l.pieces) {
		return l.size
	}
	return l.pieces[f.searched].at
}

// place returns where hit n is, from 1, as soon as it is found; the last one, if
// there are not so many.
func (f *found) place(r *reader, n int) (at int, ok bool) {
	for {
		f.mu.Lock()
		hits := f.begin
		f.mu.Unlock()
		if n <= len(hits) {
			return hits[max(n, 1)-1], true
		}
		r.has(f.upTo(r.lines))
		if !f.search(r.lines) {
			if len(hits) == 0 {
				return 0, false
			}
			return hits[len(hits)-1], true
		}
	}
}

// mark puts into w what is found in its text, which is made of spans.
func (f *found) mark(w *viewerpb.BodyWindow, r *reader, spans []span) {
	if len(spans) > 0 {
		for f.upTo(r.lines) < spans[len(spans)-1].end && f.search(r.lines) {
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	w.FindError, w.HitsTotal, w.HitsMore = f.failure, uint64(len(f.begin)), f.more
	w.Complete = r.done && f.upTo(r.lines) == r.size
	first, _ := slices.BinarySearch(f.begin, int(w.From))
	w.HitsBefore = uint64(first)
	text, at, units := w.Text, 0, uint32(0) // at is where units are counted up to
	row := 0                                // offset in text of the present span
	for i, s := 0, first; i < len(spans); i++ {
		for ; s < len(f.begin) && f.begin[s] < spans[i].end; s++ {
			begin, end := row+f.begin[s]-spans[i].begin, row+min(f.end[s], spans[i].end)-spans[i].begin
			if f.begin[s] < spans[i].begin { // hidden by the line before: it counts
				begin = max(at, row-1)
				end = begin
			}
			units += utf16Len(text[at:begin])
			length := utf16Len(text[begin:end])
			w.Hits = append(w.Hits, units, units+length)
			at, units = end, units+length
		}
		row += spans[i].end - spans[i].begin
	}
}

// colour puts into w what its text is made of.
func colour(w *viewerpb.BodyWindow) {
	at, units := 0, uint32(0)
	for t := range content.Tokens(w.View, w.Text) {
		units += utf16Len(w.Text[at:t.Begin])
		length := utf16Len(w.Text[t.Begin:t.End])
		w.Tokens = append(w.Tokens, units, units+length, uint32(t.Kind))
		at, units = t.End, units+length
	}
}

func sideOf(part viewerpb.Part) filter.Side {
	switch part {
	case viewerpb.Part_REQUEST:
		return filter.Request
	case viewerpb.Part_RESPONSE:
		return filter.Response
	}
	return filter.Either
}

// utf16Len returns how many UTF-16 code units text takes.
func utf16Len(text string) (n uint32) {
	for _, r := range text {
		if n++; r > 0xffff && r <= utf8.MaxRune {
			n++
		}
	}
	return n
}
