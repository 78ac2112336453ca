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
	for _, log := range logs[1:] {
		for _, m := range members(log) {
			merged = mergeMember(merged, m)
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
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// jsonMember is a member of a JSON object, as written.
type jsonMember struct{ key, value []byte }

func mergeMember(all []jsonMember, m jsonMember) []jsonMember {
	for i := range all {
		if !bytes.Equal(all[i].key, m.key) {
			continue
		}
		if string(m.key) == `"pages"` {
			all[i].value = concat(all[i].value, m.value)
		}
		return all
	}
	return append(all, m)
}

// concat returns the array of the elements of two. It is the first if either
// is none.
func concat(a, b []byte) []byte {
	first, ok1 := within(a, '[', ']')
	second, ok2 := within(b, '[', ']')
	switch {
	case !ok1 || !ok2 || len(second) == 0:
		return a
	case len(first) == 0:
		return b
	}
	return slices.Concat([]byte("["), first, []byte(","), second, []byte("]"))
}

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
