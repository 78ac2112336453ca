package view

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"flowpane/viewer/flow"
)

// A key takes 16 bytes of its row: those of a UUID, as keys are as a rule, or
// the place of its text.
type key = [16]byte

// An index finds rows by their keys: open addressing, four bytes a slot, of which
// half are free. The keys themselves are in the columns, where each that a search
// passes is a miss of the cache. It is no part of a snapshot.
type index struct {
	seed    maphash.Seed
	secrets [2]uint64
	slots   []uint32 // row + 1; 0 is free. Their number is a power of two
	used    int
}

// find returns the row of a key.
func (x *index) find(c *columns, text string) (row int, ok bool) {
	if x.used == 0 {
		return 0, false
	}
	want, short := flow.UUID(text)
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
	if (x.used+1)*2 > len(x.slots) {
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
		x.secrets = [2]uint64{maphash.String(x.seed, "0"), maphash.String(x.seed, "1")}
	}
	x.slots = make([]uint32, max(64, 2*len(x.slots)))
	for row := range x.used {
		x.put(c, row)
	}
}

// start is the slot at which a search begins.
func (x *index) start(text string, k *key, short bool) int {
	if short {
		// A product of two sums with secrets, of which the upper bits depend on
		// all others: nobody can choose keys that collide.
		high := (binary.LittleEndian.Uint64(k[:]) + x.secrets[0]) * (binary.LittleEndian.Uint64(k[8:]) + x.secrets[1])
		return int(high >> bits.LeadingZeros64(uint64(len(x.slots)-1)))
	}
	return int(maphash.String(x.seed, text) & uint64(len(x.slots)-1))
}
