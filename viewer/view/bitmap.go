package view

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// A bitmap is a set of rows.
type bitmap []uint64

func newBitmap(rows int) bitmap { return make(bitmap, (rows+63)/64) }

// grow returns the set with room for rows.
func (b bitmap) grow(rows int) bitmap {
	if missing := (rows+63)/64 - len(b); missing > 0 {
		b = append(b, make(bitmap, missing)...)
	}
	return b
}

// has reports whether a row is in the set, which may have no room for it.
func (b bitmap) has(row uint32) bool {
	return int(row/64) < len(b) && b[row/64]>>(row%64)&1 != 0
}

func (b bitmap) set(row uint32) { b[row/64] |= 1 << (row % 64) }

// unset takes a row out of the set, which may have no room for it.
func (b bitmap) unset(row uint32) {
	if int(row/64) < len(b) {
		b[row/64] &^= 1 << (row % 64)
	}
}

// all goes through the set in ascending order.
func (b bitmap) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

func (b bitmap) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// bytes returns the set as that of a [Finding].
func (b bitmap) bytes() []byte {
	set := make([]byte, 0, 8*len(b))
	for _, word := range b {
		set = binary.LittleEndian.AppendUint64(set, word)
	}
	return set
}
