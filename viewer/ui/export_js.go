package ui

import (
	"slices"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// An exportMenu offers what a flow can be copied or saved as.
type exportMenu struct {
	menu, status *element
	drawn        []screen.Choice
}

// What the values of the menu begin with.
const (
	copyAs = "copy "
	saveAs = "save "
)

func newExportMenu(loop *screen.Loop) *exportMenu {
	m := &exportMenu{menu: byID("export"), status: byID("exported")}
	m.menu.on("change", func(dom.Event) {
		chosen := m.menu.Get("value").String()
		m.menu.Set("selectedIndex", 0)
		if name, ok := strings.CutPrefix(chosen, copyAs); ok {
			loop.Send(screen.ExportChosen{Format: name})
		} else if name, ok := strings.CutPrefix(chosen, saveAs); ok {
			loop.Send(screen.ExportChosen{Format: name, AsFile: true})
		}
	})
	return m
}

func (m *exportMenu) draw(s *screen.Detail) {
	m.menu.show(len(s.Exports) > 0)
	m.status.setText(s.Exported)
	if slices.Equal(s.Exports, m.drawn) {
		return
	}
	m.drawn = s.Exports
	title := createText("option", "", "Copy as…")
	title.setAttr("value", "")
	m.menu.setAll(title, exportGroup("Copy", copyAs, s.Exports), exportGroup("Save as a file", saveAs, s.Exports))
}

func exportGroup(label, prefix string, exports []screen.Choice) *element {
	group := create("optgroup", "")
	group.setAttr("label", label)
	for _, x := range exports {
		option := createText("option", "", x.Label)
		option.setAttr("value", prefix+x.Name)
		group.AppendChild(option)
	}
	return group
}

// copy puts text on the clipboard. Where there is none to write to, as in a
// page that is not secure, the browser refuses.
func (u *UI) copy(text string) {
	clipboard := js.Global().Get("navigator").Get("clipboard")
	if clipboard.IsUndefined() {
		u.loop.Send(screen.Copied{Refused: true})
		return
	}
	var done, failed js.Func
	end := func(refused bool) {
		done.Release()
		failed.Release()
		u.loop.Send(screen.Copied{Refused: refused})
	}
	done = js.FuncOf(func(js.Value, []js.Value) any { end(false); return nil })
	failed = js.FuncOf(func(js.Value, []js.Value) any { end(true); return nil })
	clipboard.Call("writeText", text).Call("then", done, failed)
}
