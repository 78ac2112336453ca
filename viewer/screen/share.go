package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/link"
)

// What a person does to share flows by a link.
type (
	// Served: the page is at an address, without a fragment.
	Served struct{ At string }
	// SealToggled: the file is to be encrypted, or no more.
	SealToggled struct{}
	// HostTyped: the address at which an encrypted file will be.
	HostTyped struct{ Text string }
	// LinkCopied: the link is to be copied.
	LinkCopied struct{}

	linkMade struct {
		made *viewerpb.MadeLink
		err  error
	}
)

// Kinds of sharing that the page adds to those of the engine: a link in which
// the flows are, and one to the file where it lies.
const (
	shareInLink  = "link"
	shareAddress = "address"
)

// shareTargets returns the kinds of sharing there are for the session.
func (s *Screen) shareTargets(files []*viewerpb.Target) []*viewerpb.Target {
	list := []*viewerpb.Target{{Name: shareInLink, Label: "Link with the flows in it", Extension: "up to 32 kB"}}
	if len(s.session.urls) > 0 && s.session.kept == "" {
		list = append(list, &viewerpb.Target{Name: shareAddress, Label: "Link to the file where it lies", Extension: "#url="})
	}
	return append(list, files...)
}

// fewFlows is how many flows fit into a link as a rule.
const fewFlows = 10

// likelyTarget returns which kind of sharing a person wants in all likelihood:
// the one chosen last, or what works for as many flows.
func (s *Screen) likelyTarget() int {
	v := &s.save
	is := func(name string) func(*viewerpb.Target) bool {
		return func(t *viewerpb.Target) bool { return t.Name == name }
	}
	if i := slices.IndexFunc(v.targets, is(v.chosen)); i >= 0 {
		return i
	}
	n := s.table.total
	switch v.scope {
	case SaveShown:
		n = uint64(s.table.count)
	case SavePicked:
		n = uint64(s.picked())
	}
	if n <= fewFlows {
		return 0
	}
	return max(slices.IndexFunc(v.targets, is("html")), 0)
}

func (s *Screen) updateShare(do *commands, msg Msg) {
	v := &s.save
	switch m := msg.(type) {
	case Served:
		s.at = m.At
	case SealToggled:
		if v.open && !v.running {
			v.seal, v.link = !v.seal, ""
		}
	case HostTyped:
		v.host = strings.TrimSpace(m.Text)
		if v.key != "" {
			v.link = s.sealedLink()
		}
	case LinkCopied:
		if v.copiable() {
			v.copying = true
			do.add(Copy{v.link})
		}
	case linkMade:
		v.running = false
		if !s.saveFailed(m.err) {
			l := link.Parse(m.made.Start)
			l.Session = m.made.Session
			v.link, v.about = s.linkTo(l), "It holds "+formatPlural(m.made.Flows, "flow")
		}
	}
}

// startLink makes a link, with nothing to be saved.
func (s *Screen) startLink(do *commands) {
	v := &s.save
	v.failure, v.link = "", ""
	if v.targets[v.target].Name == shareAddress {
		v.link, v.about = s.linkTo(s.present()), "It holds no flows: whoever opens it reads the file at its address"
		return
	}
	v.running = true
	what := &viewerpb.MakeLink{Redaction: v.secrets.redaction(), Start: s.looks().String()}
	what.Scope, what.Keys = s.saveScope()
	do.add(Call{slotSave, func(ctx context.Context, engine api.API, post func(Msg)) {
		made, err := engine.MakeLink(ctx, what)
		post(linkMade{made, err})
	}})
}

// looks returns what is seen, without where the session is.
func (s *Screen) looks() link.Link {
	l := s.present()
	l.URLs, l.Key, l.Local, l.Session = nil, "", "", ""
	return l
}

// linkTo returns the link to l.
func (s *Screen) linkTo(l link.Link) string { return s.at + "#" + l.String() }

// sealedLink returns the link to an encrypted file, once it is at the address
// that was typed.
func (s *Screen) sealedLink() string {
	l := link.Parse(s.save.start)
	l.URLs, l.Key = []string{withScheme(s.save.host)}, s.save.key
	if s.save.host == "" {
		l.URLs[0] = "https://example.org/" + s.save.fileName
	}
	return s.linkTo(l)
}

// copiable reports whether the link leads somewhere: one to an encrypted file does
// once it is said where that will be.
func (v *save) copiable() bool { return v.link != "" && (v.key == "" || v.host != "") }

// losesKey reports whether the key of a file would be lost by closing, and says
// so, once.
func (v *save) losesKey() bool {
	if v.key == "" || v.copied != "" || v.warned {
		return false
	}
	v.warned = true
	v.failure = "The key of the file is in this link and nowhere else. Copy the link, or close once more."
	return true
}

// longLink is up to how many characters a link passes through most programs.
const longLink = 2000

// linkNote says what is to be known of the link that was made.
func (s *Screen) linkNote() string {
	v := &s.save
	note := v.about + ". " + formatCount(uint64(len(v.link))) + " characters."
	switch {
	case v.key != "" && !v.copiable():
		note = "Put the file that was saved on any host, and say above at which address it is: the link needs that."
	case v.key == "" && len(v.link) > longLink:
		note += " Some programs cut links that are longer than " + formatCount(longLink) + "."
	}
	if v.key != "" {
		note += " Whoever has the link can read the file; without it nobody can, you neither."
	}
	if isHere(s.at) {
		note += " The viewer that it leads to is on this computer: elsewhere the link opens nothing."
	}
	return note
}

// isHere reports whether an address is of this computer alone.
func isHere(address string) bool {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(strings.TrimPrefix(host, "[::1]"), ":")
	return scheme == "file" || host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "127.")
}

// linkCopied says what became of a copy, if it was of a link.
func (s *Screen) linkCopied(m Copied) bool {
	v := &s.save
	if !v.copying {
		return false
	}
	v.copying = false
	if v.copied = "Copied."; m.Refused {
		v.copied = "The browser did not let the page copy: select the link and copy it."
	}
	return true
}
