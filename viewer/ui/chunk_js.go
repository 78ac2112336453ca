package ui

import (
	"slices"
	"strconv"
	"strings"
	"syscall/js"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
)

// A chunk is a window of lines of the body, as an element with one for each line.
type chunk struct {
	window *viewerpb.BodyWindow
	box    *element
	// The text nodes, and where each begins, in UTF-16 code units.
	nodes  []js.Value
	starts []uint32
	ranges []js.Value // of tokens; see [colours]
	token  int        // the next one, in window.Tokens; see appendSpans
	stayed bool       // it was drawn before
}

// newChunk makes the elements of a window. Its numbers are counted by the style
// sheet, and so are no part of the text.
func newChunk(w *viewerpb.BodyWindow, models *lineModels, spans bool) *chunk {
	c := &chunk{window: w, box: create("div", "chunk")}
	number := int(w.Line) - 1
	if w.Continues {
		number++
	}
	c.box.Get("style").Call("setProperty", "counter-reset", "line "+strconv.Itoa(number))
	units, fold, hidden, row := uint32(0), 0, uint32(0), 0
	for line := range strings.SplitAfterSeq(w.Text, "\n") {
		if line == "" {
			break
		}
		e := models.line.clone()
		if row == 0 && w.Continues {
			e.setAttr("class", "body-line continued")
		}
		if hidden > 0 {
			e.Get("style").Call("setProperty", "counter-increment", "line "+strconv.Itoa(int(hidden)+1))
			hidden = 0
		}
		if fold < len(w.FoldRows) && int(w.FoldRows[fold]) == row {
			hidden = w.FoldHidden[fold]
			e.AppendChild(models.foldButton(w.FoldPlaces[fold], hidden))
			fold++
		}
		text, end := line, ""
		if hidden > 0 {
			text, end = strings.TrimSuffix(line, "\n"), "\n"
		}
		if spans {
			c.appendSpans(e, text, units)
		} else {
			c.appendText(e.Value, text, units)
		}
		if end != "" {
			e.AppendChild(hiddenLines(hidden))
			c.appendText(e.Value, end, units+utf16Len(text))
		}
		c.box.AppendChild(e)
		units += utf16Len(line)
		row++
	}
	return c
}

func (c *chunk) appendText(parent js.Value, text string, at uint32) {
	node := document().Call("createTextNode", text)
	parent.Call("append", node)
	c.nodes, c.starts = append(c.nodes, node), append(c.starts, at)
}

// appendSpans puts each token of a line into an element, for browsers without
// highlights.
func (c *chunk) appendSpans(line *element, text string, at uint32) {
	tokens := c.window.Tokens
	for text != "" {
		class, n := "", utf16Len(text)
		if c.token+2 < len(tokens) {
			begin, end := tokens[c.token], tokens[c.token+1]
			if begin > at {
				n = min(n, begin-at)
			} else {
				n, class = min(n, end-at), tokenClass(int(tokens[c.token+2]))
			}
			if at+n >= end {
				c.token += 3
			}
		}
		size := utf16Bytes(text, n)
		parent := line.Value
		if class != "" {
			span := create("span", class)
			line.AppendChild(span)
			parent = span.Value
		}
		c.appendText(parent, text[:size], at)
		text, at = text[size:], at+n
	}
}

// lineModels are what lines are copied from: that takes one call for what would
// be several.
type lineModels struct{ line, open, folded *element }

func newLineModels() *lineModels {
	fold := func(open bool) *element {
		b := create("button", "fold")
		for name, value := range map[string]string{"type": "button", "tabindex": "-1", "aria-label": "Lines below", "aria-expanded": yesNo(open)} {
			b.setAttr(name, value)
		}
		return b
	}
	return &lineModels{create("div", "body-line"), fold(true), fold(false)}
}

// foldButton returns what hides the lines that one opens, or shows them.
func (m *lineModels) foldButton(place uint64, hidden uint32) *element {
	b := m.open
	if hidden > 0 {
		b = m.folded
	}
	b = b.clone()
	b.setAttr("data-place", strconv.FormatUint(place, 10))
	return b
}

// hiddenLines returns words, which are no part of the text, in place of lines.
func hiddenLines(count uint32) *element {
	e := create("span", "ellipsis")
	e.setAttr("data-count", "⋯ "+strconv.Itoa(int(count)))
	e.setAttr("title", strconv.Itoa(int(count))+" lines are hidden")
	return e
}

// at returns the node that a place is in, and where there.
func (c *chunk) at(units uint32) (node js.Value, offset uint32) {
	i, found := slices.BinarySearch(c.starts, units)
	if !found {
		i--
	}
	return c.nodes[i], units - c.starts[i]
}

// utf16Len returns how many UTF-16 code units text takes.
func utf16Len(text string) (n uint32) {
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// utf16Bytes returns how many bytes the first units of text take.
func utf16Bytes(text string, units uint32) int {
	for i, r := range text {
		if units == 0 {
			return i
		}
		if units--; r > 0xffff && units > 0 {
			units--
		}
		if units == 0 {
			return i + utf8.RuneLen(r)
		}
	}
	return len(text)
}
