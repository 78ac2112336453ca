package engine

import (
	"slices"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/content"
	"flowpane/viewer/filter"
)

// maxHits is how many hits are found in one body.
const maxHits = 100_000

// found is what was looked for last in the body shown last, and where it is: as
// byte offsets into the text.
type found struct {
	asked      asked
	begin, end []int
	more       bool   // than maxHits
	failure    string // why nothing can be found
}

type asked struct {
	find, filter string
	isRegex      bool
	part         viewerpb.Part
}

// mark puts into w where something that get looks for is in its text.
func (b *rendered) mark(w *viewerpb.BodyWindow, get *viewerpb.GetBody) {
	if a := (asked{get.Find, get.Filter, get.FindRegex, get.Part}); b.found.asked != a {
		b.found = found{asked: a}
		b.found.look(b.Text)
	}
	f := &b.found
	w.FindError, w.HitsTotal, w.HitsMore = f.failure, uint64(len(f.begin)), f.more
	first, _ := slices.BinarySearch(f.begin, int(w.From))
	w.HitsBefore = uint64(first)
	at, units := 0, uint32(0)
	for i := first; i < len(f.begin); i++ {
		begin, end := f.begin[i]-int(w.From), f.end[i]-int(w.From)
		if end > len(w.Text) {
			break
		}
		units += utf16Len(w.Text[at:begin])
		length := utf16Len(w.Text[begin:end])
		w.Hits = append(w.Hits, units, units+length)
		at, units = end, units+length
	}
}

// look finds what was asked for in text.
func (f *found) look(text string) {
	var marks *filter.Marks
	var err error
	if f.asked.find != "" {
		marks, err = filter.MarksOf(f.asked.find, f.asked.isRegex)
	} else {
		var wanted *filter.Filter
		if wanted, err = parse(f.asked.filter); wanted != nil {
			marks = wanted.Marks(sideOf(f.asked.part))
		}
	}
	if bad, ok := err.(*filter.Error); ok {
		f.failure = bad.Msg
	}
	if marks == nil || err != nil {
		return
	}
	for begin, end := range marks.In(text) {
		if f.more = len(f.begin) == maxHits; f.more {
			break
		}
		f.begin, f.end = append(f.begin, begin), append(f.end, end)
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
