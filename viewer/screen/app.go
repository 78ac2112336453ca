package screen

// AppKept: the browser was asked about the copy of this page that it keeps.
// Whole: all files are there, so the page works without a network. Current: it
// is of the same version as this page; if not, the copy is newer.
type AppKept struct{ Whole, Current bool }

// Reload loads the page again, by the same address.
type Reload struct{}

// An App is the page as a program that is kept by the browser.
type App struct {
	// Offline says that the page works without a network, or is empty.
	Offline string
	// Update offers the version that is newer than this one, and UpdateHint says
	// what becomes of the session; empty, if there is none.
	Update, UpdateHint string
}

type app struct{ whole, newer bool }

func (s *Screen) appKept(m AppKept) {
	s.app = app{whole: m.Whole, newer: s.app.newer || m.Whole && !m.Current}
}

func (s *Screen) appState() (st App) {
	if s.app.whole {
		st.Offline = "It works offline."
	}
	if !s.app.newer {
		return st
	}
	st.Update, st.UpdateHint = "New version", "Reload the page for the new version"
	if n := &s.session; s.phase != Ready && n.kept == "" && n.inline == "" && len(n.urls) < len(n.names) {
		st.UpdateHint += "; the files have to be opened again"
	}
	if s.losesNotes() {
		st.UpdateHint += "; what you marked and said of flows is lost unless you keep the session or save it"
	}
	return st
}
