package redact

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// A packing is a way to write what JSON can say in few bytes.
type packing struct {
	// read reads an item: all of it, of a list or map what stands before its items.
	// Its size is 0 where there is none.
	read func(b []byte) item
	// text and bytes write an item.
	text, bytes func(out []byte, content string) []byte
}

// An itemKind says what an item of a packing is.
type itemKind int

const (
	otherItem itemKind = iota
	numberItem
	textItem
	bytesItem
	listItem
	mapItem
	breakItem // ends a list that does not say how long it is
)

// An item of a packing.
type item struct {
	kind    itemKind
	size    int
	content []byte // of text and bytes
	count   int    // of the items in a list, or of the pairs in a map; -1 up to a break
	parts   bool   // a list whose items are one text: in chunks, or behind a tag
}

// maxItems is how deep lists and maps are nested, at the most.
const maxItems = 32

// whole reports whether b is lists and maps, one after the other.
func (p *packing) whole(b []byte) bool {
	for rest := b; len(rest) > 0; {
		n := p.skip(rest, 0)
		if k := p.read(rest).kind; n == 0 || k != listItem && k != mapItem {
			return false
		}
		rest = rest[n:]
	}
	return len(b) > 0
}

// skip returns how long the item at the begin of b is, with what is in it; 0 if
// there is none.
func (p *packing) skip(b []byte, depth int) int {
	it := p.read(b)
	if it.size == 0 || it.size > len(b) || it.kind == breakItem || depth > maxItems {
		return 0
	}
	at := it.size
	for n := it.items(); n != 0; n-- {
		if n < 0 && p.read(b[at:]).kind == breakItem {
			return at + 1
		}
		size := p.skip(b[at:], depth+1)
		if size == 0 {
			return 0
		}
		at += size
	}
	return at
}

// items returns how many items are in one; below 0 up to a break.
func (it item) items() int {
	if it.kind == mapItem {
		return 2 * it.count
	}
	return it.count
}

// items returns items without what is secret, b itself if nothing is.
func (w *walker) items(p *packing, b []byte) []byte {
	var out []byte
	changed := false
	for rest := b; len(rest) > 0; {
		n := p.skip(rest, 0)
		item := w.item(p, rest[:n], "", "")
		changed = changed || !same(item, rest[:n])
		out, rest = append(out, item...), rest[n:]
	}
	if !changed {
		return b
	}
	return out
}

// item returns an item without what is secret, itself if nothing is. class and
// name say why all of it is, if it is.
func (w *walker) item(p *packing, b []byte, class, name string) []byte {
	it := p.read(b)
	switch it.kind {
	case textItem, bytesItem:
		write := p.text
		if it.kind == bytesItem {
			write = p.bytes
		}
		text := string(it.content)
		if class != "" && !trivial(text) && (class != Fields || !isSentence(text, name)) {
			if out := w.hide(class, name, text); out != text {
				return write(nil, out)
			}
			return b
		}
		if out := w.body(it.content, ""); !same(out, it.content) {
			return write(nil, string(out))
		}
	case numberItem:
		if class != "" && len(b) > 1 { // the smallest say nothing
			if out := w.hide(class, name, "number "+string(b)); !strings.HasPrefix(out, "number ") {
				return p.text(nil, out)
			}
		}
	case listItem, mapItem:
		return w.itemsIn(p, it, b, class, name)
	}
	return b
}

// itemsIn is item of a list or a map.
func (w *walker) itemsIn(p *packing, it item, b []byte, class, name string) []byte {
	e := edits{b: b}
	of, key := class, name
	for at, n := it.size, 0; at < len(b); n++ {
		size := p.skip(b[at:], 0)
		if size == 0 { // a break
			break
		}
		isName := it.kind == mapItem && n%2 == 0
		var out []byte
		if isName {
			if out = w.item(p, b[at:at+size], "", ""); class == "" {
				key = p.name(b[at : at+size])
				of, _ = w.secretName(key, false)
			}
		} else {
			out = w.item(p, b[at:at+size], of, key)
		}
		if !same(out, b[at:at+size]) {
			e.replace(at, at+size, out)
		}
		at += size
	}
	return e.apply()
}

// name returns what the key of a pair says, up to the length of a name.
func (p *packing) name(b []byte) string {
	it := p.read(b)
	if !it.parts {
		return string(it.content)
	}
	var name []byte
	for at := it.size; at < len(b) && len(name) < maxNameLen; {
		size := p.skip(b[at:], 0)
		if size == 0 { // a break
			break
		}
		name = append(name, p.name(b[at:at+size])...)
		at += size
	}
	return string(name)
}

// msgpack is MessagePack.
//
// Source: https://github.com/msgpack/msgpack/blob/master/spec.md
var msgpack = packing{read: readMsgpack, text: msgpackText, bytes: msgpackBytes}

func readMsgpack(b []byte) item {
	if len(b) == 0 {
		return item{}
	}
	c := b[0]
	switch {
	case c <= 0x7f, c >= 0xe0:
		return item{kind: numberItem, size: 1}
	case c <= 0x8f:
		return item{kind: mapItem, size: 1, count: int(c & 15)}
	case c <= 0x9f:
		return item{kind: listItem, size: 1, count: int(c & 15)}
	case c <= 0xbf:
		return stringItem(textItem, b, 1, uint64(c&31))
	case c >= 0xd4 && c <= 0xd8: // an extension: its type, and 1, 2, 4, 8 or 16 bytes
		return item{size: 2 + 1<<(c-0xd4)}
	}
	// How wide the length, or the number, is that follows.
	width := [...]int{0xc4: 1, 0xc5: 2, 0xc6: 4, 0xc7: 1, 0xc8: 2, 0xc9: 4, 0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8,
		0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4, 0xde: 2, 0xdf: 4}[c]
	n, ok := bigEndian(b, 1, width)
	switch head := 1 + width; {
	case !ok:
		return item{}
	case c <= 0xc3:
		return item{size: 1} // nothing, false, true
	case c <= 0xc6:
		return stringItem(bytesItem, b, head, n)
	case c <= 0xc9:
		return stringItem(otherItem, b, head+1, n)
	case c <= 0xd3:
		return item{kind: numberItem, size: head}
	case c <= 0xdb:
		return stringItem(textItem, b, head, n)
	case c <= 0xdd:
		return containerItem(listItem, b, head, n)
	default:
		return containerItem(mapItem, b, head, n)
	}
}

func msgpackText(out []byte, s string) []byte {
	switch n := len(s); {
	case n < 32:
		out = append(out, 0xa0|byte(n))
	case n < 1<<8:
		out = append(out, 0xd9, byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0xda), uint16(n))
	default:
		out = binary.BigEndian.AppendUint32(append(out, 0xdb), uint32(n))
	}
	return append(out, s...)
}

func msgpackBytes(out []byte, s string) []byte {
	if n := len(s); n < 1<<8 {
		out = append(out, 0xc4, byte(n))
	} else {
		out = binary.BigEndian.AppendUint32(append(out, 0xc6), uint32(n))
	}
	return append(out, s...)
}

// cbor is CBOR.
//
// Source: https://www.rfc-editor.org/rfc/rfc8949#section-3
var cbor = packing{
	read:  readCBOR,
	text:  func(out []byte, s string) []byte { return append(cborHead(out, 3, len(s)), s...) },
	bytes: func(out []byte, s string) []byte { return append(cborHead(out, 2, len(s)), s...) },
}

func readCBOR(b []byte) item {
	if len(b) == 0 {
		return item{}
	}
	major, low := b[0]>>5, b[0]&31
	if low == 31 { // up to a break
		switch major {
		case 2, 3, 4:
			return item{kind: listItem, size: 1, count: -1, parts: major < 4}
		case 5:
			return item{kind: mapItem, size: 1, count: -1}
		case 7:
			return item{kind: breakItem, size: 1}
		}
		return item{}
	}
	width, n, ok := 0, uint64(low), low < 28
	if low >= 24 && ok {
		width = 1 << (low - 24)
		n, ok = bigEndian(b, 1, width)
	}
	if !ok {
		return item{}
	}
	switch head := 1 + width; major {
	case 0, 1:
		return item{kind: numberItem, size: head}
	case 2:
		return stringItem(bytesItem, b, head, n)
	case 3:
		return stringItem(textItem, b, head, n)
	case 4:
		return containerItem(listItem, b, head, n)
	case 5:
		return containerItem(mapItem, b, head, n)
	case 6: // a tag, of what follows
		return item{kind: listItem, size: head, count: 1, parts: true}
	default:
		if width > 1 { // a float
			return item{kind: numberItem, size: head}
		}
		return item{size: head}
	}
}

func cborHead(out []byte, major byte, n int) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(out, major|byte(n))
	case n < 1<<8:
		return append(out, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(out, major|25), uint16(n))
	}
	return binary.BigEndian.AppendUint32(append(out, major|26), uint32(n))
}

// stringItem returns an item of n bytes behind a head.
func stringItem(kind itemKind, b []byte, head int, n uint64) item {
	if head > len(b) || n > uint64(len(b)-head) {
		return item{}
	}
	content := b[head : head+int(n)]
	if kind == textItem && !utf8.Valid(content) {
		return item{}
	}
	return item{kind: kind, size: head + int(n), content: content}
}

// containerItem returns an item of n others behind a head: each takes a byte at
// the least.
func containerItem(kind itemKind, b []byte, head int, n uint64) item {
	if n > uint64(len(b)) {
		return item{}
	}
	return item{kind: kind, size: head, count: int(n)}
}

// bigEndian reads a number of a width in bytes at b[at:].
func bigEndian(b []byte, at, width int) (n uint64, ok bool) {
	if len(b) < at+width {
		return 0, false
	}
	for _, c := range b[at : at+width] {
		n = n<<8 | uint64(c)
	}
	return n, true
}
