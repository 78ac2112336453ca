package archive

import (
	"bytes"
	"encoding/json"

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
	for i, m := range merged {
		b.WriteByte("{,"[min(i, 1)])
		b.Write(m.key)
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// jsonMember is a member of a JSON object, as written.
type jsonMember struct{ key, value json.RawMessage }

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
func concat(a, b json.RawMessage) json.RawMessage {
	var first, second []json.RawMessage
	if json.Unmarshal(a, &first) != nil || json.Unmarshal(b, &second) != nil {
		return a
	}
	both, err := json.Marshal(append(first, second...))
	if err != nil {
		return a
	}
	return both
}

// members returns those of a JSON object in their order, or nil if it is none.
func members(object []byte) (all []jsonMember) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil
		}
		var m jsonMember
		if m.key, err = json.Marshal(name); err != nil {
			return nil
		}
		if err := d.Decode(&m.value); err != nil {
			return nil
		}
		all = append(all, m)
	}
	return all
}
