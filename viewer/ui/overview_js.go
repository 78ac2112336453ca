package ui

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// An overviewDialog shows what the flows have in common. Whatever can be pressed
// in it says in an attribute what it does.
type overviewDialog struct {
	dialog        *modal
	summary, body *element
	opener        *element
	serial        int
}

func newOverviewDialog(loop *screen.Loop) *overviewDialog {
	d := &overviewDialog{dialog: newModal("overview", func() { loop.Send(screen.OverviewClosed{}) }), summary: byID("overview-summary"), body: byID("overview-body"), opener: byID("open-overview"), serial: -1}
	byID("overview-close").on("click", func(dom.Event) { loop.Send(screen.OverviewClosed{}) })
	onRaw(d.body.Value, "click", func(e js.Value) {
		target := e.Get("target")
		if term, ok := closest(target, "data-term"); ok {
			loop.Send(screen.GroupChosen{Term: term})
		} else if id, ok := closest(target, "data-group"); ok {
			loop.Send(screen.GroupToggled{ID: id})
		} else if by, ok := closest(target, "data-order"); ok {
			loop.Send(screen.GroupsOrdered{By: by})
		} else if key, ok := closest(target, "data-outlier"); ok {
			loop.Send(screen.OutlierChosen{Key: key})
		}
	})
	d.opener.on("click", func(dom.Event) { loop.Send(screen.Acted{Action: screen.OpenOverview}) })
	return d
}

func (d *overviewDialog) draw(s *screen.Overview) {
	d.opener.show(s.Offered)
	d.dialog.opens(s.Open)
	if !s.Open || s.Serial == d.serial {
		return
	}
	d.serial = s.Serial
	d.summary.setText(s.Summary)
	parts := []*element{figures(s.Figures)}
	if len(s.Tree.Rows) > 0 {
		parts = append(parts, groupTable(&s.Tree, s.Headings))
	}
	narrow, lists := create("div", "beside"), create("div", "beside")
	parts = append(parts, narrow)
	for i := range s.Tables {
		if table := groupTable(&s.Tables[i], s.Headings); s.Tables[i].Noted != "" {
			parts = append(parts, table)
		} else {
			narrow.AppendChild(table)
		}
	}
	for i := range s.Lists {
		lists.AppendChild(outlierTable(&s.Lists[i]))
	}
	parts = append(parts, lists)
	restore := keepFocus(d.body, "data-group", "data-heading")
	d.body.setAll(parts...)
	restore()
}

func figures(list []screen.Figure) *element {
	box := create("dl", "figures")
	for _, f := range list {
		box.AppendChild(create("div", "", createText("dt", "", f.Label), figure("dd", "", f.Value, f.Term)))
	}
	return box
}

// figure makes an element with a value that can be pressed, if there is a term.
func figure(tag, class, value, term string) *element {
	if term == "" {
		return createText(tag, class, value)
	}
	return create(tag, class, pressable(value, "data-term", term))
}

// again makes a figure that does what the name of its row does: there is no need to
// come by it with Tab.
func again(value, term string) *element {
	b := pressable(value, "data-term", term)
	b.setAttr("tabindex", "-1")
	return create("td", "", b)
}

// pressable makes a button that says in an attribute what it does.
func pressable(text, attr, value string) *element {
	b := createText("button", "link", text)
	b.setAttr("type", "button")
	b.setAttr(attr, value)
	if attr == "data-term" {
		b.setAttr("title", "Filter by "+value)
	}
	return b
}

func groupTable(t *screen.GroupTable, headings []screen.GroupHeading) *element {
	body := create("tbody", "")
	for i := range t.Rows {
		body.AppendChild(groupRow(&t.Rows[i], t.Noted != ""))
	}
	var heads []*element
	for i := range headings {
		heads = append(heads, groupHeading(&headings[i], t.Title))
		if i == 0 && t.Noted != "" {
			heads = append(heads, createText("th", "", t.Noted))
		}
	}
	section := tableOf(t.Title, body, heads...)
	section.setFlag("data-noted", t.Noted != "")
	if t.More != "" {
		section.AppendChild(createText("p", "empty", t.More))
	}
	return section
}

// groupHeading makes a cell with a button, if the groups can be in the order of what
// is below.
func groupHeading(h *screen.GroupHeading, table string) *element {
	if h.Hint == "" {
		return createText("th", "", h.Label)
	}
	b := pressable(h.Label, "data-order", h.Label)
	b.setAttr("title", h.Hint)
	b.setAttr("data-heading", table+" "+h.Label) // tells it from those of other tables
	cell := create("th", "", b)
	if h.Sorted {
		cell.setAttr("aria-sort", "descending")
	}
	return cell
}

// tableOf makes a table with a title and cells for headings.
func tableOf(title string, body *element, heads ...*element) *element {
	head := create("tr", "")
	for _, cell := range heads {
		cell.setAttr("scope", "col")
		head.AppendChild(cell)
	}
	table := create("table", "groups", createText("caption", "", title), create("thead", "", head), body)
	return create("section", "", table)
}

func groupRow(r *screen.GroupRow, noted bool) *element {
	name := create("th", "name")
	name.setAttr("scope", "row")
	name.setAttr("style", "--depth:"+strconv.Itoa(r.Depth)+";--share:"+strconv.FormatFloat(r.Share, 'f', 4, 64))
	if r.Inner {
		fold := create("button", "fold")
		fold.setAttr("type", "button")
		fold.setAttr("data-group", r.ID)
		fold.setAttr("aria-expanded", yesNo(r.Open))
		fold.setAttr("aria-label", "Paths below "+r.Name)
		name.AppendChild(fold)
	}
	if r.Term == "" {
		name.AppendChild(createText("span", "empty", r.Name))
		return create("tr", "", name)
	}
	name.AppendChild(pressable(r.Name, "data-term", r.Term))
	cells := []*element{name}
	if noted {
		note := createText("td", "note", r.Note)
		note.setAttr("title", r.Note)
		cells = append(cells, note)
	}
	cells = append(cells, again(r.Flows, r.Term), figure("td", "failed", r.Failed, r.FailedTerm), again(r.Size, r.Term))
	for _, p := range r.Percentiles {
		cells = append(cells, figure("td", "", p.Value, p.Term))
	}
	return create("tr", "", cells...)
}

func outlierTable(l *screen.OutlierList) *element {
	body := create("tbody", "")
	for _, r := range l.Rows {
		name := create("th", "name", pressable(r.Name, "data-outlier", r.Key))
		name.setAttr("scope", "row")
		body.AppendChild(create("tr", "", name, createText("td", "", r.Value)))
	}
	return tableOf(l.Title, body, createText("th", "", "Flow"), createText("th", "", l.Of))
}
