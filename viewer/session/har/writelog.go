package har

import (
	"strconv"

	"flowpane/proto/flowpb"
)

// A logOf is what a source of flows says of itself.
type logOf struct {
	source  uint32
	members []member // of its log
	paged   bool     // it has a list of pages
	pages   [][]byte
	names   map[string][]byte // its names of pages, as they are to be written
}

// log returns the log of a source. Pages get names that no other source has.
func (w *writer) log(source uint32) *logOf {
	for _, l := range w.logs {
		if l.source == source {
			return l
		}
	}
	l := &logOf{source: source, names: map[string][]byte{}}
	w.logs = append(w.logs, l)
	l.members = members(w.flows.About(source).GetHarLog())
	for i := range l.members {
		m := &l.members[i]
		switch string(m.key) {
		case "version", "entries":
			m.passed = true
		case "pages":
			if pages.fits(m.value) {
				l.pages, l.paged = items(m.value)
				m.passed = true
			}
		}
	}
	for _, page := range l.pages {
		w.page(l, pageID(page))
	}
	return l
}

// pageID returns the name of a page.
func pageID(page []byte) []byte {
	for _, m := range members(page) {
		if string(m.key) == "id" && m.value[0] == '"' {
			id, _ := unescape(nil, m.value[1:len(m.value)-1], true)
			return id
		}
	}
	return nil
}

// page returns the name of a page of l as it is to be written.
func (w *writer) page(l *logOf, id []byte) []byte {
	if name, ok := l.names[string(id)]; ok {
		return name
	}
	name := string(id)
	for n := 2; w.pages[name]; n++ {
		name = string(id) + "-" + strconv.Itoa(n)
	}
	w.pages[name] = true
	l.names[string(id)] = []byte(name)
	return l.names[string(id)]
}

// pageref returns the page of f as it is to be written, or nil.
func (w *writer) pageref(f *flowpb.Flow) []byte {
	l := w.log(f.GetSource())
	if ref := f.GetHar().GetPageref(); ref != nil {
		return w.page(l, ref)
	}
	return nil
}

// about writes what is in a log besides entries, and ends it: what the sources
// of the flows say alike, and the pages of all.
func (w *writer) about(log *object) {
	if len(w.logs) == 0 {
		w.log(0)
	}
	for _, m := range w.logs[0].members {
		if !m.passed && w.allSay(m) {
			log.stayed = append(log.stayed, m)
		}
	}
	if !log.given("creator") {
		log.key("creator")
		tool := w.object(toolSpec, nil)
		tool.text("name", []byte("Flowpane"))
		tool.text("version", []byte(creatorVersion))
		tool.end()
	}
	log.given("browser")
	var all []func()
	paged := false
	for _, l := range w.logs {
		paged = paged || len(l.members) == 0 || l.paged
		for _, page := range l.pages {
			all = append(all, func() { w.pageOf(l, page) })
		}
	}
	if paged {
		log.key("pages")
		w.list(len(all), func(i int) { all[i]() })
	}
	log.end()
}

func (w *writer) pageOf(l *logOf, page []byte) {
	p := w.object(pageSpec, page)
	if id := l.names[string(pageID(page))]; id != nil && p.find("id") != nil && p.find("id").value[0] == '"' {
		p.drop("id")
		p.text("id", id)
	}
	p.end()
}

// allSay reports whether each of the sources has the member m.
func (w *writer) allSay(m member) bool {
	for _, l := range w.logs[1:] {
		same := false
		for _, other := range l.members {
			same = same || string(other.key) == string(m.key) && string(other.value) == string(m.value)
		}
		if !same {
			return false
		}
	}
	return true
}
