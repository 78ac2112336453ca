package ui

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A saveDialog asks what is to be saved, and as what.
type saveDialog struct {
	loop    *screen.Loop
	button  *element
	dialog  *modal
	targets *element
	names   string // of the targets that are drawn
	radios  []*element
	scopes  [3]saveScope // by screen.SaveScope
	summary *element
	losses  *element
	err     *element
	bar     *element
	start   *element
	fields  *element
	seal    *element // a label around
	sealed  *element
	secrets *secretsPanel
	share   *sharePanel
}

// A saveScope is a choice of what to save: its radio button in a label, with a
// text beside it.
type saveScope struct{ label, radio, text *element }

func newSaveScope(id string) saveScope {
	radio := byID(id)
	return saveScope{wrap(radio.Get("parentElement")), radio, wrap(radio.Get("nextElementSibling"))}
}

func newSaveDialog(loop *screen.Loop) *saveDialog {
	d := &saveDialog{
		loop: loop, button: byID("save-as"), dialog: newModal("save", func() { loop.Send(screen.SaveClosed{}) }), targets: byID("save-targets"), fields: byID("save-fields"),
		scopes: [...]saveScope{newSaveScope("save-all"), newSaveScope("save-shown"), newSaveScope("save-picked")},
		seal:   byID("save-seal"), sealed: byID("save-sealed"), secrets: newSecretsPanel(loop), share: newSharePanel(loop),
		summary: byID("save-summary"), losses: byID("save-losses"), err: byID("save-error"), bar: byID("save-progress"), start: byID("save-start"),
	}
	d.button.on("click", func(dom.Event) { loop.Send(screen.Acted{Action: screen.SaveAs}) })
	d.sealed.on("change", func(dom.Event) { loop.Send(screen.SealToggled{}) })
	d.start.on("click", func(dom.Event) { loop.Send(screen.SaveStarted{}) })
	for scope, s := range d.scopes {
		s.radio.on("change", func(dom.Event) { loop.Send(screen.SaveScopeChosen{Scope: screen.SaveScope(scope)}) })
	}
	byID("save-cancel").on("click", func(dom.Event) { loop.Send(screen.SaveClosed{}) })
	onRaw(d.targets.Value, "change", func(e js.Value) {
		loop.Send(screen.SaveTargetChosen{Name: e.Get("target").Get("value").String()})
	})
	return d
}

func (d *saveDialog) draw(s *screen.Save) {
	d.button.show(s.Offered)
	d.fields.Set("disabled", s.Running) // what is disabled as the dialog opens gets no focus
	if d.dialog.opens(s.Open) {
		d.secrets.selection()
	}
	if !s.Open {
		return
	}
	d.drawTargets(s.Targets)
	for scope, text := range [...]string{s.All, s.Shown, s.Picked} {
		d.scopes[scope].label.show(text != "")
		d.scopes[scope].text.setText(text)
		d.scopes[scope].radio.Set("checked", s.Scope == screen.SaveScope(scope))
		d.scopes[scope].radio.Set("disabled", s.Whole)
	}
	d.summary.setText(s.Summary)
	d.drawLosses(s.Losses)
	d.err.show(s.Error != "")
	d.err.setText(s.Error)
	d.start.Set("disabled", !s.Ready)
	d.start.setText(s.Verb)
	d.start.setAttr("class", map[bool]string{true: "button", false: "button primary"}[s.Link != ""]) // then it is done
	d.seal.show(s.Sealable)
	d.sealed.Set("checked", s.Seal)
	d.secrets.draw(&s.Secrets, s.Asked)
	d.share.draw(s)
	d.bar.show(s.Running)
	if s.Running {
		d.bar.Set("value", s.Progress)
	}
}

// drawTargets lists the kinds of file, once: they do not change.
func (d *saveDialog) drawTargets(targets []screen.SaveTarget) {
	if len(d.radios) != len(targets) {
		var labels []*element
		d.radios = nil
		for _, t := range targets {
			radio := create("input", "")
			radio.setAttr("type", "radio")
			radio.setAttr("name", "save-target")
			radio.setAttr("value", t.Name)
			d.radios = append(d.radios, radio)
			labels = append(labels, create("label", "", radio, createText("span", "", t.Label), createText("code", "", t.Extension)))
		}
		d.targets.setAll(labels...)
	}
	for i, t := range targets {
		d.radios[i].Set("checked", t.Chosen)
	}
}

func (d *saveDialog) drawLosses(losses []screen.Loss) {
	names := ""
	for _, l := range losses {
		names += l.Text + "\n" + l.Flows + "\n"
	}
	if names == d.names {
		return
	}
	d.names = names
	var list []*element
	for _, l := range losses {
		list = append(list, create("li", "", createText("span", "", l.Text), createText("span", "count", l.Flows)))
	}
	d.losses.setAll(list...)
	if len(list) > 0 {
		d.losses.setAttr("tabindex", "0") // so that keys scroll it
	} else {
		d.losses.dropAttr("tabindex")
	}
}

// A savedFile is a file that is being saved, piece by piece. Its pieces are
// gathered in a Blob, which the browser may keep on disk.
type savedFile struct {
	blob   js.Value
	pieces []any
}

// maxPieces is how many pieces are held in memory at the most.
const maxPieces = 16

func (f *savedFile) append(data []byte) {
	piece := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(piece, data)
	f.pieces = append(f.pieces, piece)
	if len(f.pieces) == maxPieces {
		f.gather("")
	}
}

func (f *savedFile) gather(media string) {
	parts := f.pieces
	if f.blob.Truthy() {
		parts = append([]any{f.blob}, parts...)
	}
	f.blob = js.Global().Get("Blob").New(parts, map[string]any{"type": media})
	f.pieces = nil
}

func (f *savedFile) drop() { *f = savedFile{} }

// download hands the file to the person. Its URL is given up when the browser
// has surely taken it.
func (f *savedFile) download(name, media string) {
	f.gather(media)
	urls := js.Global().Get("URL")
	url := urls.Call("createObjectURL", f.blob)
	f.drop()
	link := create("a", "")
	link.setAttr("href", url.String())
	link.setAttr("download", name)
	link.Click()
	const minute = 60_000
	var revoke js.Func
	revoke = js.FuncOf(func(js.Value, []js.Value) any {
		urls.Call("revokeObjectURL", url)
		revoke.Release()
		return nil
	})
	js.Global().Call("setTimeout", revoke, minute)
}
