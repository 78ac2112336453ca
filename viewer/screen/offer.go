package screen

import (
	"strings"
	"unicode"

	"flowpane/viewer/link"
)

// Offered: another page, which opened this one or shows it in a frame, hands over
// a session. Nothing is read of it, and nothing handed on, before a person agrees.
type Offered struct {
	// From is the origin of that page, as the browser says; "null" is none.
	From string
	File File
	Size uint64 // bytes
	// View is what is to be looked at, as in a link.
	View string
}

// AnswerOffer tells the other page what became of what it offered last. What is
// taken is handed to the engine, and what is not is let go.
type AnswerOffer struct{ Taken bool }

// considerOffer takes in what another page offers. What it offered before, and nobody
// agreed to, is refused.
func (s *Screen) considerOffer(do *commands, o Offered) {
	s.refuseOffer(do)
	s.consent.offered = &o
	s.consent.sight.ask()
}

func (s *Screen) refuseOffer(do *commands) {
	if s.consent.offered != nil {
		s.consent.offered = nil
		s.consent.sight.ask() // there may be another question below
		do.add(AnswerOffer{})
	}
}

// takeOffer opens what was offered.
func (s *Screen) takeOffer(do *commands) {
	o := s.consent.offered
	s.consent.offered = nil
	s.consent.sight.ask()
	do.add(AnswerOffer{Taken: true}) // which hands it to the engine, before that is to open it
	s.openFiles(do, []File{o.File})
	l := link.Parse(o.View)
	l.URLs, l.Key, l.Local, l.Session = nil, "", "", ""
	s.navigate(do, l)
}

// maxOfferedName is how many letters of a name that another page gives are shown.
const maxOfferedName = 60

// name returns the name of what is offered as a person can take it: on one line,
// and none that says more than that it is a name.
func (o *Offered) name() string {
	name := strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}, o.File.Name)
	if runes := []rune(name); len(runes) > maxOfferedName {
		name = string(runes[:maxOfferedName]) + "…"
	}
	return name
}

func (o *Offered) state() Consent {
	from := o.From
	if from == "null" {
		from = "A page without an address"
	}
	return Consent{
		Open: true, Heading: "Open a session from another page?",
		Text:   "Another page hands over a session of " + formatSize(o.Size) + ":",
		Effect: "It is read here, in place of what is open. The other page learns whether you opened it, and nothing else.",
		Sites:  []Site{{Origin: from, Files: []SiteFile{{URL: o.name()}}}},
	}
}
