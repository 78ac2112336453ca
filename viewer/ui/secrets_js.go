package ui

import (
	"strconv"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A secretsPanel says which secrets are taken out of what is shared, and lets a
// person go through them.
type secretsPanel struct {
	loop            *screen.Loop
	panel           *element
	out, in         *element // radio buttons
	summary, bar    *element
	more            *element
	classes, claims *element
	kind, text      *element
	selected        *element
	added           *element
	where, flows    *element
	others          *element

	drawn      [3]string // what the lists are of
	selectedIs string
}

func newSecretsPanel(loop *screen.Loop) *secretsPanel {
	p := &secretsPanel{
		loop: loop, panel: byID("secrets"), out: byID("secrets-out"), in: byID("secrets-in"), summary: byID("secrets-summary"), bar: byID("secrets-progress"),
		more: byID("secrets-more"), classes: byID("secrets-classes"), claims: byID("secrets-claims"), kind: byID("secrets-kind"), text: byID("secrets-text"),
		selected: byID("secrets-selected"), added: byID("secrets-added"), where: byID("secrets-where"), flows: byID("secrets-flows"), others: byID("secrets-others"),
	}
	p.out.on("change", func(dom.Event) { loop.Send(screen.SecretsLeft{}) })
	p.in.on("change", func(dom.Event) { loop.Send(screen.SecretsLeft{In: true}) })
	onRaw(p.classes.Value, "change", func(e js.Value) {
		loop.Send(screen.SecretClassToggled{Name: e.Get("target").Get("value").String()})
	})
	p.claims.on("change", func(dom.Event) { loop.Send(screen.ClaimsToggled{}) })
	byID("secrets-add").on("submit", func(e dom.Event) {
		e.PreventDefault()
		kind, _ := strconv.Atoi(p.kind.Get("value").String())
		loop.Send(screen.SecretAdded{Kind: screen.SecretKind(kind), Text: p.text.Get("value").String()})
		p.text.Set("value", "")
	})
	p.selected.on("click", func(dom.Event) {
		loop.Send(screen.SecretAdded{Kind: screen.SecretValue, Text: p.selectedIs})
	})
	onRaw(p.added.Value, "click", func(e js.Value) {
		if text, ok := closest(e.Get("target"), "data-index"); ok {
			i, _ := strconv.Atoi(text)
			loop.Send(screen.SecretDropped{Index: i})
		}
	})
	onRaw(p.flows.Value, "click", func(e js.Value) {
		if key, ok := closest(e.Get("target"), "data-key"); ok {
			loop.Send(screen.SecretFlowChosen{Key: key})
		}
	})
	return p
}

// maxSelected is how many letters of a selection may be a secret.
const maxSelected = 4096

// selection tells what is selected on the page before the dialog is in front.
func (p *secretsPanel) selection() {
	text := strings.TrimSpace(js.Global().Call("getSelection").Call("toString").String())
	if len(text) > maxSelected {
		text = ""
	}
	p.loop.Send(screen.TextSelected{Text: text})
}

func (p *secretsPanel) draw(s *screen.Secrets, asked bool) {
	if p.panel.show(asked); !asked {
		return
	}
	p.out.Set("checked", !s.Left)
	p.in.Set("checked", s.Left)
	p.summary.setText(s.Summary)
	p.summary.setFlag("data-warning", s.Left)
	p.bar.show(s.Progress >= 0)
	if s.Progress >= 0 {
		p.bar.Set("value", s.Progress)
	}
	p.more.show(!s.Left)
	p.claims.Get("firstElementChild").Set("checked", s.Claims)
	p.selectedIs = s.Selected
	p.selected.show(s.Selected != "")
	p.selected.setText("Add what is selected: " + shortened(s.Selected))
	p.drawClasses(s.Classes)
	p.drawAdded(s.Added)
	p.where.show(len(s.Flows) > 0)
	p.drawFlows(s.Flows)
	p.others.setText(s.More)
}

// changed reports whether a list is another than the one that is drawn.
func (p *secretsPanel) changed(list int, serial string) bool {
	same := p.drawn[list] == serial
	p.drawn[list] = serial
	return !same
}

// drawClasses lists the kinds of secrets, each with where they stand. What was
// opened stays so, for the lists are drawn anew only where they differ.
func (p *secretsPanel) drawClasses(classes []screen.SecretClass) {
	serial := ""
	for _, c := range classes {
		serial += c.Name + c.Count
	}
	if p.changed(0, serial) {
		var list []*element
		for _, c := range classes {
			list = append(list, classItem(c))
		}
		p.classes.setAll(list...)
	}
	boxes := p.classes.Call("querySelectorAll", "input")
	for i, c := range classes {
		boxes.Index(i).Set("checked", !c.Stays)
	}
}

func classItem(c screen.SecretClass) *element {
	box := create("input", "")
	box.setAttr("type", "checkbox")
	box.setAttr("value", c.Name)
	label := create("label", "", box, createText("span", "", c.Label), createText("span", "count", c.Count))
	label.setAttr("title", c.About)
	item := create("li", "", label)
	if len(c.Places) > 0 {
		places := create("ul", "")
		places.setAttr("tabindex", "0") // so that keys scroll it
		places.setAttr("aria-label", c.Label)
		var names []string
		for _, place := range c.Places {
			names = append(names, place.Text)
			places.AppendChild(create("li", "", createText("code", "", place.Text), createText("span", "count", place.Flows)))
		}
		item.AppendChild(create("details", "", createText("summary", "", shortened(strings.Join(names, ", "))), places))
	}
	return item
}

func (p *secretsPanel) drawAdded(added []screen.AddedSecret) {
	serial := ""
	for _, a := range added {
		serial += strconv.Itoa(int(a.Kind)) + a.Text + "\n"
	}
	if !p.changed(1, serial) {
		return
	}
	restore := keepFocus(p.added)
	var list []*element
	for i, a := range added {
		what := [...]string{"the field or header", "the text", "bodies of type"}[a.Kind]
		drop := createText("button", "forget", "×")
		drop.setAttr("type", "button")
		drop.setAttr("data-index", strconv.Itoa(i))
		drop.setAttr("aria-label", "Not "+what+" "+shortened(a.Text))
		list = append(list, create("li", "", createText("span", "", what), createText("code", "", shortened(a.Text)), drop))
	}
	p.added.setAll(list...)
	restore()
}

func (p *secretsPanel) drawFlows(flows []screen.SecretFlow) {
	serial := ""
	for _, f := range flows {
		serial += f.Key + f.Holds
	}
	if !p.changed(2, serial) {
		return
	}
	var list []*element
	for _, f := range flows {
		open := createText("button", "", f.Title)
		open.setAttr("type", "button")
		open.setAttr("data-key", f.Key)
		list = append(list, create("li", "", open, createText("span", "count", f.Holds)))
	}
	p.flows.setAll(list...)
}

// shortened returns as much of a text as a button can hold.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// A sharePanel shows the link that was made.
type sharePanel struct {
	panel, at, host, link, note, copy, copied *element
	shown                                     string
}

func newSharePanel(loop *screen.Loop) *sharePanel {
	p := &sharePanel{panel: byID("share"), at: byID("share-at"), host: byID("share-host"), link: byID("share-link"), note: byID("share-note"), copy: byID("share-copy"), copied: byID("share-copied")}
	p.copy.on("click", func(dom.Event) { loop.Send(screen.LinkCopied{}) })
	p.host.on("input", func(dom.Event) { loop.Send(screen.HostTyped{Text: p.host.Get("value").String()}) })
	p.link.on("focus", func(dom.Event) { p.link.Call("select") })
	return p
}

func (p *sharePanel) draw(s *screen.Save) {
	p.panel.show(s.Link != "")
	p.at.show(s.Hosted)
	made := s.Link != "" && p.shown == ""
	if p.shown != s.Link {
		p.shown = s.Link
		p.link.Set("value", s.Link)
		if made && s.Hosted {
			p.host.Set("value", s.Host)
			p.host.Call("focus")
		} else if s.Link != "" && !s.Hosted {
			p.link.Call("focus")
			p.link.Set("scrollTop", 0) // where it begins
		}
	}
	p.note.setText(s.LinkNote)
	p.copy.Set("disabled", !s.Copiable)
	p.copied.setText(s.Copied)
	if made {
		p.copy.Call("scrollIntoView", map[string]any{"block": "nearest"})
	}
}

// pageAddress returns the address of the page without a fragment.
func pageAddress() string {
	at, _, _ := strings.Cut(js.Global().Get("location").Get("href").String(), "#")
	return at
}
