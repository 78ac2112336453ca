package screen

// CloseAsked: the open session is to be closed.
type CloseAsked struct{}

// Confirm asks a person a question, which Answered answers.
type Confirm struct{ Text string }

// Answered: a question was answered.
type Answered struct{ Yes bool }

// A parting is what ends the open session, while a person is asked whether what
// they said of its flows may be lost with it.
type parting struct{ files []File } // that are opened instead; nil is none

// part ends the open session for p, if need be after a question.
func (s *Screen) part(do *commands, p parting) {
	if !s.losesNotes() {
		s.partFor(do, p)
		return
	}
	s.parting = &p
	do.add(Confirm{"What you marked and said of flows of " + s.session.name() + " is lost with the session, unless you keep it or save it as a file. Go on without?"})
}

// losesNotes reports whether what a person said of flows is nowhere but in the
// session that is open.
func (s *Screen) losesNotes() bool { return s.session.kept == "" && len(s.session.said) > 0 }

func (s *Screen) answered(do *commands, m Answered) {
	p := s.parting
	if s.parting = nil; p != nil && m.Yes {
		s.partFor(do, *p)
	}
}

func (s *Screen) partFor(do *commands, p parting) {
	if p.files != nil {
		s.pick(do, p.files)
	} else {
		s.closeSession(do)
	}
}

// closable reports whether there is a session that can be closed.
func (s *Screen) closable() bool {
	return len(s.session.sources) > 0 && s.phase != Loading && s.phase != Ready
}

// closeSession goes to the page without a session, with an address of its own.
func (s *Screen) closeSession(do *commands) {
	if !s.closable() {
		return
	}
	s.startAnew(do)
	s.closeSuggestions(do)
	s.setFilter(do, "")
	s.setHighlight(do, "")
	s.order = order{}
	s.leave(do)
	s.record(do, true)
}
