package screen

// A page around this one, or a window above it, can have a person press what they
// do not see. A yes counts only where the question was in plain sight for a
// moment, as the browser tells; where a browser cannot tell that of a page that is
// shown within another, it counts in a tab of its own alone.
type (
	// Surrounded: the page is shown within another. Watched: the browser tells
	// whether something of it is in plain sight.
	Surrounded struct{ Watched bool }
	// QuestionSeen: the question of a number has been in plain sight for a moment,
	// or is no more.
	QuestionSeen struct {
		Number int
		Seen   bool
	}
	// ApartAsked: the question is to be asked in a tab of its own.
	ApartAsked struct{}
	// ApartOpened: that tab is there, or the page around does not let it be.
	ApartOpened struct{ OK bool }
)

// OpenApart opens a tab of its own: at Fragment, or to pass on to it what another
// page offered last. ApartOpened follows.
type OpenApart struct {
	Fragment string
	Offer    bool
}

// A sight is what is known of whether a person sees what they are asked.
type sight struct {
	surrounded, watched bool

	number  int // of the question, which grows
	seen    bool
	blocked bool // there is no tab of its own
}

// ask begins another question.
func (v *sight) ask() { v.number, v.seen, v.blocked = v.number+1, false, false }

// clear reports whether a yes counts.
func (v *sight) clear() bool { return v.seen && (!v.surrounded || v.watched) }

func (s *Screen) updateSight(do *commands, msg Msg) {
	c := &s.consent
	switch m := msg.(type) {
	case Surrounded:
		c.sight.surrounded, c.sight.watched = true, m.Watched
	case QuestionSeen:
		if m.Number == c.sight.number {
			c.sight.seen = m.Seen
		}
	case ApartAsked:
		switch {
		case c.offered != nil:
			do.add(OpenApart{Offer: true})
		case c.asks():
			do.add(OpenApart{Fragment: c.link.String()})
		}
	case ApartOpened:
		switch {
		case !c.asks():
		case !m.OK:
			c.sight.blocked = true
		case c.offered != nil: // the answer is that tab's
			c.offered = nil
			c.sight.ask()
		default:
			s.refuseSites(do)
		}
	}
}

// show says in st what a person can do about a question.
func (v *sight) show(st *Consent) {
	st.Number, st.Clear = v.number, v.clear()
	st.Apart, st.Here = v.surrounded, !v.surrounded || v.watched
	switch {
	case !v.surrounded:
	case v.blocked:
		st.Hint = "The page around does not let this one open a tab."
	case v.watched:
		st.Hint = "Within another page, Open works while all of this question is in plain sight."
	default:
		st.Hint = "This browser cannot tell whether the page around covers this question: answer it in a tab of its own."
	}
}
