package screen

// What a person likes, and this browser remembers.
const (
	settingColumns = "columns" // as layout.String has them
	settingTheme   = "theme"   // a Theme
	settingRows    = "rows"    // "compact", or nothing
	// settingTimeline is "off", or nothing.
	settingTimeline = "timeline"
)

// Settings returns the names of what is remembered.
func Settings() []string { return []string{settingColumns, settingTheme, settingRows, settingTimeline} }

// SettingRecalled: the last time a setting had this value.
type SettingRecalled struct{ Name, Value string }

// RememberSetting keeps the value of a setting in this browser. Empty is as it
// is at first.
type RememberSetting struct{ Name, Value string }

// A Theme is what colours the page has.
type Theme string

const (
	// SystemTheme is what the person's system has.
	SystemTheme Theme = ""
	LightTheme  Theme = "light"
	DarkTheme   Theme = "dark"
)

func (s *Screen) recallSetting(do *commands, m SettingRecalled) {
	switch m.Name {
	case settingColumns:
		s.layout.parse(m.Value)
		s.layOut()
	case settingTheme:
		if t := Theme(m.Value); t == LightTheme || t == DarkTheme {
			s.theme = t
		}
	case settingRows:
		s.setCompact(do, m.Value == compactRows)
	case settingTimeline:
		s.timeline.off = m.Value == timelineOff
	}
}

const (
	compactRows = "compact"
	timelineOff = "off"
)

func (s *Screen) setTheme(do *commands, t Theme) {
	s.theme = t
	do.add(RememberSetting{settingTheme, string(t)})
}

// setCompact makes the rows low, or not. The row on top stays there.
func (s *Screen) setCompact(do *commands, on bool) {
	t := &s.table
	if t.compact == on {
		return
	}
	rows := t.top() / t.rowHeight()
	t.height += t.rowHeight() // of the heading
	t.compact = on
	t.height = max(t.height-t.rowHeight(), 0)
	s.scrollTo(do, rows*t.rowHeight())
	s.askRows(do)
}

func (s *Screen) toggleCompact(do *commands) {
	s.setCompact(do, !s.table.compact)
	value := ""
	if s.table.compact {
		value = compactRows
	}
	do.add(RememberSetting{settingRows, value})
}
