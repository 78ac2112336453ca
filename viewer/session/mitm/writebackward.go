package mitm

import (
	"math"
	"strconv"
	"unicode/utf8"

	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

const (
	// maxHeld is the size in bytes of the largest record that a buffer is kept
	// for.
	maxHeld = 1 << 20
	// maxCopied is the length in bytes up to which contents are copied into
	// the record.
	maxCopied = 4 << 10
)

// A backward is a record that is made from its end to its beginning, as
// mitmproxy does: a length stands in front of what it counts, and so is known
// when it is written. Bodies are left out, and counted.
//
// That is also why the pairs of a dict stand in reverse order in a file: they
// are put here in the order that mitmproxy has them in memory. In each pair the
// value comes first, and lists are gone through from their end.
type backward struct {
	buf   []byte // filled from at
	at    int
	holes []hole // from the end
	apart int64  // bytes of all holes

	turning turning
}

// A hole is a body that is to be written between the bytes of a record.
type hole struct {
	where  string
	src    blob.Source
	behind int // how many bytes of buf are behind it
}

// reset begins a record.
func (b *backward) reset() {
	if len(b.buf) > maxHeld {
		b.buf = nil
	}
	clear(b.holes)
	b.at, b.holes, b.apart = len(b.buf), b.holes[:0], 0
}

// size returns how many bytes the record has by now.
func (b *backward) size() int64 { return int64(len(b.buf)-b.at) + b.apart }

// room makes room for n bytes, and returns it.
func (b *backward) room(n int) []byte {
	if n > b.at {
		used := len(b.buf) - b.at
		grown := make([]byte, max(2*len(b.buf), used+n, 4<<10))
		b.at = len(grown) - used
		copy(grown[b.at:], b.buf[len(b.buf)-used:])
		b.buf = grown
	}
	b.at -= n
	return b.buf[b.at : b.at+n]
}

func (b *backward) byte(c byte)     { b.room(1)[0] = c }
func (b *backward) put(p []byte)    { copy(b.room(len(p)), p) }
func (b *backward) string(s string) { copy(b.room(len(s)), s) }

// open puts the tag that ends an element, and returns where.
func (b *backward) open(tag byte) int64 {
	b.byte(tag)
	b.opened(tag)
	return b.size()
}

// close puts what an element begins with, and the key in front of it unless it
// is noKey.
func (b *backward) close(key string, end int64) {
	if b.turning.marking {
		b.turn(end)
	}
	b.length(b.size() - end)
	if key == noKey {
		return
	}
	b.byte(tagText)
	b.string(key)
	b.length(int64(len(key)))
	if b.turning.marking {
		b.mark()
	}
}

// noKey is the key of what is no value of a dict.
const noKey = ""

func (b *backward) length(n int64) {
	b.byte(':')
	for {
		b.byte(byte('0' + n%10))
		if n /= 10; n == 0 {
			return
		}
	}
}

func (b *backward) element(key string, tag byte, payload []byte) {
	end := b.open(tag)
	b.put(payload)
	b.close(key, end)
}

func (b *backward) null(key string) { b.element(key, tagNull, nil) }

func (b *backward) bytes(key string, p []byte) { b.element(key, tagBytes, p) }

// bytesOrNull puts null for nil.
func (b *backward) bytesOrNull(key string, p []byte) {
	if p == nil {
		b.null(key)
		return
	}
	b.bytes(key, p)
}

// text puts text, in which a byte that is not UTF-8 is escaped: it is refused
// otherwise.
func (b *backward) text(key string, p []byte) {
	if !utf8.Valid(p) {
		p = escaped(p)
	}
	b.element(key, tagText, p)
}

// textOrNull puts null for nil.
func (b *backward) textOrNull(key string, p []byte) {
	if p == nil {
		b.null(key)
		return
	}
	b.text(key, p)
}

// escaped returns p with \xff in place of the byte ff where it is not UTF-8,
// as mitmproxy has it when it makes text of bytes.
func escaped(p []byte) []byte {
	const hex = "0123456789abcdef"
	var out []byte
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		if r == utf8.RuneError && n == 1 {
			out = append(out, '\\', 'x', hex[p[0]>>4], hex[p[0]&15])
		} else {
			out = append(out, p[:n]...)
		}
		p = p[n:]
	}
	return out
}

func (b *backward) bool(key string, v bool) {
	end := b.open(tagBool)
	b.string(strconv.FormatBool(v))
	b.close(key, end)
}

// boolOrNull puts null for nil.
func (b *backward) boolOrNull(key string, v *bool) {
	if v == nil {
		b.null(key)
		return
	}
	b.bool(key, *v)
}

func (b *backward) int(key string, n int64) {
	var digits [20]byte
	b.element(key, tagInt, strconv.AppendInt(digits[:0], n, 10))
}

// intOrNull puts null for nil.
func (b *backward) intOrNull(key string, n *int64) {
	if n == nil {
		b.null(key)
		return
	}
	b.int(key, *n)
}

// float puts v as Python shows it.
func (b *backward) float(key string, v float64) {
	var text [32]byte
	b.element(key, tagFloat, flow.AppendFloat(text[:0], v))
}

// time puts a time, as an integer if it was written so, or null for nil.
func (b *backward) time(key string, t *float64, integral bool) {
	switch {
	case t == nil:
		b.null(key)
	case integral && isWhole(*t):
		var digits [32]byte
		b.element(key, tagInt, strconv.AppendFloat(digits[:0], *t, 'f', -1, 64))
	default:
		b.float(key, *t)
	}
}

func isWhole(v float64) bool { return math.Trunc(v) == v && !math.IsInf(v, 0) }

// list puts a list of n items, which item puts.
func (b *backward) list(key string, n int, item func(i int)) {
	end := b.open(tagList)
	for i := n - 1; i >= 0; i-- {
		item(i)
	}
	b.close(key, end)
}

// body puts bytes that lie elsewhere, or here.
func (b *backward) body(key, where string, p payload) {
	switch {
	case p.src != nil:
		end := b.open(tagBytes)
		b.holes = append(b.holes, hole{where, p.src, len(b.buf) - b.at})
		b.apart += p.src.Size()
		b.close(key, end)
	default:
		b.bytesOrNull(key, p.bytes)
	}
}
