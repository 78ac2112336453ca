package ui

import (
	"strconv"

	"flowpane/viewer/screen"
)

// waterfall draws the phases of a flow: each has its name, how long it took, and
// a bar, which says nothing that the words do not.
func waterfall(bars []screen.Bar) *element {
	list := create("ol", "waterfall")
	for _, b := range bars {
		row := create("li", "", createText("span", "name", b.Name))
		if b.Width > 0 {
			bar := create("span", "phase")
			style := bar.Get("style")
			style.Set("left", percent(b.Left))
			style.Set("width", percent(b.Width))
			track := create("span", "track", bar)
			track.setAttr("aria-hidden", "true")
			row.AppendChild(track)
		}
		row.AppendChild(createText("span", "took", b.Text))
		list.AppendChild(row)
	}
	return create("section", "fields", createText("h3", "", "Where the time went"), list)
}

func percent(n float64) string { return strconv.FormatFloat(n, 'f', 2, 64) + "%" }
