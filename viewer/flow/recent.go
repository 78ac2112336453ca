package flow

import "encoding/binary"

const (
	// ends is how many bytes at either end of a text Fingerprint looks at.
	ends = 96
	// factor is 2^64 by the golden ratio: it spreads bits upwards.
	factor = 0x9e3779b97f4a7c15
)

// Fingerprint returns what few texts have in common: a sum over their length and
// both ends, for memories that compare besides. A hash of everything, as maps
// make one, takes a browser several times as long: it has no instruction for it.
// Whoever chooses texts that have it in common makes a memory forget, no more.
func Fingerprint(text []byte) uint64 {
	sum := uint64(len(text)) * factor
	if len(text) > 2*ends {
		sum = fingerprint(sum, text[:ends])
		text = text[len(text)-ends:]
	}
	return fingerprint(sum, text)
}

func fingerprint(sum uint64, text []byte) uint64 {
	if n := len(text); n >= 8 {
		last := binary.LittleEndian.Uint64(text[n-8:])
		for ; len(text) > 8; text = text[8:] {
			sum = (sum ^ binary.LittleEndian.Uint64(text)) * factor
			sum ^= sum >> 32
		}
		return (sum ^ last) * factor
	}
	for _, c := range text {
		sum = (sum ^ uint64(c)) * factor
	}
	return sum
}

// Same reports whether two texts are equal. It is bytes.Equal for long ones: in a
// browser that compares eight bytes at a time, 1 GB a second, and Same three to seven.
func Same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for len(a) >= 32 && len(b) >= 32 {
		differ := binary.LittleEndian.Uint64(a) ^ binary.LittleEndian.Uint64(b)
		differ |= binary.LittleEndian.Uint64(a[8:]) ^ binary.LittleEndian.Uint64(b[8:])
		differ |= binary.LittleEndian.Uint64(a[16:]) ^ binary.LittleEndian.Uint64(b[16:])
		differ |= binary.LittleEndian.Uint64(a[24:]) ^ binary.LittleEndian.Uint64(b[24:])
		if differ != 0 {
			return false
		}
		a, b = a[32:], b[32:]
	}
	return string(a) == string(b)
}

// places is how many values a Recent remembers, by bits of a fingerprint.
const (
	placeBits = 11
	places    = 1 << placeBits
)

// few is how often a Recent is asked before its places are worth their memory,
// which is tens of kilobytes.
const few = 16

// A Recent remembers values by texts, one at each of a number of places. The zero
// value is empty, and ready for use.
type Recent[T any] struct {
	slots *[places]Slot[T]
	first Slot[T] // the only place at first
	asked int     // how often, until there are others
}

// A Slot is a place in a Recent: what was put there last, and of which text.
type Slot[T any] struct {
	Text  string
	Value T
}

// At returns the place of a text, where another text may be, or none, which is
// the empty one. Whoever called it puts the right one there.
func (r *Recent[T]) At(text []byte) *Slot[T] {
	if r.slots == nil {
		if r.asked++; r.asked < few {
			return &r.first
		}
		r.slots = new([places]Slot[T])
	}
	return &r.slots[Fingerprint(text)>>(64-placeBits)]
}
