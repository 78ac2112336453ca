package archive

import (
	"bytes"
	"slices"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// About implements session.Describer. What several captures say is one: the
// pages of all, and of all else what the first of them says that says it.
func (r *reader) About() *flowpb.About {
	var logs [][]byte
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.opened {
		if d, ok := m.Reader.(session.Describer); ok {
			if log := d.About().GetHarLog(); log != nil {
				logs = append(logs, log)
			}
		}
	}
	if len(logs) == 0 {
		return nil
	}
	return &flowpb.About{HarLog: mergeLogs(logs)}
}

// mergeLogs returns one JSON object of the members of several. The first
// stands as written if it is the only one, or no object.
func mergeLogs(logs [][]byte) []byte {
	merged := members(logs[0])
	if len(logs) == 1 || merged == nil {
		return logs[0]
	}
	merged = nil
	var pages [][]byte // what stands between the brackets of the lists
	for _, log := range logs {
		for _, m := range members(log) {
			if list, ok := within(m.value, '[', ']'); ok && m.isPages() {
				m.value = nil // all of them, in the end
				if len(list) > 0 {
					pages = append(pages, list)
				}
			}
			if !slices.ContainsFunc(merged, func(o jsonMember) bool { return bytes.Equal(o.key, m.key) }) {
				merged = append(merged, m)
			}
		}
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range merged {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(m.key)
		b.WriteByte(':')
		if m.value == nil {
			m.value = slices.Concat([]byte{'['}, bytes.Join(pages, []byte{','}), []byte{']'})
		}
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// jsonMember is a member of a JSON object, as written.
type jsonMember struct{ key, value []byte }

func (m jsonMember) isPages() bool { return string(m.key) == `"pages"` }

// within returns what stands between the first and the last character of b.
func within(b []byte, first, last byte) ([]byte, bool) {
	b = bytes.TrimSpace(b)
	if len(b) < 2 || b[0] != first || b[len(b)-1] != last {
		return nil, false
	}
	return bytes.TrimSpace(b[1 : len(b)-1]), true
}

// members returns those of a JSON object in their order, or nil if it is none.
// It takes the values for JSON: encoding/json would cost 0.1 MB to download.
func members(object []byte) []jsonMember {
	rest, ok := within(object, '{', '}')
	if !ok {
		return nil
	}
	all := []jsonMember{}
	for len(rest) > 0 {
		var m jsonMember
		m.key, rest = cutAt(rest, ':')
		m.value, rest = cutAt(rest, ',')
		if len(m.key) < 2 || m.key[0] != '"' || len(m.value) == 0 {
			return nil
		}
		all = append(all, m)
	}
	return all
}

// cutAt cuts b at the first end that stands in no string, array or object.
func cutAt(b []byte, end byte) (before, after []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == end && depth == 0:
			return bytes.TrimSpace(b[:i]), bytes.TrimSpace(b[i+1:])
		}
	}
	return bytes.TrimSpace(b), nil
}
