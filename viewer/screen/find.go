package screen

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
	// Chunk and Hit are the present hit, one of a chunk of the body; Hit is
	// negative while there is none. Seek differs whenever it is to be brought
	// into sight.
	Chunk, Hit, Seek int
}

// find is what is looked for, in every body until it is something else.
type find struct {
	text    string
	isRegex bool

	at     uint64 // the present hit, from 1
	sought bool   // its window is on its way
	seek   int
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

// findAgain asks for what is shown once more, with other hits in it. It stays
// until that comes.
func (s *Screen) findAgain(do *commands) {
	b := &s.detail.body
	if !b.shown || b.empty != "" || len(b.windows) == 0 {
		return
	}
	s.detail.find.at = 0
	get := s.getBody()
	get.From = b.windows[0].From
	s.fetch(do, get, 0)
}

// goToHit goes to the next hit, at first to the first one of what is shown.
func (s *Screen) goToHit(do *commands, back bool) {
	f, b := &s.detail.find, &s.detail.body
	total := b.survey.Hits
	if total == 0 || len(b.windows) == 0 {
		return
	}
	before := b.windows[0].HitsBefore % total
	switch {
	case f.at == 0 && back:
		f.at = (before+total-1)%total + 1
	case f.at == 0:
		f.at = before + 1
	case back:
		f.at = (f.at+total-2)%total + 1
	default:
		f.at = f.at%total + 1
	}
	if _, _, ok := b.hit(f.at); ok {
		f.seek++
		return
	}
	b.folds = folds{} // it may be hidden
	get := s.getBody()
	get.Hit = f.at
	f.sought = true
	s.fetch(do, get, 0)
}

// hit returns in which window a hit is, from 1, and where there.
func (b *body) hit(n uint64) (window, hit int, ok bool) {
	for i, w := range b.windows {
		if first := w.HitsBefore + 1; n >= first && n < first+uint64(len(w.Hits)/2) {
			hit = int(n - first)
			return i, hit, w.Hits[2*hit] < w.Hits[2*hit+1] // else it is hidden
		}
	}
	return 0, 0, false
}

// came says that other windows are there.
func (f *find) came() {
	if f.sought {
		f.sought = false
		f.seek++
	}
}

// forget forgets the present hit, and not what is looked for.
func (f *find) forget() { *f = find{text: f.text, isRegex: f.isRegex, seek: f.seek} }

func (d *detail) findState() Find {
	f, survey := &d.find, &d.body.survey
	st := Find{Text: f.text, IsRegex: f.isRegex, Error: survey.FindError, Any: survey.Hits > 0, Hit: -1, Seek: f.seek}
	total := formatCount(survey.Hits)
	switch {
	case survey.HitsMore:
		total = "more than " + total
	case !survey.Complete:
		total += " so far"
	}
	switch {
	case st.Error != "":
	case survey.Hits == 0 && f.text != "" && !survey.Complete:
		st.Count = "searching…"
	case survey.Hits == 0 && f.text != "":
		st.Count = "not found"
	case f.at > 0:
		st.Count = formatCount(f.at) + " of " + total
	case survey.Hits > 0:
		st.Count = total + " found"
	}
	if chunk, hit, ok := d.body.hit(f.at); ok {
		st.Chunk, st.Hit = chunk, hit
	}
	return st
}
