package ui

import (
	"strconv"

	"flowpane/proto/viewerpb"
)

// comparedPart returns a table of two columns: what the flow on the left has, and
// that on the right. Lines that differ are marked by a sign, and not by colour
// alone.
func comparedPart(p *viewerpb.ComparedPart) *element {
	section := create("section", "compared", createText("h3", "", p.Title))
	if p.Note != "" {
		section.AppendChild(createText("p", "empty", p.Note))
	}
	if len(p.Rows) == 0 {
		return section
	}
	table := create("div", "diff")
	table.setAttr("role", "table")
	table.setAttr("aria-label", p.Title)
	for _, r := range p.Rows {
		row := create("div", "pair")
		row.setAttr("role", "row")
		switch {
		case r.Skipped > 0:
			row.AppendChild(comparedCell("skipped", "… "+strconv.Itoa(int(r.Skipped))+" lines are the same"))
		case r.HasLeft && r.HasRight && r.Left == r.Right:
			row.AppendChild(comparedCell("", "  "+r.Left))
			row.AppendChild(comparedCell("", "  "+r.Right))
		default:
			row.AppendChild(comparedSide("gone", "− ", r.HasLeft, r.Left))
			row.AppendChild(comparedSide("new", "+ ", r.HasRight, r.Right))
		}
		table.AppendChild(row)
	}
	section.AppendChild(table)
	return section
}

func comparedSide(class, sign string, has bool, text string) *element {
	if !has {
		return comparedCell("lacking", "")
	}
	return comparedCell(class, sign+text)
}

func comparedCell(class, text string) *element {
	cell := createText("div", class, text)
	cell.setAttr("role", "cell")
	return cell
}
