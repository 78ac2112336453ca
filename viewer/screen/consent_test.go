package screen_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

// resolve is a browser at https://viewer.example/.
func resolve(address string) screen.Address {
	base := &url.URL{Scheme: "https", Host: "viewer.example", Path: "/"}
	u, err := base.Parse(address)
	if err != nil {
		return screen.Address{URL: address}
	}
	a := screen.Address{URL: u.String()}
	if u.Scheme == "https" || u.Scheme == "http" {
		a.Origin = u.Scheme + "://" + u.Host
	}
	if a.Origin == "https://viewer.example" {
		a.Origin = ""
	}
	return a
}

// opens returns what the engine was asked to open since the last time.
func (u *user) opens() (calls []string) {
	for _, call := range u.engine.taken() {
		if opened, ok := strings.CutPrefix(call, "open "); ok {
			calls = append(calls, opened)
		}
	}
	return calls
}

// expect compares a list with what it should be.
func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// addresses returns what the address of the page was set to since the last time.
func (u *user) addresses() (set []string) {
	for _, effect := range u.effects {
		if fragment, ok := strings.CutPrefix(effect, "SetFragment{Fragment:"); ok {
			set = append(set, strings.TrimSuffix(fragment, "}"))
		}
	}
	u.effects = nil
	return set
}

const (
	elsewhere = "url=https://a.example/x.har&filter=3"
	another   = "url=https://b.example/y.har"
)

// A site elsewhere is asked for nothing before a person has agreed to it, and is
// named; who has agreed is not asked again.
func TestConsent(t *testing.T) {
	use(t, 4, func(u *user) {
		u.send(screen.Navigated{Fragment: elsewhere})
		u.connect()
		c := u.screen.State().Consent
		want := []screen.Site{{Origin: "https://a.example", Files: []screen.SiteFile{{URL: "https://a.example/x.har"}}}}
		if !c.Open || !reflect.DeepEqual(c.Sites, want) || c.Heading != "Open a file from another site?" || !strings.Contains(c.Effect, "IP address") {
			t.Fatalf("asked: %+v", c)
		}
		expect(t, "before it is answered", u.opens())
		if st := u.screen.State(); st.Phase != screen.Ready || st.Filter.Text != "" || st.Name != "" {
			t.Errorf("before it is answered: %s, %q, %q", st.Phase, st.Filter.Text, st.Name)
		}
		expect(t, "the address", u.addresses())

		u.agree()
		if !slices.Contains(u.effects, "RememberOrigin{Origin:https://a.example}") {
			t.Errorf("it is not remembered: %q", u.effects)
		}
		u.read(0)
		expect(t, "agreed", u.opens(), "x.harhttps://a.example/x.har")
		if st := u.screen.State(); st.Consent.Open || st.Phase != screen.Opened || st.Filter.Text != "3" {
			t.Errorf("agreed: %+v, %s, %q", st.Consent, st.Phase, st.Filter.Text)
		}
		expect(t, "the address", u.addresses())
		u.agree() // a second press

		u.send(screen.Navigated{Fragment: "url=a.mitm"})
		u.read(0)
		u.send(screen.Navigated{Fragment: "url=https://a.example/other.har"})
		u.read(0)
		expect(t, "back and forth", u.opens(), "a.mitma.mitm", "other.harhttps://a.example/other.har")
		if c := u.screen.State().Consent; c.Open {
			t.Errorf("asked again: %+v", c)
		}
	})
}

// Who says no stays where they are, and the address says so.
func TestConsentRefused(t *testing.T) {
	use(t, 4, func(u *user) {
		u.open("url=a.mitm")
		u.send(screen.RowClicked{Index: 1})
		u.opens()
		u.effects = nil
		u.send(screen.Navigated{Fragment: another})
		u.send(screen.TabChosen{Tab: "response"}) // what is below goes on
		expect(t, "asked", u.addresses())
		u.send(screen.ConsentRefused{})
		expect(t, "refused", u.opens())
		expect(t, "the address", u.addresses(), "url=a.mitm&flow=f1&tab=response Push:false")
		if st := u.screen.State(); st.Consent.Open || st.Name != "a.mitm" || !st.Detail.Open {
			t.Errorf("refused: %+v, %q", st.Consent, st.Name)
		}
		u.send(screen.ConsentRefused{})
		u.agree()
		expect(t, "there is nothing to agree to", u.opens())

		// A no is no yes for later, and back is another way to the same question.
		u.send(screen.Navigated{Fragment: another})
		if !u.screen.State().Consent.Open {
			t.Error("the second time it is not asked")
		}
		u.send(screen.Navigated{Fragment: "url=a.mitm&flow=f1&tab=response"})
		if u.screen.State().Consent.Open {
			t.Error("it is asked about a link that was left")
		}
		expect(t, "back", u.opens())

		// Nor is a file that is dropped meanwhile.
		u.send(screen.Navigated{Fragment: another}, screen.Picked{Files: []screen.File{{Token: "t", Name: "n"}}})
		if u.screen.State().Consent.Open {
			t.Error("it is asked over a file that was dropped")
		}
		u.read(0)
		expect(t, "dropped", u.opens(), "nt")
	})
}

// Several files are one question; of a page about a file the file is asked for,
// and both addresses are shown.
func TestConsentOfSeveral(t *testing.T) {
	use(t, 4, func(u *user) {
		u.send(screen.OriginRecalled{Origin: "https://known.example"})
		u.connect()
		u.send(screen.Navigated{Fragment: "url=own.mitm&url=https://a.example/1&url=https://known.example/2&url=https://github.com/o/r/blob/main/d/3.har&url=https://a.example/4"})
		c := u.screen.State().Consent
		want := []screen.Site{
			{Origin: "https://a.example", Files: []screen.SiteFile{{URL: "https://a.example/1"}, {URL: "https://a.example/4"}}},
			{Origin: "https://raw.githubusercontent.com", Files: []screen.SiteFile{{
				URL: "https://raw.githubusercontent.com/o/r/main/d/3.har", For: "https://github.com/o/r/blob/main/d/3.har"}}},
		}
		if !reflect.DeepEqual(c.Sites, want) || c.Heading != "Open files from other sites?" || c.Text != "This link names 3 files at 2 other sites." {
			t.Errorf("asked: %+v", c)
		}
		u.agree()
		u.read(0)
		expect(t, "agreed", u.opens(), "own.mitmown.mitm 1https://a.example/1 2https://known.example/2 "+
			"3.harhttps://raw.githubusercontent.com/o/r/main/d/3.har 4https://a.example/4")
		if name := u.screen.State().Name; name != "own.mitm and 4 more" {
			t.Errorf("name %q", name)
		}
		expect(t, "the address", u.addresses())
	})
}

// An address that is typed or pasted goes the same way, and gets its own entry
// in the history when it is agreed to.
func TestAddressGiven(t *testing.T) {
	use(t, 4, func(u *user) {
		u.connect()
		u.send(screen.FilterTyped{Text: "2"})
		u.effects = nil
		u.send(screen.AddressGiven{Text: "  "})
		u.send(screen.AddressGiven{Text: " a.example/x.har\n"})
		c := u.screen.State().Consent
		if !c.Open || c.Sites[0].Files[0].URL != "https://a.example/x.har" || c.Text != "This address leads to another site." {
			t.Fatalf("asked: %+v", c)
		}
		u.send(screen.ConsentRefused{})
		expect(t, "refused", u.addresses())
		u.send(screen.AddressGiven{Text: "https://a.example/x.har"})
		u.agree()
		u.read(0)
		expect(t, "agreed", u.opens(), "x.harhttps://a.example/x.har")
		expect(t, "the address", u.addresses(), "url=https://a.example/x.har&filter=2 Push:true")

		for _, test := range []struct{ text, opens, address string }{
			{"sessions/a.mitm", "a.mitmsessions/a.mitm", "url=sessions/a.mitm&filter=2"},
			{"a.b.mitm", "a.b.mitma.b.mitm", "url=a.b.mitm&filter=2"},
			{"./c.mitm", "c.mitm./c.mitm", "url=./c.mitm&filter=2"},
			{"https://viewer.example/#url=d.mitm&order=-size", "d.mitmd.mitm", "url=d.mitm&order=-size"},
			{"#s=1abc", "session in the link", "s=1abc"},
			{"https://a.example/#url=no", "a.examplehttps://a.example/#url=no", "url=https://a.example/%23url%3Dno"},
			{"data:text/plain,x", "plain,xdata:text/plain,x", "url=data:text/plain,x"},
		} {
			u.send(screen.AddressGiven{Text: test.text})
			u.read(0)
			expect(t, test.text, u.opens(), test.opens)
			expect(t, test.text, u.addresses(), test.address+" Push:true")
		}
	})
}

// A session within the link is in the address as long as it is open, until it is
// kept.
func TestSessionInLink(t *testing.T) {
	use(t, 4, func(u *user) {
		u.open("s=1abc&filter=3")
		expect(t, "opened", u.opens(), "session in the link")
		u.effects = nil
		st := u.screen.State()
		if st.Name != "session in the link" || st.Filter.Text != "3" || st.Consent.Open {
			t.Errorf("%q, %q", st.Name, st.Filter.Text)
		}
		u.send(screen.RowClicked{Index: 0})
		expect(t, "the address", u.addresses(), "s=1abc&filter=3&flow=f3 Push:true")
		u.send(screen.Navigated{Fragment: "s=1abc&filter=3"})
		expect(t, "back", u.opens())
		u.send(screen.AppKept{Whole: true})
		if hint := u.screen.State().App.UpdateHint; hint != "Reload the page for the new version" {
			t.Errorf("a reload: %q", hint)
		}
		u.send(screen.Navigated{Fragment: "s=1other"})
		u.read(0)
		expect(t, "another", u.opens(), "session in the link")
		u.send(screen.Navigated{Fragment: "url=a.mitm"}, screen.Navigated{Fragment: "s=1other"})
		u.read(0)
		u.addresses()
		u.send(screen.KeepAsked{})
		expect(t, "kept", u.addresses(), "local=kept Push:false")
		u.send(screen.Navigated{Fragment: "s=1other"})
		u.read(0)
		if name := u.screen.State().Name; name != "session in the link" {
			t.Errorf("back from what was kept: %q", name)
		}
		u.send(screen.Navigated{})
		if st := u.screen.State(); st.Phase != screen.Ready {
			t.Errorf("left: %s", st.Phase)
		}
	})
}
