package redact

import (
	"encoding/binary"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxField is the highest number of a field that a message of Protocol Buffers is
// taken to have.
const maxField = 1 << 16

// maxMessages is how deep messages are nested, at the most. A text within a text
// counts for two: it may be read at each level, and so may what is in it.
const maxMessages = 16

// fieldAt reads the field that a message of Protocol Buffers begins with: where
// its value is, and, if that is of bytes, where these are. The size is 0 where
// there is none.
//
// Source: https://protobuf.dev/programming-guides/encoding/
func fieldAt(b []byte) (number protowire.Number, from, size int, content []byte) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 || number > maxField || kind == protowire.StartGroupType || kind == protowire.EndGroupType {
		return 0, 0, 0, nil
	}
	length := protowire.ConsumeFieldValue(number, kind, b[n:])
	if length < 0 {
		return 0, 0, 0, nil
	}
	if kind == protowire.BytesType {
		if content, _ = protowire.ConsumeBytes(b[n:]); content == nil {
			content = []byte{}
		}
	}
	return number, n, n + length, content
}

// isMessage reports whether b is a message that holds bytes. Nearly no text is.
func isMessage(b []byte) bool {
	some := false
	for len(b) > 0 {
		_, _, size, content := fieldAt(b)
		if size == 0 {
			return false
		}
		some = some || content != nil
		b = b[size:]
	}
	return some
}

// protobuf returns a message without what is secret, b itself if nothing is: it
// says no names, but for the keys of a map, which are fields 1 in front of 2.
func (w *walker) protobuf(b []byte) []byte {
	if w.nested+2*w.depth > maxMessages {
		return w.binary(b, true)
	}
	w.nested++
	defer func() { w.nested-- }()
	e := edits{b: b}
	key := ""
	for at := 0; at < len(b); {
		number, from, size, content := fieldAt(b[at:])
		if content != nil {
			out := w.field(content, key)
			if !same(out, content) {
				e.replace(at+from, at+size, append(protowire.AppendVarint(nil, uint64(len(out))), out...))
			}
		}
		if key = ""; number == 1 {
			key = string(content)
		}
		at += size
	}
	return e.apply()
}

// field returns what a field of bytes holds without what is secret: another
// message, a text, or whatever else. key is that in front of it in a map.
func (w *walker) field(content []byte, key string) []byte {
	if class, secret := w.secretName(key, false); secret && isText(content, "") && !trivial(string(content)) {
		if out := w.hide(class, key, string(content)); out != string(content) {
			return []byte(out)
		}
		return content
	}
	if len(content) == 0 {
		return content
	}
	if out := w.content(content, ""); !same(out, content) {
		return out
	}
	switch s := structureOf(content, ""); {
	case s == messageData || !isMessage(content):
		return content // it was looked into as a message, or is none
	case s != noStructure: // it may be two things at each level
		if w.depth > maxDepth {
			return w.binary(content, true)
		}
		w.depth++
		defer func() { w.depth-- }()
	}
	return w.protobuf(content)
}

// frameHead is how many bytes stand before a message of gRPC: whether it is
// compressed, and its length.
//
// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
const frameHead = 5

// isFramed reports whether b is messages of gRPC, or of its sister for browsers.
func isFramed(b []byte) bool {
	for rest := b; len(rest) > 0; {
		if len(rest) < frameHead || rest[0]&0x7e != 0 {
			return false
		}
		n := binary.BigEndian.Uint32(rest[1:])
		if uint64(n) > uint64(len(rest)-frameHead) {
			return false
		}
		rest = rest[frameHead+int(n):]
	}
	return len(b) > frameHead
}

// frames returns messages of gRPC without what is secret, b itself if nothing is.
func (w *walker) frames(b []byte) []byte {
	e := edits{b: b}
	for at := 0; at < len(b); {
		begin := at + frameHead
		end := begin + int(binary.BigEndian.Uint32(b[at+1:]))
		if out := w.body(b[begin:end], ""); !same(out, b[begin:end]) {
			e.replace(at+1, end, append(binary.BigEndian.AppendUint32(nil, uint32(len(out))), out...))
		}
		at = end
	}
	return e.apply()
}

// A structure is a kind of data that tells itself.
type structure int

const (
	noStructure structure = iota
	framedData
	cborData
	msgpackData
	messageData
)

// structureOf returns which structure data has.
func structureOf(b []byte, media string) structure {
	named := func(word string) bool { return strings.Contains(media, word) }
	switch {
	case isFramed(b):
		return framedData
	case named("cbor") && cbor.whole(b):
		return cborData
	case msgpack.whole(b):
		return msgpackData
	case cbor.whole(b):
		return cborData
	case isMessage(b) && (named("protobuf") || named("grpc") || named("proto") || hasControls(b)):
		return messageData
	}
	return noStructure
}

// structured returns data that has a structure without what is secret, b itself
// if nothing is; ok is false if it has none.
func (w *walker) structured(b []byte, media string) (out []byte, ok bool) {
	switch structureOf(b, media) {
	case framedData:
		return w.frames(b), true
	case cborData:
		return w.items(&cbor, b), true
	case msgpackData:
		return w.items(&msgpack, b), true
	case messageData:
		return w.protobuf(b), true
	}
	return b, false
}

// hasControls reports whether control characters that texts have not stand at the
// begin of b.
func hasControls(b []byte) bool {
	for _, c := range b[:min(len(b), 4<<10)] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b' {
			return true
		}
	}
	return false
}
