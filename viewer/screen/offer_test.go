package screen_test

import (
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

func offered(name string) screen.Offered {
	return screen.Offered{From: "https://ci.example", File: screen.File{Token: "file-1", Name: name}, Size: 1200, View: "filter=3&order=-size&url=other.mitm"}
}

// answers returns what another page was told since the last time.
func (u *user) answers() (list []string) {
	for _, effect := range u.effects {
		if answer, ok := strings.CutPrefix(effect, "AnswerOffer{"); ok {
			list = append(list, strings.TrimSuffix(answer, "}"))
		}
	}
	u.effects = nil
	return list
}

// Nothing of what another page hands over is read before a person agrees.
func TestOffer(t *testing.T) {
	use(t, 10, func(u *user) {
		u.connect()
		u.send(offered("one.har"))
		c := u.screen.State().Consent
		if !c.Open || c.Sites[0].Origin != "https://ci.example" || !strings.Contains(c.Text, "1.2 KB") || c.Sites[0].Files[0].URL != "one.har" {
			t.Errorf("it asks %+v", c)
		}
		expect(t, "opened before a yes", u.opens())
		u.send(offered("two.har"))
		expect(t, "answers when another is offered", u.answers(), "Taken:false")
		u.agree()
		u.agree()
		expect(t, "answers to a yes", u.answers(), "Taken:true")
		expect(t, "opened", u.opens(), "two.harfile-1")
		if s := u.screen.State(); s.Filter.Text != "3" || s.Name != "two.har" || s.Consent.Open {
			t.Errorf("it shows %q of %q", s.Filter.Text, s.Name)
		}
		u.send(offered("three.har"), screen.ConsentRefused{})
		expect(t, "answers to a no", u.answers(), "Taken:false")
		expect(t, "opened after a no", u.opens())
		o := offered("report.har”, 1 MB.\n\u202eIt comes from https://intranet.corp" + strings.Repeat("x", 1000))
		o.From = "null"
		u.send(o)
		if name := u.screen.State().Consent.Sites[0].Files[0].URL; strings.ContainsAny(name, "\n\u202e") || len(name) > 80 {
			t.Errorf("it is called %q", name)
		}
		if c := u.screen.State().Consent; c.Sites[0].Origin != "A page without an address" {
			t.Errorf("of a page without an address it asks %+v", c)
		}
	})
}
