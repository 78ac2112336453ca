package view

// settings are texts by name that belong to a flow while it is in the session,
// by row.
type settings map[uint32]map[string]string

func (s settings) forget(rows []uint32) {
	if len(s) == 0 {
		return
	}
	for _, row := range rows {
		delete(s, row)
	}
}

// Setting returns what is set for a flow under a name, or fallback.
func (l *List) Setting(key, name, fallback string) string {
	if row, ok := l.row(key); ok {
		if value, ok := l.settings[row][name]; ok {
			return value
		}
	}
	return fallback
}

// SetSetting sets a value for flows under a name, until they are removed. It
// is in no file. Unknown flows are passed over.
func (l *List) SetSetting(name, value string, keys ...string) {
	for _, key := range keys {
		row, ok := l.row(key)
		if !ok {
			continue
		}
		if l.settings == nil {
			l.settings = settings{}
		}
		if l.settings[row] == nil {
			l.settings[row] = map[string]string{}
		}
		l.settings[row][name] = value
	}
}

// ToggleSetting sets "true" for flows where it is not that, else "false".
func (l *List) ToggleSetting(name string, keys ...string) {
	for _, key := range keys {
		value := "true"
		if l.Setting(key, name, "false") == "true" {
			value = "false"
		}
		l.SetSetting(name, value, key)
	}
}
