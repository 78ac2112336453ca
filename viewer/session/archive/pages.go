package archive

import (
	"bytes"
	"strconv"
)

// pageNames are the names of the pages of all captures of an archive. Most
// producers count pages from one, so that captures have the same names for
// different pages: the first capture keeps a name, others get a number behind
// it.
type pageNames struct {
	taken map[string]int                // and the number to be tried next behind each
	of    map[*member]map[string]string // by what the capture calls the page
}

// name returns the name of the page that m calls id.
func (p *pageNames) name(m *member, id string) string {
	if name, ok := p.of[m][id]; ok {
		return name
	}
	if p.taken == nil {
		p.taken, p.of = map[string]int{}, map[*member]map[string]string{}
	}
	if p.of[m] == nil {
		p.of[m] = map[string]string{}
	}
	name := id
	for p.taken[name] > 0 {
		p.taken[id] = max(p.taken[id], 1) + 1
		name = id + "-" + strconv.Itoa(p.taken[id])
	}
	p.taken[name] = max(p.taken[name], 1)
	p.of[m][id] = name
	return name
}

// renamePages returns a log whose pages are named as name says: as written
// where that changes nothing.
func renamePages(log []byte, name func(id string) string) []byte {
	changed := false
	all := members(log)
	for i, m := range all {
		rest, ok := within(m.value, '[', ']')
		if !ok || !m.isPages() {
			continue
		}
		var pages [][]byte
		renamed := false
		for len(rest) > 0 {
			var page []byte
			page, rest = cutAt(rest, ',')
			page, other := renamePage(page, name)
			pages = append(pages, page)
			renamed = renamed || other
		}
		if renamed {
			all[i].value = append(append([]byte{'['}, bytes.Join(pages, []byte{','})...), ']')
			changed = true
		}
	}
	if !changed {
		return log
	}
	return object(all)
}

// renamePage renames a page, and reports whether that changes it.
func renamePage(page []byte, name func(id string) string) (renamed []byte, changed bool) {
	all := members(page)
	for i, m := range all {
		id, ok := textOf(m.value)
		if !ok || string(m.key) != `"id"` {
			continue
		}
		if as := name(id); as != id {
			number := as[len(id):] // as only adds characters that need no escape
			all[i].value = append(append(append([]byte(nil), m.value[:len(m.value)-1]...), number...), '"')
			changed = true
		}
	}
	if !changed {
		return page, false
	}
	return object(all), true
}
