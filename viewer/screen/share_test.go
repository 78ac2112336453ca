package screen_test

import (
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

const pageAt = "https://flowpane.example/"

// sharing opens the dialog over a session of ten flows, one of them read.
func sharing(u *user, fragment string) {
	u.open(fragment)
	u.send(screen.Served{At: pageAt})
	u.act(screen.SaveAs)
	u.engine.taken()
}

// Every share takes all secrets out, unless a person says so, each time.
func TestShareTakesSecretsOut(t *testing.T) {
	use(t, 10, func(u *user) {
		sharing(u, "url=shop.mitm")
		v := u.screen.State().Save
		if v.Secrets.Left || v.Secrets.Summary != "5 secrets in 3 flows will be taken out." || !v.Ready {
			t.Errorf("at first: %+v", v)
		}
		if c := v.Secrets.Classes[0]; c.Count != "5" || c.Stays || !slices.Equal(c.Places, []screen.Loss{{Text: "sid", Flows: "4"}, {Text: "by their shape", Flows: "1"}}) {
			t.Errorf("cookies are %+v", c)
		}
		if f := v.Secrets.Flows[0]; f.Title != "GET https://shop.test/" || f.Holds != "sid, JSON Web Tokens" || v.Secrets.More != "and 2 flows more" {
			t.Errorf("flows are %+v %q", f, v.Secrets.More)
		}
		u.send(screen.SecretClassToggled{Name: "cookies"}, screen.ClaimsToggled{}, screen.SaveTargetChosen{Name: "har"}, screen.SaveStarted{})
		if got := u.engine.taken(); !slices.Contains(got, "save har 0 redacted=true claims ") {
			t.Errorf("it asks %q", got)
		}
		u.act(screen.SaveAs)
		if v := u.screen.State().Save; v.Secrets.Classes[0].Stays || v.Secrets.Claims {
			t.Errorf("what was let through once is let through again: %+v", v.Secrets)
		}
		u.send(screen.SecretsLeft{In: true})
		if v := u.screen.State().Save; !strings.Contains(v.Secrets.Summary, "every password") {
			t.Errorf("left in: %+v", v.Secrets)
		}
		u.send(screen.SaveStarted{})
		if got := u.engine.taken(); !slices.Contains(got, "save har 0 redacted=false ") {
			t.Errorf("it asks %q", got)
		}
	})
}

func TestSecretsAreAdded(t *testing.T) {
	use(t, 10, func(u *user) {
		u.open("url=shop.mitm")
		u.send(screen.TextSelected{Text: "project x"})
		u.act(screen.SaveAs)
		if v := u.screen.State().Save.Secrets; v.Selected != "project x" {
			t.Errorf("selected: %q", v.Selected)
		}
		u.engine.taken()
		u.send(screen.SecretAdded{Kind: screen.SecretValue, Text: "project x"}, screen.SecretAdded{Kind: screen.SecretName, Text: " tenant "},
			screen.SecretAdded{Kind: screen.SecretName, Text: "tenant"}, screen.SecretAdded{Kind: screen.SecretType})
		if got := u.engine.taken(); !slices.Equal(got, []string{"secrets 0 project x", "secrets 0 tenant,project x"}) {
			t.Errorf("it asks %q", got)
		}
		if v := u.screen.State().Save.Secrets; v.Selected != "" || len(v.Added) != 2 || v.Added[1].Text != "tenant" {
			t.Errorf("added: %+v", v)
		}
		u.send(screen.SecretAdded{Kind: screen.SecretValue, Text: "abc"})
		if v := u.screen.State().Save; v.Error == "" || len(v.Secrets.Added) != 2 {
			t.Errorf("a short text: %+v", v)
		}
		u.send(screen.SecretDropped{Index: 0}, screen.SaveClosed{})
		u.act(screen.SaveAs)
		if v := u.screen.State().Save.Secrets; len(v.Added) != 1 || v.Added[0].Text != "tenant" {
			t.Errorf("the next time: %+v", v.Added)
		}
		u.send(screen.SecretAdded{Kind: screen.SecretValue, Text: "panic"})
		if v := u.screen.State().Save; v.Error != "internal error" || v.Ready {
			t.Errorf("a failure: %+v", v)
		}
		u.send(screen.SecretFlowChosen{Key: "f1"})
		if s := u.screen.State(); s.Save.Open || !s.Detail.Open {
			t.Error("the flow is not shown")
		}
	})
}

func TestShareByLink(t *testing.T) {
	use(t, 10, func(u *user) {
		sharing(u, "url=shop.mitm&order=-size&flow=f3&tab=response")
		u.send(screen.SaveTargetChosen{Name: "link"}, screen.SaveStarted{})
		if v := u.screen.State().Save; v.Link != "" || !strings.Contains(v.Error, "do not fit") {
			t.Errorf("too many: %+v", v)
		}
		u.send(screen.SaveClosed{}, screen.FilterTyped{Text: "1"})
		u.act(screen.SaveAs)
		u.send(screen.SecretClassToggled{Name: "jwt"}, screen.SaveStarted{})
		if got := u.engine.taken(); !slices.Contains(got, "link 1 redacted=true keep=jwt") {
			t.Errorf("it asks %q", got)
		}
		v := u.screen.State().Save
		if want := pageAt + "#s=1abc&filter=1&order=-size&flow=f3&tab=response"; v.Link != want {
			t.Errorf("the link is %q, want %q", v.Link, want)
		}
		u.effects = nil
		u.send(screen.LinkCopied{}, screen.Copied{})
		if v = u.screen.State().Save; v.Copied != "Copied." || len(u.effects) != 1 || !strings.Contains(v.LinkNote, "It holds 2 flows") {
			t.Errorf("copied: %+v, %q", v, u.effects)
		}
		u.send(screen.SecretsLeft{In: true})
		if v = u.screen.State().Save; v.Link != "" {
			t.Errorf("a link is shown that is of something else: %q", v.Link)
		}
		u.send(screen.SaveTargetChosen{Name: "address"}, screen.SaveStarted{})
		if v = u.screen.State().Save; v.Link != pageAt+"#url=shop.mitm&filter=1&order=-size&flow=f3&tab=response" || v.Asked || !v.Whole {
			t.Errorf("the link to the file is %q", v.Link)
		}
	})
}

// Of a link to a viewer that nobody else reaches it is said that it is one.
func TestShareFromHere(t *testing.T) {
	for at, here := range map[string]bool{
		"file:///home/me/shop.html": true, "http://localhost:8080/": true, "http://127.0.0.1:8080/v/": true, "http://[::1]:8080/": true, "http://viewer.localhost/": true,
		"https://viewer.example/": false, "http://localhost.example/": false, "https://10.0.0.1/": false, "https://[2001:db8::1]/": false,
	} {
		use(t, 10, func(u *user) {
			sharing(u, "url=shop.mitm")
			u.send(screen.Served{At: at}, screen.SaveTargetChosen{Name: "address"}, screen.SaveStarted{})
			if note := u.screen.State().Save.LinkNote; strings.Contains(note, "on this computer") != here {
				t.Errorf("of %s it says %q", at, note)
			}
		})
	}
}

func TestShareEncrypted(t *testing.T) {
	use(t, 10, func(u *user) {
		sharing(u, "url=shop.mitm&flow=f3")
		u.send(screen.SealToggled{}, screen.SaveTargetChosen{Name: "har"}, screen.SaveStarted{})
		v := u.screen.State().Save
		if v.Link != pageAt+"#url=https://example.org/session.flowpane&key=k&flow=f3" || !v.Hosted || !v.Open {
			t.Errorf("it is %+v", v)
		}
		if !strings.HasPrefix(v.LinkNote, "Put the file that was saved on any host") || v.Copiable {
			t.Errorf("without an address it says %q", v.LinkNote)
		}
		u.send(screen.HostTyped{Text: " files.test/a "})
		if v = u.screen.State().Save; !strings.HasPrefix(v.Link, pageAt+"#url=https://files.test/a&key=") || !v.Copiable || !strings.Contains(v.LinkNote, "characters") {
			t.Errorf("the link is %q, and it says %q", v.Link, v.LinkNote)
		}
		u.send(screen.HostTyped{Text: "https://files.test/a b"})
		if v = u.screen.State().Save; !strings.HasPrefix(v.Link, pageAt+"#url=https://files.test/a%20b&key=") {
			t.Errorf("the link is %q", v.Link)
		}
		u.send(screen.SaveClosed{})
		if v = u.screen.State().Save; !v.Open || !strings.Contains(v.Error, "nowhere else") {
			t.Errorf("closing loses the key: %+v", v)
		}
		u.send(screen.SaveTargetChosen{Name: "link"})
		if v = u.screen.State().Save; v.Sealable || v.Link != "" {
			t.Errorf("a link can be encrypted: %+v", v)
		}
	})
}
