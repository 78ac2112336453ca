package view

import (
	"encoding/binary"
	"unicode/utf8"
)

// chunkSize is when a chunk of texts is full.
const chunkSize = 128 << 10

// A textRef is the place of a text: its chunk in the upper half, the offset
// there in the lower.
type textRef uint64

// texts keep strings that do not repeat, one behind the other in large chunks:
// a row costs its bytes and the length before them, and the collector of
// garbage has nothing to look at. A copy is a snapshot, as a copy of columns is.
type texts struct {
	full []chunk
	last []byte // the chunk that is being filled
}

// A chunk is texts, each behind its length.
type chunk struct {
	texts   string
	foreign []uint32 // where the texts are that have characters beyond ASCII
}

// add keeps a copy of the text that parts make together.
func (t *texts) add(parts ...string) textRef {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if len(t.last) > 0 && len(t.last)+binary.MaxVarintLen32+size > chunkSize {
		t.full = append(t.full, seal(t.last))
		t.last = nil // not reused: snapshots read it
	}
	if t.last == nil {
		t.last = make([]byte, 0, chunkSize)
	}
	ref := textRef(len(t.full)<<32 | len(t.last))
	t.last = binary.AppendUvarint(t.last, uint64(size))
	for _, p := range parts {
		t.last = append(t.last, p...)
	}
	return ref
}

// text returns the text at ref. It is a part of its chunk, and a copy only
// while that is being filled.
func (t *texts) text(ref textRef) string {
	if chunk := int(ref >> 32); chunk < len(t.full) {
		s, at := t.full[chunk].texts, int(uint32(ref))
		if n := int(s[at]); n < 0x80 { // as a rule
			return s[at+1 : at+1+n]
		}
		from, to := bounds(s, at)
		return s[from:to]
	}
	from, to := bounds(t.last, int(uint32(ref)))
	return string(t.last[from:to])
}

// is reports whether the text at ref is s.
func (t *texts) is(ref textRef, s string) bool {
	if int(ref>>32) < len(t.full) {
		return t.text(ref) == s
	}
	from, to := bounds(t.last, int(uint32(ref)))
	return string(t.last[from:to]) == s // compared in place
}

// bounds reads the length at an offset of a chunk, and returns where the text
// is.
func bounds[T string | []byte](chunk T, at int) (from, to int) {
	n := 0
	for shift := 0; ; shift += 7 {
		b := chunk[at]
		at++
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return at, at + n
		}
	}
}

// seal makes a chunk of what will not change any more.
func seal(b []byte) chunk {
	c := chunk{texts: string(b)}
	for at := 0; at < len(c.texts); {
		from, to := bounds(c.texts, at)
		for _, b := range []byte(c.texts[from:to]) {
			if b >= utf8.RuneSelf {
				c.foreign = append(c.foreign, uint32(at))
				break
			}
		}
		at = to
	}
	return c
}
