package screen

import "slices"

// LetGo says of files that were handed over to the engine that nobody will name
// them any more. Whoever holds them for that can let them go.
type LetGo struct{ Tokens []string }

// handOver notes the files that a message is about.
func (s *Screen) handOver(msg Msg) {
	switch m := msg.(type) {
	case Picked:
		for _, f := range m.Files {
			s.handed = append(s.handed, f.Token)
		}
	case Offered:
		s.handed = append(s.handed, m.File.Token)
	}
}

// letGo lets the files go that nothing leads back to.
func (s *Screen) letGo(do *commands) {
	if len(s.handed) == 0 {
		return
	}
	named := s.named()
	var gone, kept []string
	for _, token := range s.handed {
		if slices.Contains(named, token) {
			kept = append(kept, token)
		} else {
			gone = append(gone, token)
		}
	}
	if s.handed = kept; len(gone) > 0 {
		do.add(LetGo{gone})
	}
}

// named returns the tokens of the files that may be named to the engine again: of
// the session, of one that may be shown again or waits for a key, of what another
// page offers, and of schemas.
func (s *Screen) named() (tokens []string) {
	sources := slices.Clone(s.session.sources)
	if s.before != nil {
		sources = append(sources, s.before.session.sources...)
	}
	if s.unlock.session != nil {
		sources = append(sources, s.unlock.session.sources...)
	}
	if s.restarts.next != nil {
		sources = append(sources, s.restarts.next.session.sources...)
	}
	if s.restarts.before != nil {
		sources = append(sources, s.restarts.before.session.sources...)
	}
	for _, f := range slices.Concat(s.schemas.waiting, s.schemas.asked, s.schemas.given) {
		sources = append(sources, f.source())
	}
	if s.parting != nil {
		for _, f := range s.parting.files {
			sources = append(sources, f.source())
		}
	}
	if o := s.consent.offered; o != nil {
		sources = append(sources, o.File.source())
	}
	for _, f := range sources {
		tokens = append(tokens, f.Token)
	}
	return tokens
}
