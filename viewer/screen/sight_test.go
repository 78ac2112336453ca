package screen_test

import (
	"testing"

	"flowpane/viewer/screen"
)

// agree presses yes, once the question was in sight for long enough.
func (u *user) agree() {
	u.send(screen.QuestionSeen{Number: u.screen.State().Consent.Number, Seen: true}, screen.ConsentGiven{})
}

// A yes to what a person has not seen is none.
func TestConsentUnseen(t *testing.T) {
	use(t, 4, func(u *user) {
		u.connect()
		u.send(screen.Navigated{Fragment: elsewhere})
		first := u.screen.State().Consent
		if first.Clear || !first.Here || first.Apart || first.Hint != "" {
			t.Errorf("a question that just appeared: %+v", first)
		}
		u.send(screen.ConsentGiven{})
		expect(t, "a yes as it appears", u.opens())

		// What is asked changes under the hand of a person.
		u.send(screen.QuestionSeen{Number: first.Number, Seen: true})
		if c := u.screen.State().Consent; !c.Clear {
			t.Errorf("a question that was seen: %+v", c)
		}
		u.send(offered("one.har"), screen.ConsentGiven{}, screen.QuestionSeen{Number: first.Number, Seen: true}, screen.ConsentGiven{})
		expect(t, "a yes to what was asked before", u.answers())
		u.send(screen.ConsentRefused{}, screen.ConsentGiven{})
		expect(t, "a yes to what appears again", u.opens())

		u.send(screen.QuestionSeen{Number: u.screen.State().Consent.Number, Seen: true})
		u.send(screen.QuestionSeen{Number: u.screen.State().Consent.Number}, screen.ConsentGiven{})
		expect(t, "a yes to what was covered", u.opens())
		u.agree()
		u.read(0)
		expect(t, "a yes", u.opens(), "x.harhttps://a.example/x.har")
	})
}

// Where a browser does not tell what a person sees of a page within another, the
// question is asked in a tab of its own.
func TestConsentApart(t *testing.T) {
	use(t, 4, func(u *user) {
		u.connect()
		u.send(screen.Surrounded{}, screen.ApartAsked{}, screen.ApartOpened{OK: true})
		if len(u.effects) > 0 {
			t.Errorf("without a question: %q", u.effects)
		}
		u.send(screen.Navigated{Fragment: elsewhere})
		u.agree()
		expect(t, "a yes that may be somebody else's", u.opens())
		if c := u.screen.State().Consent; c.Here || !c.Apart || c.Clear || c.Hint == "" {
			t.Errorf("it asks %+v", c)
		}
		u.effects = nil
		u.send(screen.ApartAsked{}, screen.ApartOpened{})
		expect(t, "asked for a tab", u.effects, "OpenApart{Fragment:"+elsewhere+" Offer:false}")
		if c := u.screen.State().Consent; !c.Open || c.Hint != "The page around does not let this one open a tab." {
			t.Errorf("without a tab: %+v", c)
		}
		u.send(screen.ApartAsked{}, screen.ApartOpened{OK: true})
		if c := u.screen.State().Consent; c.Open {
			t.Errorf("in both: %+v", c)
		}
		u.effects = nil
		u.send(offered("one.har"), screen.ApartAsked{}, screen.ApartOpened{OK: true})
		expect(t, "of an offer", u.effects, "OpenApart{Fragment: Offer:true}", "LetGo{Tokens:[file-1]}")
		if c := u.screen.State().Consent; c.Open {
			t.Errorf("of an offer in both: %+v", c)
		}
		u.send(screen.ConsentRefused{})
		expect(t, "answers before that of the tab", u.answers())
	})
}

// Where it does tell, a question that is seen can be answered where it is.
func TestConsentWatched(t *testing.T) {
	use(t, 4, func(u *user) {
		u.connect()
		u.send(screen.Surrounded{Watched: true}, offered("one.har"))
		if c := u.screen.State().Consent; !c.Here || !c.Apart || c.Clear || c.Hint == "" {
			t.Errorf("it asks %+v", c)
		}
		u.send(screen.ConsentGiven{})
		expect(t, "answers to a yes unseen", u.answers())
		u.agree()
		expect(t, "answers to a yes", u.answers(), "Taken:true")
	})
}
