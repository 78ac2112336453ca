package redact

import (
	"bytes"
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/jsontext"
)

// sizes are those of a message from which something was taken out. What an HTTP
// Archive says of them would contradict it, and tell how long a secret was.
type sizes struct {
	head        int  // how much longer the head is
	changed     bool // the body is another
	sent, plain int  // bytes of the body, as sent and as decoded
}

// headLength returns how many bytes of the head of a message may change.
func headLength(h []*flowpb.HTTPHeader, line []byte) int {
	n := len(line)
	for _, field := range h {
		n += len(field.GetName()) + len(field.GetValue())
	}
	return n
}

// The members of messages in an HTTP Archive that say sizes, in bytes. Those of
// the last two are in an object for the body.
//
// Source: http://www.softwareishard.com/blog/har-12-spec/#request
const (
	headMember     = "headersSize"
	bodyMember     = "bodySize"
	transferMember = "_transferSize" // of Chrome: of both
	sizeMember     = "size"
	savedMember    = "compression" // how much less was sent
)

// resize returns what an HTTP Archive says of a message with its sizes. What is
// not known, or said to be nothing, stays.
func (s sizes) resize(b []byte) []byte {
	if len(b) == 0 || !s.changed && s.head == 0 {
		return b
	}
	was := map[string]float64{}
	eachSize(b, func(name string, _, _ int, n float64) { was[name] = n })
	now := map[string]int{}
	if was[headMember] > 0 {
		now[headMember] = max(int(was[headMember])+s.head, 0)
	}
	body := int(was[bodyMember])
	if s.changed && body > 0 {
		now[bodyMember], body = s.sent, s.sent
	}
	if was[transferMember] > 0 {
		now[transferMember] = max(body, 0) + max(now[headMember], 0)
	}
	if s.changed {
		now[sizeMember], now[savedMember] = s.plain, s.plain-s.sent
	}
	e := edits{b: b}
	eachSize(b, func(name string, from, to int, n float64) {
		if now, ok := now[name]; ok && n > 0 {
			e.replace(from, to, strconv.AppendInt(nil, int64(now), 10))
		}
	})
	return e.apply()
}

// eachSize calls do for each member of a message that says a size, and where it
// stands.
func eachSize(b []byte, do func(name string, from, to int, n float64)) {
	r := jsontext.NewReader(b)
	var names []string // of the objects that the reader is in
	pos, name, isName := 0, "", false
	for {
		token, err := r.Next()
		if err != nil {
			return
		}
		from := pos + bytes.Index(b[pos:], token.Raw)
		pos = from + len(token.Raw)
		switch token.Kind {
		case jsontext.Object, jsontext.Array:
			if token.Kind == jsontext.Array {
				name = "" // what is in it says no size
			}
			names, isName = append(names, name), token.Kind == jsontext.Object
			continue
		case jsontext.ObjectEnd, jsontext.ArrayEnd:
			names, isName = names[:len(names)-1], true
			continue
		case jsontext.String:
			if isName {
				name, isName = token.Text(), false
				continue
			}
		case jsontext.Number:
			if n, err := strconv.ParseFloat(string(token.Raw), 64); err == nil && saysSize(names, name) {
				do(name, from, pos, n)
			}
		}
		isName = true
	}
}

// saysSize reports whether a member of a message is one of its sizes, or of those
// of its body.
func saysSize(in []string, name string) bool {
	switch {
	case len(in) == 1:
		return name == headMember || name == bodyMember || name == transferMember
	case len(in) == 2 && (in[1] == "content" || in[1] == "postData" || in[1] == "_content"):
		return name == sizeMember || name == savedMember
	}
	return false
}
