package mitm

import (
	"cmp"
	"slices"
)

// A mark is where in a record a dict begins, or one of its pairs.
type mark struct {
	size int64 // of the record by then
	used int   // of buf by then
}

// A turning puts the pairs of dicts in reverse order. mitmproxy keeps a backup
// as the dicts that it read, which are in the order of the file; and it writes
// dicts from their end. So with each load and save that order turns.
//
// What has no keys of its own is left as it is: metadata, which are in the
// order of the file anyway.
type turning struct {
	marking  bool // what is put is part of a backup that is turned
	reversed bool // its dicts are
	marks    []mark
	pairs    []byte // scratch
}

// opened notes that a dict begins.
func (b *backward) opened(tag byte) {
	if b.turning.marking && tag == tagDict {
		b.mark()
	}
}

func (b *backward) mark() {
	b.turning.marks = append(b.turning.marks, mark{b.size(), len(b.buf) - b.at})
}

// turn forgets the marks of the element that began at end, and reverses its
// pairs.
func (b *backward) turn(end int64) {
	t := &b.turning
	i := len(t.marks)
	for i > 0 && t.marks[i-1].size >= end {
		i--
	}
	marks := t.marks[i:]
	t.marks = t.marks[:i]
	if !t.reversed || len(marks) < 3 {
		return
	}
	first, last := marks[0].used, marks[len(marks)-1].used
	dict := b.buf[len(b.buf)-last : len(b.buf)-first]
	t.pairs = append(t.pairs[:0], dict...)
	for k := 1; k < len(marks); k++ {
		before, after := marks[k-1].used, marks[k].used
		copy(dict[before-first:], t.pairs[last-after:last-before])
	}
	b.turnHoles(marks)
}

// turnHoles moves the holes of pairs that were reversed.
func (b *backward) turnHoles(marks []mark) {
	first, last := marks[0].used, marks[len(marks)-1].used
	i := len(b.holes)
	for ; i > 0 && b.holes[i-1].behind > first; i-- {
		hole := &b.holes[i-1]
		k := slices.IndexFunc(marks, func(m mark) bool { return m.used > hole.behind })
		hole.behind += last + first - marks[k].used - marks[k-1].used
	}
	slices.SortFunc(b.holes[i:], func(x, y hole) int { return cmp.Compare(x.behind, y.behind) })
}
