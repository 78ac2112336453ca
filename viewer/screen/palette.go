package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does with the list of commands.
type (
	// PaletteTyped: commands that say this are looked for.
	PaletteTyped struct{ Text string }
	// PaletteMoved: the command so many places further is wanted.
	PaletteMoved struct{ By int }
	// PaletteRun: a command is to be done, by its place in the list; -1 is the
	// one that is reached.
	PaletteRun struct{ Index int }
	// PaletteClosed: the list is to close.
	PaletteClosed struct{}

	operatorsCame struct{ list []*viewerpb.Completion }
)

// OpenPicker lets the person choose files.
type OpenPicker struct{}

// A Palette is the list of all commands with their keys, and of all that filters
// are made of.
type Palette struct {
	Open bool
	Text string
	// Items are the commands that Text is about, and Active which of them is
	// reached; -1 is none.
	Items  []PaletteItem
	Active int
}

// A PaletteItem is a command, or an operator of filters.
type PaletteItem struct {
	// Group is its heading, if it is the first one under it.
	Group string
	Label string
	// Keys are what to press for it, any of them will do; or what to type.
	Keys []string
}

// A binding is a command.
type binding struct {
	group, label string
	keys         string // divided by spaces, as [KeyAction] has them
	action       Action
	area         Area   // where the keys do it, if that is not everywhere
	term         string // what it begins in the filter box, in place of an action
}

// bindings are all commands, in the order of the list.
var bindings = [...]binding{
	{"Session", "Open files…", "o", OpenFiles, AreaPage, ""},
	{"Session", "Share or save…", "s", SaveAs, AreaPage, ""},
	{"Session", "Overview: hosts, statuses, what is slow or large", "g", OpenOverview, AreaPage, ""},
	{"Session", "Keep in this browser", "", KeepSession, AreaPage, ""},
	{"Session", "Close, and go to the start page", "", CloseSession, AreaPage, ""},
	{"Session", "Follow as it grows", "", FollowSession, AreaPage, ""},
	{"Flows", "Next flow", "ArrowDown j", NextRow, AreaGrid, ""},
	{"Flows", "Flow before", "ArrowUp k", PreviousRow, AreaGrid, ""},
	{"Flows", "Next page", "PageDown Space", NextPage, AreaGrid, ""},
	{"Flows", "Page before", "PageUp", PreviousPage, AreaGrid, ""},
	{"Flows", "First flow", "Home", FirstRow, AreaGrid, ""},
	{"Flows", "Last flow", "End", LastRow, AreaGrid, ""},
	{"Flows", "Pick the flow too, or no more", "x", PickRow, AreaPage, ""},
	{"Flows", "Pick the next flow too", "Shift+ArrowDown", PickNext, AreaGrid, ""},
	{"Flows", "Pick the flow before too", "Shift+ArrowUp", PickPrevious, AreaGrid, ""},
	{"Flows", "Pick all flows shown", "Ctrl+a", PickAll, AreaGrid, ""},
	{"Flows", "Read the flow", "Enter", OpenDetail, AreaGrid, ""},
	{"Flows", "Back to the table", "Escape", CloseDetail, AreaPage, ""},
	{"Flows", "Mark, or take the mark away", "m", ToggleMark, AreaPage, ""},
	{"Flows", "Compare others with this flow", "b", SetBase, AreaPage, ""},
	{"Filter", "Filter", "/", GoToFilter, AreaPage, ""},
	{"Filter", "Filter by this flow…", "f", FilterBy, AreaPage, ""},
	{"Filter", "Highlight, and filters to keep", "h", OpenFilters, AreaPage, ""},
	{"Reading", "Next tab", "ArrowRight", NextTab, AreaGrid, ""},
	{"Reading", "Tab before", "ArrowLeft", PreviousTab, AreaGrid, ""},
	{"Reading", "Find in the body", "f", FindInBody, AreaDetail, ""},
	{"Reading", "Next hit", "n", NextHit, AreaPage, ""},
	{"Reading", "Hit before", "N", PreviousHit, AreaPage, ""},
	{"Page", "Columns…", "c", OpenColumns, AreaPage, ""},
	{"Page", "Timeline, or none", "t", ToggleTimeline, AreaPage, ""},
	{"Page", "Low rows, or high ones", "", ToggleCompact, AreaPage, ""},
	{"Page", "Reload, for the newest version", "", TakeUpdate, AreaPage, ""},
	{"Page", "Theme of the system", "", UseSystemTheme, AreaPage, ""},
	{"Page", "Light theme", "", UseLightTheme, AreaPage, ""},
	{"Page", "Dark theme", "", UseDarkTheme, AreaPage, ""},
	{"Page", "Keys and commands", "? :", OpenPalette, AreaPage, ""},
}

type palette struct {
	open   bool
	text   string
	active int // in what is found; -1 is none

	operators []binding // of filters; none before the engine was asked
}

func (s *Screen) updatePalette(do *commands, msg Msg) {
	p := &s.palette
	switch m := msg.(type) {
	case PaletteTyped:
		if p.text = m.Text; strings.TrimSpace(m.Text) == "" {
			p.active = -1
		} else {
			p.active = 0
		}
	case PaletteMoved:
		if n := len(s.commands()); n > 0 {
			p.active = (max(p.active, -1-min(m.By, 0)) + m.By + n) % n
		}
	case PaletteRun:
		i, found := m.Index, s.commands()
		if i < 0 {
			i = p.active
		}
		p.open = false
		switch {
		case i < 0 || i >= len(found):
		case found[i].term != "":
			s.beginTerm(do, found[i].term)
		default:
			s.act(do, found[i].action)
		}
	case PaletteClosed:
		p.open = false
	case operatorsCame:
		for _, c := range m.list {
			p.operators = append(p.operators, binding{group: "Operators of filters", label: c.Help, keys: c.Text, term: c.Text})
		}
	}
}

func (s *Screen) openPalette(do *commands) {
	p := &s.palette
	p.open, p.text, p.active = true, "", -1
	if len(p.operators) > 0 {
		return
	}
	const begun = "~"
	do.add(Call{slotPalette, func(ctx context.Context, engine api.API, post func(Msg)) {
		if all, err := engine.Complete(ctx, begun, len(begun)); err == nil { // else there are commands
			post(operatorsCame{all.List})
		}
	}})
}

// commands returns what says what begins with each word of the text: commands, then
// operators.
func (s *Screen) commands() []binding {
	var list []binding
	for _, b := range slices.Concat(bindings[:], s.palette.operators) {
		if b.action == TakeUpdate && !s.app.newer {
			continue
		}
		if saysAll(b.group+" "+b.label+" "+b.term, s.palette.text) {
			list = append(list, b)
		}
	}
	return list
}

// saysAll reports whether each of words begins one of text, case ignored.
func saysAll(text, words string) bool {
	said := strings.Fields(strings.ToLower(text))
	for word := range strings.FieldsSeq(strings.ToLower(words)) {
		if !slices.ContainsFunc(said, func(w string) bool { return strings.HasPrefix(w, word) }) {
			return false
		}
	}
	return true
}

func (s *Screen) paletteState() Palette {
	p := &s.palette
	st := Palette{Open: p.open, Text: p.text, Active: p.active}
	if !p.open {
		return st
	}
	group := ""
	for _, b := range s.commands() {
		item := PaletteItem{Label: b.label}
		if b.group != group {
			group, item.Group = b.group, b.group
		}
		for key := range strings.FieldsSeq(b.keys) {
			item.Keys = append(item.Keys, keyName(key))
		}
		st.Items = append(st.Items, item)
	}
	return st
}

// keyName returns what stands on a key.
func keyName(key string) string {
	switch key {
	case "ArrowDown":
		return "↓"
	case "ArrowUp":
		return "↑"
	case "ArrowRight":
		return "→"
	case "ArrowLeft":
		return "←"
	case "PageDown":
		return "Page ↓"
	case "PageUp":
		return "Page ↑"
	case "Escape":
		return "Esc"
	case "Ctrl+a":
		return "Ctrl A"
	}
	if plain, found := strings.CutPrefix(key, "Shift+"); found {
		return "Shift " + keyName(plain)
	}
	return key
}
