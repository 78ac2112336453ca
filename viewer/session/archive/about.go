package archive

import (
	"bytes"
	"slices"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// About implements session.Describer. What several captures say is one: the
// pages of all, under the names that flows have them by, and what all say
// alike. What only some say is in _logs, an object for each capture.
func (r *reader) About() *flowpb.About {
	var logs [][]byte
	r.mu.Lock()
	opened := r.opened
	r.mu.Unlock()
	for _, m := range opened {
		if log := r.logOf(m); log != nil {
			logs = append(logs, log)
		}
	}
	if len(logs) == 0 {
		return nil
	}
	return &flowpb.About{HarLog: mergeLogs(logs)}
}

// logOf returns what m says of itself, its pages under the names of the
// archive.
func (r *reader) logOf(m *member) []byte {
	d, ok := m.Reader.(session.Describer)
	if !ok {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return renamePages(d.About().GetHarLog(), func(id string) string { return r.pages.name(m, id) })
}

// mergeLogs returns one JSON object of several. The first stands as written if
// it is the only one, or if one is no object.
func mergeLogs(logs [][]byte) []byte {
	var all [][]jsonMember
	for _, log := range logs {
		if m := members(log); m != nil {
			all = append(all, m)
		}
	}
	if len(logs) == 1 || len(all) < len(logs) {
		return logs[0]
	}
	merged := alike(all)
	if pages, paged := pagesOf(all); paged {
		merged = append(merged, jsonMember{[]byte(`"pages"`), pages})
	}
	var own [][]byte
	said := false
	for _, log := range all {
		left := slices.DeleteFunc(slices.Clone(log), func(m jsonMember) bool { return m.isPages() || m.in(merged) })
		said = said || len(left) > 0
		own = append(own, object(left))
	}
	if said {
		merged = append(merged, jsonMember{[]byte(`"_logs"`), slices.Concat([]byte{'['}, bytes.Join(own, []byte{','}), []byte{']'})})
	}
	return object(merged)
}

// alike returns the members that all objects have, but their pages.
func alike(all [][]jsonMember) (same []jsonMember) {
	for _, m := range all[0] {
		if !m.isPages() && !slices.ContainsFunc(all, func(log []jsonMember) bool { return !m.in(log) }) {
			same = append(same, m)
		}
	}
	return same
}

// pagesOf returns the list of the pages of all logs, and whether one has any.
func pagesOf(all [][]jsonMember) (list []byte, paged bool) {
	var pages [][]byte // what stands between the brackets of the lists
	for _, log := range all {
		for _, m := range log {
			if inside, ok := within(m.value, '[', ']'); ok && m.isPages() {
				paged = true
				if len(inside) > 0 {
					pages = append(pages, inside)
				}
			}
		}
	}
	return slices.Concat([]byte{'['}, bytes.Join(pages, []byte{','}), []byte{']'}), paged
}

// object returns the JSON object of members.
func object(members []jsonMember) []byte {
	b := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, m.key...), ':'), m.value...)
	}
	return append(b, '}')
}

// jsonMember is a member of a JSON object, as written.
type jsonMember struct{ key, value []byte }

// isPages reports whether m is the list of pages. One that is none is as any
// other member.
func (m jsonMember) isPages() bool {
	return string(m.key) == `"pages"` && len(m.value) > 0 && m.value[0] == '['
}

// in reports whether an object has m.
func (m jsonMember) in(object []jsonMember) bool {
	return slices.ContainsFunc(object, func(o jsonMember) bool {
		return bytes.Equal(o.key, m.key) && bytes.Equal(o.value, m.value)
	})
}
