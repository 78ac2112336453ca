package screen

import (
	"context"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person says of the flow that is shown.
type (
	// Commented: its comment is another.
	Commented struct{ Key, Text string }
	// Marked: its marker is another, and that of all that are picked; empty is none.
	Marked struct{ Key, Marker string }
)

// noted is what the engine answers.
type noted struct {
	key string
	row *viewerpb.Row
	err error
}

// retold is that answer to what was said to an engine before.
type retold struct{ noted }

// defaultMarker is the mark of who does not choose one.
const defaultMarker = ":default:"

// markers are those that can be chosen: mitmproxy's default, and emoji by the
// names that it knows them by. Any other that a flow bears is offered besides.
var markers = [...]Choice{
	{"", "no mark"}, {defaultMarker, "● marked"}, {":red_circle:", "🔴 red"}, {":orange_circle:", "🟠 orange"},
	{":yellow_circle:", "🟡 yellow"}, {":green_circle:", "🟢 green"}, {":large_blue_circle:", "🔵 blue"}, {":purple_circle:", "🟣 purple"},
	{":brown_circle:", "🟤 brown"}, {":exclamation:", "❗ important"}, {":question:", "❓ unclear"}, {":bug:", "🐛 bug"}, {":lock:", "🔒 secret"},
	{":white_check_mark:", "✅ done"}, {":x:", "❌ wrong"},
}

// markText shows the mark of a flow as it is chosen: an emoji, which fonts may lack,
// and a word. One that cannot be chosen is called by its name.
func markText(r *viewerpb.Row, _ Zone) string {
	for _, m := range markers[1:] { // the first is none
		if m.Name == r.Marker {
			return m.Label
		}
	}
	return r.Marker
}

// markClass returns the CSS classes of a flow that is marked: a coloured circle has
// one more, which is its colour.
func markClass(r *viewerpb.Row) string {
	label := markText(r, nil)
	if label == r.Marker || !strings.HasSuffix(r.Marker, "_circle:") {
		return " marked" // a marker of a file may be any text
	}
	_, colour, _ := strings.Cut(label, " ")
	return " marked m-" + colour
}

func (s *Screen) updateNotes(do *commands, msg Msg) {
	switch m := msg.(type) {
	case Commented:
		s.annotate(do, &viewerpb.Annotate{Key: m.Key, Comment: &m.Text})
	case Marked:
		s.annotate(do, s.mark(m.Key, m.Marker))
	case noted:
		s.noted(m)
	case retold:
		s.session.untold = s.session.untold[1:]
		s.noted(m.noted)
		s.retell(do)
	}
}

func (s *Screen) noted(m noted) {
	if s.failed(m.err) {
		return
	}
	if d := &s.detail; d.flow != nil && d.key == m.key {
		d.flow.Row, d.flow.Comment = m.row, m.row.Comment
		d.serial++
	}
}

// annotate sends what was said. One that follows does not take it back.
func (s *Screen) annotate(do *commands, a *viewerpb.Annotate) {
	if len(s.session.untold) > 0 && a.Scope != viewerpb.Scope_VIEW { // it is to be the last word
		s.session.untold = append(s.session.untold, a)
	}
	if n := &s.session; n.kept == "" { // else it is stored at once
		if last := len(n.said) - 1; last >= 0 && a.Comment != nil && n.said[last].Comment != nil && n.said[last].Key == a.Key {
			n.said = n.said[:last] // which was on its way to this
		}
		n.said = append(n.said, a)
	}
	do.add(Call{slotNote, func(ctx context.Context, engine api.API, post func(Msg)) {
		row, err := engine.Annotate(ctx, a)
		post(noted{a.Key, row, err})
	}})
}

// toggleMark marks the flow with the focus and those that are picked, or takes
// their marks away.
func (s *Screen) toggleMark(do *commands) {
	row := s.table.cache.row(s.table.cursor)
	if s.table.count == 0 || row == nil {
		return
	}
	marker := defaultMarker
	if strings.Contains(row.Class, " marked") {
		marker = ""
	}
	a := s.mark(row.Key, marker)
	if a.Scope == viewerpb.Scope_KEYS && !s.picks.has(row.Key) {
		a.Key = a.Keys[0]
	}
	s.annotate(do, a)
}

// mark returns what says that a flow, and those that are picked, have a marker.
func (s *Screen) mark(key, marker string) *viewerpb.Annotate {
	a := &viewerpb.Annotate{Key: key, Marker: &marker}
	if s.picked() > 0 {
		a.Scope, a.Keys = s.picks.scope()
	}
	return a
}

// A Note is what is said of a flow, to be changed.
type Note struct {
	// Shown: it is to be seen.
	Shown   bool
	Comment string
	Marker  string
	Markers []Choice
}

func noteOf(f *viewerpb.Flow) Note {
	n := Note{Shown: true, Comment: f.Comment, Marker: f.Row.Marker}
	known := false
	for _, m := range markers {
		n.Markers = append(n.Markers, m)
		known = known || m.Name == n.Marker
	}
	if !known {
		n.Markers = append(n.Markers, Choice{n.Marker, n.Marker})
	}
	return n
}
