package ui

import (
	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// An unlockDialog asks for the key of an encrypted session.
type unlockDialog struct {
	dialog             *modal
	text, err, keyText *element
}

func newUnlockDialog(loop *screen.Loop) *unlockDialog {
	d := &unlockDialog{
		dialog: newModal("unlock", func() { loop.Send(screen.KeyRefused{}) }),
		text:   byID("unlock-text"), err: byID("unlock-error"), keyText: byID("unlock-key"),
	}
	byID("unlock-form").on("submit", func(e dom.Event) {
		e.PreventDefault()
		loop.Send(screen.KeyGiven{Text: d.keyText.Get("value").String()})
	})
	byID("unlock-no").on("click", func(dom.Event) { loop.Send(screen.KeyRefused{}) })
	return d
}

// draw empties the field when it is no longer asked for a key: it is not to lie
// about.
func (d *unlockDialog) draw(s *screen.Unlock) {
	if s.Open {
		d.text.setText(s.Text)
	} else {
		d.keyText.Set("value", "")
	}
	d.err.setText(s.Error)
	d.err.show(s.Error != "")
	d.dialog.opens(s.Open)
}
