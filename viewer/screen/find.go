package screen

import "strconv"

// What a person does to find text in the body shown.
type (
	// FindTyped: what to find changed. Empty is what the filter looks for.
	FindTyped struct {
		Text    string
		IsRegex bool
	}
	// HitAsked: the next hit is wanted, or the one before.
	HitAsked struct{ Back bool }
)

// A Find is what is found in the body shown.
type Find struct {
	Text    string
	IsRegex bool
	// Count says how many hits there are, and which is the present one; Error
	// why there cannot be any.
	Count, Error string
	// Any: there are hits to go to.
	Any bool
	// Hits are where they are in each chunk: begin and end, in turn, in UTF-16
	// code units.
	Hits [][]uint32
	// Chunk and Hit are the present hit, a place in Hits[Chunk]; Hit is negative
	// while there is none. Seek differs whenever it is to be brought into sight.
	Chunk, Hit, Seek int
	// Serial differs whenever Hits are others, and stays when they only grow.
	Serial int
}

// find is what is looked for, in every body until it is something else.
type find struct {
	text    string
	isRegex bool

	hits   [][]uint32 // by chunks of the body
	loaded int        // hits in them
	total  int
	more   bool
	err    string
	at     int // the present hit, from 1
	seek   int
	serial int
}

func (s *Screen) updateFind(do *commands, msg Msg) {
	f := &s.detail.find
	switch m := msg.(type) {
	case FindTyped:
		f.text, f.isRegex = m.Text, m.IsRegex
		s.findAgain(do)
	case HitAsked:
		s.goToHit(do, m.Back)
	}
}

// findAgain asks for the body once more, with other hits in it. What is shown
// stays until it comes.
func (s *Screen) findAgain(do *commands) {
	b := &s.detail.body
	if !b.shown || b.empty != "" || b.view == "" || b.view == "image" {
		return
	}
	get := s.getBody()
	get.View, get.Limit = b.view, firstWindow
	s.fetch(do, get)
}

func (s *Screen) goToHit(do *commands, back bool) {
	f := &s.detail.find
	if f.total == 0 {
		return
	}
	if back {
		f.at = (max(f.at, 1)+f.total-2)%f.total + 1
	} else {
		f.at = f.at%f.total + 1
	}
	f.seek++
	s.seekHit(do)
}

// seekHit fetches more of the body until the present hit is in it.
func (s *Screen) seekHit(do *commands) {
	if f := &s.detail.find; f.at > f.loaded {
		s.loadMore(do)
	}
}

// take takes in the hits of a window, the first of which is of another search.
func (f *find) take(hits []uint32, total int, more bool, err string, first bool) {
	if first {
		f.hits, f.loaded, f.at = nil, 0, 0
		f.serial++
	}
	f.hits = append(f.hits, hits)
	f.loaded += len(hits) / 2
	f.total, f.more, f.err = total, more, err
}

// forget forgets the hits, and not what is looked for.
func (f *find) forget() {
	*f = find{text: f.text, isRegex: f.isRegex, seek: f.seek, serial: f.serial + 1}
}

func (f *find) state() Find {
	st := Find{
		Text: f.text, IsRegex: f.isRegex, Error: f.err, Any: f.total > 0,
		Hits: f.hits, Hit: -1, Seek: f.seek, Serial: f.serial,
	}
	total := formatCount(uint64(f.total))
	if f.more {
		total = "more than " + total
	}
	switch {
	case f.err != "":
	case f.total == 0 && f.text != "":
		st.Count = "not found"
	case f.at > 0:
		st.Count = strconv.Itoa(f.at) + " of " + total
	case f.total > 0:
		st.Count = total + " found"
	}
	at := f.at - 1
	for i, hits := range f.hits {
		if n := len(hits) / 2; at >= n {
			at -= n
		} else if at >= 0 {
			st.Chunk, st.Hit = i, at
			break
		}
	}
	return st
}
