package screen

import (
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/link"
)

// An Address is what a browser makes of the address of a file, as it stands in
// a link.
type Address struct {
	// URL is the whole of it.
	URL string
	// Origin is the site that would be asked: scheme, host and port. It is empty
	// where that is this page's own, and where no site is: the engine refuses such
	// an address, and says why.
	Origin string
}

// A Resolver asks the browser: only what it makes of an address is what it will
// ask for.
type Resolver func(address string) Address

// What a person does with addresses.
type (
	// AddressGiven: an address was typed or pasted, or a link of this viewer.
	AddressGiven struct{ Text string }
	// ConsentGiven: the sites that are named may be asked, and ConsentRefused:
	// they may not.
	ConsentGiven   struct{}
	ConsentRefused struct{}
	// OriginRecalled: a person has agreed to this site before, in this tab.
	OriginRecalled struct{ Origin string }
)

// RememberOrigin keeps that a person agreed to a site, for as long as the tab
// is open.
type RememberOrigin struct{ Origin string }

// A Consent is the question whether other sites may be asked for a session.
// Nothing is asked of them before it is answered.
type Consent struct {
	Open bool
	// Heading is the question, Text what it is about, and Effect what comes of a
	// yes.
	Heading, Text, Effect string
	Sites                 []Site

	// Number is another for each question.
	Number int
	// Here: it can be answered where it is asked. Clear: a yes counts, and Apart:
	// it can be asked in a tab of its own. Hint says why, or is empty.
	Here, Clear, Apart bool
	Hint               string
}

// A Site is one of those that would be asked.
type Site struct {
	Origin string
	Files  []SiteFile
}

// A SiteFile is what a Site would be asked for. For is the address that was
// given, if it is that of a page about the file.
type SiteFile struct{ URL, For string }

// A consent is what a person agreed to, and what they are asked.
type consent struct {
	given []string // origins
	sites []Site   // that are asked about; none: nothing is
	link  link.Link
	typed bool // the link is not yet the address of the page

	offered *Offered // by another page; asked about first

	sight sight
}

// asks reports whether there is a question.
func (c *consent) asks() bool { return c.offered != nil || len(c.sites) > 0 }

func (s *Screen) updateConsent(do *commands, msg Msg) {
	c := &s.consent
	switch m := msg.(type) {
	case AddressGiven:
		s.openAddress(do, m.Text)
	case OriginRecalled:
		c.given = append(c.given, m.Origin)
	case Offered:
		s.considerOffer(do, m)
	case ConsentGiven:
		if !c.asks() || !c.sight.clear() {
			return
		}
		if c.offered != nil {
			s.takeOffer(do)
			return
		}
		for _, site := range c.sites {
			c.given = append(c.given, site.Origin)
			do.add(RememberOrigin{site.Origin})
		}
		s.visit(do, c.link, c.typed)
	case ConsentRefused:
		if c.offered != nil {
			s.refuseOffer(do)
			return
		}
		s.refuseSites(do)
	}
}

func (s *Screen) refuseSites(do *commands) {
	if len(s.consent.sites) > 0 {
		s.consent.sites = nil
		s.record(do, false) // the address goes back to what is shown
	}
}

// visit makes the screen show l, or asks first whether it may. Typed: the page
// has another address yet.
func (s *Screen) visit(do *commands, l link.Link, typed bool) {
	c := &s.consent
	c.sites, c.link, c.typed = s.sitesOf(l), l, typed
	if len(c.sites) > 0 {
		c.sight.ask()
		if !typed {
			s.history.fragment = l.String()
		}
		return
	}
	c.link = link.Link{}
	if typed {
		do.add(SetFragment{Fragment: l.String(), Push: true})
	}
	s.navigate(do, l)
}

// sitesOf returns the sites that a person has to agree to before l is shown.
func (s *Screen) sitesOf(l link.Link) (sites []Site) {
	if l.Local != "" || l.Session != "" || s.shows(l) {
		return nil
	}
	for _, url := range l.URLs {
		a := s.address(url)
		if a.Origin == "" || slices.Contains(s.consent.given, a.Origin) {
			continue
		}
		file := SiteFile{URL: a.URL}
		if given := s.resolve(url); given != a {
			file.For = given.URL
		}
		i := slices.IndexFunc(sites, func(site Site) bool { return site.Origin == a.Origin })
		if i < 0 {
			i = len(sites)
			sites = append(sites, Site{Origin: a.Origin})
		}
		sites[i].Files = append(sites[i].Files, file)
	}
	return sites
}

// shows reports whether the files of l are what is open, or being opened.
func (s *Screen) shows(l link.Link) bool {
	n := &s.session
	return n.kept == "" && n.inline == "" && slices.Equal(l.URLs, n.urls) && l.Key == n.key
}

// address returns where the file of url lies.
func (s *Screen) address(url string) Address {
	a := s.resolve(url)
	if raw := link.Raw(a.URL); raw != a.URL {
		return s.resolve(raw)
	}
	return a
}

// source returns what the engine is to open for url. Of another site it is the
// very address that a person agreed to.
func (s *Screen) source(url string) *viewerpb.Source {
	source := &viewerpb.Source{Name: baseName(url), Url: url}
	if a := s.address(url); a.Origin != "" {
		source.Name, source.Url = baseName(a.URL), a.URL
	}
	return source
}

// openAddress opens what a person typed or pasted, with the filter and the order
// that there are: as files that are chosen.
func (s *Screen) openAddress(do *commands, text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if before, fragment, ok := strings.Cut(text, "#"); ok && s.resolve(before).Origin == "" {
		if l := link.Parse(fragment); len(l.URLs) > 0 || l.Local != "" || l.Session != "" {
			s.visit(do, l, true)
			return
		}
	}
	l := s.present()
	l.Key, l.Local, l.Session, l.Flow, l.Tab, l.View = "", "", "", "", "", ""
	l.URLs = []string{withScheme(text)}
	s.visit(do, l, true)
}

// withScheme completes an address that begins with the name of a host, as people
// give it, and no address of this site does.
func withScheme(address string) string {
	host, _, path := strings.Cut(address, "/")
	if path && strings.Contains(host, ".") && !strings.HasPrefix(host, ".") && !strings.Contains(host, ":") {
		return "https://" + address
	}
	return address
}

func (s *Screen) consentState() Consent {
	c := &s.consent
	var st Consent
	switch {
	case c.offered != nil:
		st = c.offered.state()
	case len(c.sites) > 0:
		st = c.stateOfSites()
	default:
		return st
	}
	c.sight.show(&st)
	return st
}

func (c *consent) stateOfSites() Consent {
	st := Consent{Open: true, Sites: slices.Clone(c.sites)}
	files := 0
	for _, site := range c.sites {
		files += len(site.Files)
	}
	st.Heading, st.Text = "Open a file from another site?", "This link names a file at another site."
	what, who := "it", "The site sees"
	if files > 1 {
		st.Heading, what = "Open files from another site?", "them"
		st.Text = "This link names " + formatCount(uint64(files)) + " files at another site."
	}
	if n := len(c.sites); n > 1 {
		st.Heading, who = "Open files from other sites?", "Each site sees"
		st.Text = "This link names " + formatCount(uint64(files)) + " files at " + formatCount(uint64(n)) + " other sites."
	}
	if c.typed && files == 1 {
		st.Text = "This address leads to another site."
	}
	st.Effect = "The page asks for " + what + " there and reads " + what + " here. " + who + " that request: your IP address, what your browser says of itself, " +
		"and at which site this viewer is. It gets no cookies, no referrer and nothing of what you have open. While this tab is open you are not asked again."
	return st
}
