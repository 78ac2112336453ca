package screen_test

import (
	"errors"
	"strings"
	"testing"

	"flowpane/viewer/screen"
)

func picked(tokens ...string) screen.Picked {
	var m screen.Picked
	for _, token := range tokens {
		m.Files = append(m.Files, screen.File{Token: token, Name: token + ".har"})
	}
	return m
}

// letGo returns the files that were let go since the last time.
func (u *user) letGo() (list []string) {
	for _, effect := range u.effects {
		if tokens, ok := strings.CutPrefix(effect, "LetGo{Tokens:"); ok {
			list = append(list, strings.TrimSuffix(tokens, "}"))
		}
	}
	u.effects = nil
	return list
}

// Files that were handed over are let go when nothing leads back to them, and no
// sooner.
func TestLetGo(t *testing.T) {
	use(t, 10, func(u *user) {
		u.connect()
		u.send(picked("one", "two"))
		u.read(10)
		expect(t, "let go while it is open", u.letGo())
		u.send(picked("three"))
		expect(t, "let go while another is read, which may end the engine", u.letGo())
		u.send(picked("four"))
		expect(t, "let go when another is tried before that is read", u.letGo(), "[one two three]")
		u.read(10)
		u.engine.refuse = errors.New("no session")
		u.send(picked("none"))
		expect(t, "let go when it is no session", u.letGo(), "[none]")
		u.engine.refuse = nil
		u.send(screen.Navigated{Fragment: "#url=a.mitm"})
		u.read(10)
		expect(t, "let go for one with an address", u.letGo(), "[four]")
		u.send(picked("five"), screen.Navigated{Fragment: ""})
		u.send(screen.Navigated{Fragment: "#url=a.mitm"}, screen.Navigated{Fragment: ""})
		expect(t, "let go when all is closed", u.letGo(), "[five]")
		u.send(offered("six.har"))
		expect(t, "let go while it is offered", u.letGo())
		u.send(screen.ConsentRefused{})
		expect(t, "let go when nobody agrees to it", u.letGo(), "[file-1]")
	})
}

// A file that waits for its key is not let go, and goes when nobody gives one.
func TestLetGoOfWhatIsLocked(t *testing.T) {
	use(t, 10, func(u *user) {
		u.connect()
		u.engine.key = "right"
		u.send(picked("locked"), screen.KeyGiven{Text: "wrong"})
		expect(t, "let go while a key is asked for", u.letGo())
		u.send(screen.KeyGiven{Text: "right"})
		u.read(10)
		expect(t, "let go when it is open", u.letGo())
		u.engine.key = ""
		u.send(picked("other"))
		u.read(10)
		expect(t, "let go when another is open", u.letGo(), "[locked]")
	})
}
