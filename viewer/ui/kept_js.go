package ui

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A keptList is the button that keeps a session, and the list of those that
// are kept.
type keptList struct {
	button, box, list, usage, all, err *element
	drawn                              []screen.KeptSession
}

func newKeptList(loop *screen.Loop) *keptList {
	k := &keptList{
		button: byID("keep"), box: byID("kept"), list: byID("kept-list"), usage: byID("kept-usage"),
		all: byID("kept-remove-all"), err: byID("kept-error"),
	}
	k.button.on("click", func(dom.Event) { loop.Send(screen.KeepAsked{}) })
	k.all.on("click", func(dom.Event) { loop.Send(screen.KeptRemoved{Name: screen.AllKept}) })
	onRaw(k.list.Value, "click", func(e js.Value) {
		if name, ok := closest(e.Get("target"), "data-share"); ok {
			loop.Send(screen.KeptShared{Name: name})
		}
		if name, ok := closest(e.Get("target"), "data-remove"); ok {
			loop.Send(screen.KeptRemoved{Name: name})
		}
	})
	return k
}

func (k *keptList) draw(s *screen.Kept) {
	k.button.show(s.Offered != "")
	if s.Offered != "" {
		k.button.setText(s.Offered)
		k.button.Set("disabled", s.Done)
	}
	k.box.show(s.Shown)
	k.usage.setText(s.Usage)
	k.all.show(s.RemoveAll != "")
	k.all.setText(s.RemoveAll)
	k.err.show(s.Error != "")
	k.err.setText(s.Error)
	k.drawList(s.Sessions)
}

// drawList keeps the rows of the same sessions, and with them the focus.
func (k *keptList) drawList(sessions []screen.KeptSession) {
	same := len(sessions) == len(k.drawn)
	for i := range sessions {
		same = same && sessions[i] == k.drawn[i]
	}
	if same {
		return
	}
	k.drawn = sessions
	attr, name := "data-share", ""
	active := document().Get("activeElement")
	if n, ok := closest(active, attr); ok {
		name = n
	} else if n, ok := closest(active, "data-remove"); ok {
		attr, name = "data-remove", n
	}
	var rows, focus = []*element{}, (*element)(nil)
	for _, s := range sessions {
		link := createText("a", "name", s.Name)
		link.setAttr("href", s.Link)
		share, remove := keptButton(s.Share, "data-share", s.Name), keptButton(s.Remove, "data-remove", s.Name)
		row := create("li", "", link, createText("span", "about", s.About), share, remove)
		if s.Problem != "" {
			row.AppendChild(createText("p", "problem", s.Problem))
		}
		rows = append(rows, row)
		if s.Name == name && name != "" {
			focus = map[string]*element{"data-share": share, "data-remove": remove}[attr]
		}
	}
	k.list.setAll(rows...)
	if focus != nil {
		focus.Focus()
	}
}

func keptButton(label, attr, name string) *element {
	b := createText("button", "button small", label)
	b.setAttr("type", "button")
	b.setAttr(attr, name)
	b.setAttr("aria-label", label+" "+name)
	return b
}

// persist asks the browser not to delete what is kept. Only a page may, and
// only some browsers ask the person.
func persist() {
	if storage := js.Global().Get("navigator").Get("storage"); storage.Truthy() && storage.Get("persist").Truthy() {
		storage.Call("persist")
	}
}
