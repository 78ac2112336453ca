package screen

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	// minWidth and maxWidth bound the width of a column, in pixels.
	minWidth, maxWidth = 40, 1600
	// widthStep is how much wider a step makes one.
	widthStep = 16
	// rowPadding is what a row has beside its columns, in pixels.
	rowPadding = 40
)

// What a person does with the columns of the flow table.
type (
	// ColumnsAsked: the dialog for columns is to open, and ColumnsClosed: to
	// close.
	ColumnsAsked  struct{}
	ColumnsClosed struct{}
	// ColumnToggled: a column is to be shown, or not.
	ColumnToggled struct{ Name string }
	// ColumnMoved: a column is to be the one at a place among those that are
	// shown, from 0.
	ColumnMoved struct {
		Name string
		To   int
	}
	// ColumnResized: a column is to have a width, in pixels; 0 is its own. Done:
	// it has come to that.
	ColumnResized struct {
		Name  string
		Width int
		Done  bool
	}
	// ColumnStepped: a column is to be so many steps wider. Seen is how wide it is
	// as of now, which of one that grows the page alone knows, or 0.
	ColumnStepped struct {
		Name     string
		By, Seen int
	}
	// ColumnsReset: the columns are to be those that they are at first.
	ColumnsReset struct{}
)

// Columns is the dialog for the columns of the flow table.
type Columns struct {
	Open    bool
	Choices []ColumnChoice
}

// A ColumnChoice is a column that can be shown. Those that are come first, in
// their order.
type ColumnChoice struct {
	Name, Label, About string
	Shown, First, Last bool
}

// A TableColumn is a column that is shown.
type TableColumn struct {
	Column
	// Sort is "ascending", "descending" or "none".
	Sort string
}

// A layout says which columns the flow table shows and how wide they are.
type layout struct {
	open   bool
	chosen []int       // of columns; nil while nobody chose
	widths map[int]int // in pixels, as far as chosen
	shown  []int       // as of now
}

func (s *Screen) updateLayout(do *commands, msg Msg) {
	l := &s.layout
	switch m := msg.(type) {
	case ColumnsAsked:
		l.open = true
		return
	case ColumnsClosed:
		l.open = false
		return
	case ColumnToggled:
		l.toggle(columnOf(m.Name))
	case ColumnMoved:
		l.move(columnOf(m.Name), m.To)
	case ColumnResized:
		if l.resize(columnOf(m.Name), m.Width); !m.Done {
			return
		}
	case ColumnStepped:
		l.step(columnOf(m.Name), m.By, m.Seen)
	case ColumnsReset:
		l.chosen, l.widths = nil, nil
	}
	s.layOut()
	s.askTimeline(do)
	do.add(RememberSetting{settingColumns, l.String()})
}

// layOut decides which columns are shown. Who has not chosen is shown those
// that have room.
func (s *Screen) layOut() {
	l := &s.layout
	shown := l.chosen
	if shown == nil {
		for i, c := range columns {
			if c.shownFrom > 0 && s.table.width >= c.shownFrom {
				shown = append(shown, i)
			}
		}
	}
	if !slices.Equal(shown, l.shown) {
		l.shown = shown
		s.table.cache.show(shown)
	}
}

// shows reports whether a column is shown.
func (l *layout) shows(name string) bool { return slices.Contains(l.shown, columnOf(name)) }

// columnOf returns the place of a column in columns, or -1.
func columnOf(name string) int {
	return slices.IndexFunc(columns[:], func(c Column) bool { return c.Name == name })
}

// choose makes the columns that are shown those that were chosen.
func (l *layout) choose() {
	if l.chosen == nil {
		l.chosen = slices.Clone(l.shown)
	}
}

// toggle shows a column, or does not. The last one stays.
func (l *layout) toggle(column int) {
	if column < 0 {
		return
	}
	l.choose()
	if i := slices.Index(l.chosen, column); i < 0 {
		l.chosen = append(slices.Clone(l.chosen), column)
	} else if len(l.chosen) > 1 {
		l.chosen = slices.Delete(slices.Clone(l.chosen), i, i+1)
	}
}

func (l *layout) move(column, to int) {
	l.choose()
	i := slices.Index(l.chosen, column)
	if i < 0 {
		return
	}
	rest := slices.Delete(slices.Clone(l.chosen), i, i+1)
	l.chosen = slices.Insert(rest, max(0, min(to, len(rest))), column)
}

func (l *layout) resize(column, width int) {
	if column < 0 {
		return
	}
	if l.widths == nil {
		l.widths = map[int]int{}
	}
	if width == 0 {
		delete(l.widths, column)
		return
	}
	l.widths[column] = max(minWidth, min(width, maxWidth))
}

// step makes a column so many steps wider than was chosen, or else than it is.
func (l *layout) step(column, by, seen int) {
	if column >= 0 {
		width := cmp.Or(l.widths[column], seen, columns[column].width)
		l.resize(column, max(minWidth, width+by*widthStep))
	}
}

// String returns the layout as it is remembered: "number time:130 path".
func (l *layout) String() string {
	var words []string
	for i, c := range columns {
		if width := l.widths[i]; width > 0 && !slices.Contains(l.chosen, i) {
			words = append(words, c.Name+":"+strconv.Itoa(width)+":hidden")
		}
	}
	for _, i := range l.chosen {
		word := columns[i].Name
		if width := l.widths[i]; width > 0 {
			word += ":" + strconv.Itoa(width)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// parse makes l what String returned. What there is no column for is left out.
func (l *layout) parse(text string) {
	l.chosen, l.widths = nil, nil
	for word := range strings.FieldsSeq(text) {
		name, width, _ := strings.Cut(word, ":")
		width, hidden := strings.CutSuffix(width, ":hidden")
		column := columnOf(name)
		if column < 0 || slices.Contains(l.chosen, column) {
			continue
		}
		if pixels, err := strconv.Atoi(width); err == nil && pixels > 0 {
			l.resize(column, pixels)
		}
		if !hidden {
			l.chosen = append(l.chosen, column)
		}
	}
}

// template returns the columns as a style sheet has them, and how wide a row is
// at the least, in pixels, in a table of some width. Columns that nobody chose
// always fit.
func (l *layout) template(table float64) (template string, least int) {
	var tracks []string
	for _, i := range l.shown {
		c := &columns[i]
		width, own := l.widths[i]
		switch {
		case own:
		case c.grow > 0 && l.chosen == nil:
			grow := c.grow
			if c.crowded > 0 && table < crowdedBelow {
				grow = c.crowded
			}
			tracks = append(tracks, fmt.Sprintf("minmax(0,%d.%dfr)", grow/10, grow%10))
			continue
		case c.grow > 0:
			tracks = append(tracks, fmt.Sprintf("minmax(%dpx,%d.%dfr)", c.width, c.grow/10, c.grow%10))
			least += c.width
			continue
		default:
			width = c.width
		}
		tracks = append(tracks, strconv.Itoa(width)+"px")
		least += width
	}
	return strings.Join(tracks, " "), least + rowPadding
}

// tableColumns returns the columns that are shown.
func (s *Screen) tableColumns() []TableColumn {
	list := make([]TableColumn, len(s.layout.shown))
	for n, i := range s.layout.shown {
		c := &list[n]
		c.Column = columns[i]
		switch {
		case i != s.order.column:
			c.Sort = "none"
		case s.order.descending:
			c.Sort = "descending"
		default:
			c.Sort = "ascending"
		}
	}
	return list
}

func (s *Screen) columnsState() Columns {
	l := &s.layout
	st := Columns{Open: l.open}
	if !l.open {
		return st
	}
	for n, i := range l.shown {
		st.Choices = append(st.Choices, choice(i, true))
		st.Choices[n].First, st.Choices[n].Last = n == 0, n == len(l.shown)-1
	}
	for i := range columns {
		if !slices.Contains(l.shown, i) {
			st.Choices = append(st.Choices, choice(i, false))
		}
	}
	return st
}

func choice(i int, shown bool) ColumnChoice {
	c := &columns[i]
	return ColumnChoice{Name: c.Name, Label: c.Label, About: c.About, Shown: shown}
}
