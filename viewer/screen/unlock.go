package screen

import (
	"errors"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/link"
)

// What a person does who is asked for a key.
type (
	// KeyGiven: the key of the session was typed or pasted, or a link that has it.
	KeyGiven struct{ Text string }
	// KeyRefused: the session stays closed.
	KeyRefused struct{}
)

// An Unlock is the question for the key of an encrypted session.
type Unlock struct {
	Open bool
	// Text says which session it is about. Error says why it did not open by what
	// was given, or is empty.
	Text, Error string
}

// An unlock is the session that a key is asked for.
type unlock struct {
	session *session  // nil: none is
	link    link.Link // to what was to be shown of it
	failure string
}

func (s *Screen) updateUnlock(do *commands, msg Msg) {
	switch m := msg.(type) {
	case KeyGiven:
		s.openBy(do, m.Text)
	case KeyRefused:
		s.unlock = unlock{}
	}
}

// locked returns what asks for the key of the present session, if that is why it
// could not be opened. Of several files the engine opens the others.
func (s *Screen) locked(err error) unlock {
	var e *api.Error
	if !errors.As(err, &e) || e.Code != viewerpb.Code_LOCKED || len(s.session.sources) != 1 {
		return unlock{}
	}
	u := unlock{session: new(s.session), link: s.present()}
	if s.session.sources[0].Key != "" {
		u.failure = "It did not open: " + e.Text + "."
	}
	return u
}

// openBy opens the session by a key, or a link with one. A file that was chosen
// has no address that the key could stand in.
func (s *Screen) openBy(do *commands, text string) {
	tried := s.unlock.session
	if tried == nil {
		return
	}
	key := keyIn(text)
	if key == "" {
		s.unlock.failure = "There is no key in this: it is what follows key= in the link."
		return
	}
	if l := s.unlock.link; len(tried.urls) > 0 {
		l.Key = key
		do.add(SetFragment{Fragment: l.String()}) // in place of the one that does not open it
		s.navigate(do, l)
		return
	}
	source := *tried.sources[0]
	source.Key = key
	s.begin(do, session{names: slices.Clone(tried.names), sources: []*viewerpb.Source{&source}})
	s.record(do, true)
}

// keyIn returns the key in a text: what follows key= in a link, or all of it.
func keyIn(text string) string {
	text = strings.TrimSpace(text)
	if _, fragment, ok := strings.Cut(text, "#"); ok {
		return link.Parse(fragment).Key
	}
	if strings.Contains(text, "=") {
		return link.Parse(text).Key
	}
	return text
}

func (s *Screen) unlockState() Unlock {
	u := &s.unlock
	if u.session == nil {
		return Unlock{}
	}
	return Unlock{Open: true, Text: u.session.name() + " is encrypted. It opens by its key, which is in the link that it was shared by.", Error: u.failure}
}
