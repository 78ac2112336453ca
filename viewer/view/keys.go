package view

import (
	"encoding/hex"
	"hash/maphash"
)

// A key takes 16 bytes of its row: those of a UUID, as keys are as a rule, or
// the place of its text.
type key [16]byte

// uuid returns the bytes of a UUID as mitmproxy writes it, in lower case with
// four hyphens; false for any other text.
func uuid(text string) (k key, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return k, false
	}
	for i, at := range [len(k)]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		high, low := nibble(text[at]), nibble(text[at+1])
		if high|low > 15 {
			return k, false
		}
		k[i] = high<<4 | low
	}
	return k, true
}

func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}

// appendUUID appends the text of a UUID.
func appendUUID(b []byte, k *key) []byte {
	for i, n := 0, 0; i < len(k); i += n {
		if n = 2; i == 0 {
			n = 4
		} else if b = append(b, '-'); i == 10 {
			n = 6
		}
		b = hex.AppendEncode(b, k[i:i+n])
	}
	return b
}

// An index finds rows by their keys: open addressing, four bytes a slot. The
// keys themselves are in the columns. It is no part of a snapshot.
type index struct {
	seed  maphash.Seed
	slots []uint32 // row + 1; 0 is free. Their number is a power of two
	used  int
}

// find returns the row of a key.
func (x *index) find(c *columns, text string) (row int, ok bool) {
	if x.used == 0 {
		return 0, false
	}
	want, short := uuid(text)
	for at := x.start(text, &want, short); x.slots[at] != 0; at = (at + 1) & (len(x.slots) - 1) {
		row := int(x.slots[at] - 1)
		if k, isShort := c.key(row); isShort != short {
			continue
		} else if short && *k == want || !short && c.keyText(row) == text {
			return row, true
		}
	}
	return 0, false
}

// add makes the last row of c known, whose key must be new.
func (x *index) add(c *columns) {
	if (x.used+1)*8 > len(x.slots)*7 {
		x.grow(c)
	}
	x.put(c, c.n-1)
	x.used++
}

func (x *index) put(c *columns, row int) {
	k, short := c.key(row)
	text := ""
	if !short {
		text = c.keyText(row)
	}
	at := x.start(text, k, short)
	for x.slots[at] != 0 {
		at = (at + 1) & (len(x.slots) - 1)
	}
	x.slots[at] = uint32(row + 1)
}

func (x *index) grow(c *columns) {
	if x.slots == nil {
		x.seed = maphash.MakeSeed()
	}
	x.slots = make([]uint32, max(64, 2*len(x.slots)))
	for row := range x.used {
		x.put(c, row)
	}
}

// start is the slot at which a search begins.
func (x *index) start(text string, k *key, short bool) int {
	if short {
		return int(maphash.Bytes(x.seed, k[:]) & uint64(len(x.slots)-1))
	}
	return int(maphash.String(x.seed, text) & uint64(len(x.slots)-1))
}
