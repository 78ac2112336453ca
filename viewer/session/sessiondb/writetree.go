package sessiondb

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"flowpane/viewer/blob"
)

// writtenPage is the size of the pages of a database that is written, in
// bytes: the end of each body wastes half a page.
const writtenPage = 4096

// lockPage is the page that holds the byte by which SQLite locks files, and
// nothing else.
const lockPage = 1<<30/writtenPage + 1

// pages writes the pages of a database one after the other.
type pages struct {
	ctx  context.Context
	w    io.Writer // nil: they are only counted
	last uint32    // the page that was written last, from 1
}

// next returns the number of the page after n.
func (p *pages) next(n uint32) uint32 {
	if n++; n == lockPage && p.w != nil {
		n++
	}
	return n
}

// write writes a page and returns its number.
func (p *pages) write(page *[writtenPage]byte) (number uint32, err error) {
	number = p.next(p.last)
	skipped := number - p.last - 1
	p.last = number
	if p.w == nil {
		return number, nil
	}
	if number%256 == 0 {
		if err := p.ctx.Err(); err != nil {
			return 0, err
		}
	}
	for range skipped {
		if _, err := p.w.Write(make([]byte, writtenPage)); err != nil {
			return 0, err
		}
	}
	_, err = p.w.Write(page[:])
	return number, err
}

// after returns the last of count pages that follow page n, and are not only
// counted.
func after(n, count uint32) uint32 {
	if n < lockPage && n+count >= lockPage {
		count++
	}
	return n + count
}

// kind is the first byte of a b-tree page.
type kind byte

const (
	indexInterior kind = 2
	tableInterior kind = 5
	indexLeaf     kind = 10
	tableLeaf     kind = 13
)

// A tree writes a b-tree from rows that come in the order of their keys, from
// its leaves to its root: the root is the last page. It holds a page of each
// level, and streams the contents of rows that are longer than a page.
//
// Source: https://sqlite.org/fileformat2.html#b_tree_pages
type tree struct {
	pages  *pages
	leaves kind
	nodes  kind
	// The leaf that is being filled: its cells, one behind the other.
	cells node
	row   int64 // the rowid of its last cell
	// The levels above it, the lowest first.
	levels []level
	page   [writtenPage]byte

	interiors *[]interior // where they are noted, or nil
	spilled   bool        // rows go on outside of their leaves
}

// node is the cells of a page, one behind the other.
type node struct {
	b    []byte
	ends []int
}

// level is the interior page that is being filled. It has one child more than
// cells: each cell but its first four bytes, which name a child, tells the
// child in front of it from the one behind.
type level struct {
	node
	children []uint32
	before   []byte // tells the page from the one in front of it
}

func newTable(p *pages) *tree { return &tree{pages: p, leaves: tableLeaf, nodes: tableInterior} }
func newIndex(p *pages) *tree { return &tree{pages: p, leaves: indexLeaf, nodes: indexInterior} }

// add appends a row to a table: head, and behind it the bytes of tail, if any.
func (t *tree) add(rowid int64, head []byte, tail blob.Source) error {
	size := int64(len(head))
	if tail != nil {
		size += tail.Size()
	}
	return t.stream(rowid, size, head, tail)
}

// count adds a row of which only the size is known, in bytes.
func (t *tree) count(rowid, size int64) error { return t.stream(rowid, size, nil, nil) }

func (t *tree) stream(rowid, size int64, head []byte, tail blob.Source) error {
	prefix := appendVarint(make([]byte, 0, 18), uint64(size))
	if t.leaves == tableLeaf {
		prefix = appendVarint(prefix, uint64(rowid))
	}
	local := t.local(size)
	length := len(prefix) + int(local)
	if local < size {
		length += 4
		t.spilled = true
	}
	if !t.cells.fits(8, length) {
		if err := t.endLeaf(); err != nil {
			return err
		}
	}
	t.cells.b = append(t.cells.b, prefix...)
	var err error
	if t.pages.w == nil {
		start := len(t.cells.b)
		t.cells.b = append(t.cells.b, make([]byte, length-len(prefix))...)
		copy(t.cells.b[start:], head[:min(local, int64(len(head)))]) // the keys of an index
		t.pages.last += uint32((size - local + writtenPage - 5) / (writtenPage - 4))
	} else {
		err = t.payload(head, tail, size, local)
	}
	t.cells.ends = append(t.cells.ends, len(t.cells.b))
	t.row = rowid
	return err
}

// local returns how much of a row of size bytes lies in its leaf.
//
// Source: https://sqlite.org/fileformat2.html#cell_payload_overflow_pages
func (t *tree) local(size int64) int64 {
	const least = (writtenPage-12)*32/255 - 23
	most := int64(writtenPage - 35)
	if t.leaves == indexLeaf {
		most = (writtenPage-12)*64/255 - 23
	}
	if size <= most {
		return size
	}
	if k := least + (size-least)%(writtenPage-4); k <= most {
		return k
	}
	return least
}

// payload appends the local bytes of a row to the leaf, and writes the others
// to pages of their own, in front of it.
func (t *tree) payload(head []byte, tail blob.Source, size, local int64) error {
	r := io.Reader(bytes.NewReader(head))
	if tail != nil {
		r = io.MultiReader(r, io.NewSectionReader(tail, 0, tail.Size()))
	}
	start := len(t.cells.b)
	t.cells.b = append(t.cells.b, make([]byte, local)...)
	if _, err := io.ReadFull(r, t.cells.b[start:]); err != nil {
		return short(err)
	}
	if local == size {
		return nil
	}
	number := t.pages.next(t.pages.last)
	t.cells.b = binary.BigEndian.AppendUint32(t.cells.b, number)
	for rest := size - local; rest > 0; {
		n := min(rest, writtenPage-4)
		rest -= n
		clear(t.page[:])
		number = t.pages.next(number)
		if rest > 0 {
			binary.BigEndian.PutUint32(t.page[:], number)
		}
		if _, err := io.ReadFull(r, t.page[4:4+n]); err != nil {
			return short(err)
		}
		if _, err := t.pages.write(&t.page); err != nil {
			return err
		}
	}
	return nil
}

func short(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// fits reports whether a page with a header of that many bytes has room for
// one more cell.
func (n *node) fits(header, cell int) bool {
	return header+len(n.b)+2*len(n.ends)+cell+2 <= writtenPage
}

// pop takes away the last cell, and returns it. It is valid until the next
// cell is appended.
func (n *node) pop() []byte {
	last := len(n.ends) - 1
	start := 0
	if last > 0 {
		start = n.ends[last-1]
	}
	cell := n.b[start:n.ends[last]]
	n.b, n.ends = n.b[:start], n.ends[:last]
	return cell
}

// endLeaf writes the leaf, and begins the next.
func (t *tree) endLeaf() error {
	var between []byte
	if t.leaves == tableLeaf {
		between = appendVarint(nil, uint64(t.row))
	} else {
		// The keys of an index are in all its pages, each once.
		between = bytes.Clone(t.cells.pop())
	}
	number, err := t.end(t.leaves, &t.cells, 0)
	if err == nil {
		err = t.grow(0, number, between)
	}
	return err
}

// grow appends a child to the interior page of a level; between tells it from
// the child that is to follow.
func (t *tree) grow(depth int, child uint32, between []byte) error {
	if depth == len(t.levels) {
		t.levels = append(t.levels, level{})
	}
	l := &t.levels[depth]
	if len(l.children) > 0 && !l.fits(12, 4+len(l.before)) {
		// The last child begins the next page: none has but one.
		last := l.children[len(l.children)-1]
		l.children = l.children[:len(l.children)-1]
		divider := bytes.Clone(l.pop()[4:])
		number, err := t.endLevel(depth)
		if err == nil {
			err = t.grow(depth+1, number, divider)
		}
		if err != nil {
			return err
		}
		l = &t.levels[depth] // it may have moved
		l.children = append(l.children, last)
	}
	if n := len(l.children); n > 0 {
		l.b = binary.BigEndian.AppendUint32(l.b, l.children[n-1])
		l.b = append(l.b, l.before...)
		l.ends = append(l.ends, len(l.b))
	}
	l.children = append(l.children, child)
	l.before = between
	return nil
}

// endLevel writes the interior page of a level.
func (t *tree) endLevel(depth int) (number uint32, err error) {
	l := &t.levels[depth]
	var noted interior
	if t.interiors != nil {
		if noted, err = l.interior(t.nodes == indexInterior); err != nil {
			return 0, err
		}
	}
	right := l.children[len(l.children)-1]
	l.children = l.children[:0]
	number, err = t.end(t.nodes, &l.node, right)
	if t.interiors != nil && err == nil {
		noted.number = number
		*t.interiors = append(*t.interiors, noted)
	}
	return number, err
}

// end writes a page and empties it.
func (t *tree) end(k kind, n *node, right uint32) (number uint32, err error) {
	clear(t.page[:])
	n.layout(t.page[:], 0, k, right)
	n.b, n.ends = n.b[:0], n.ends[:0]
	return t.pages.write(&t.page)
}

// layout fills a page whose header begins at offset at.
func (n *node) layout(page []byte, at int, k kind, right uint32) {
	header := page[at:]
	header[0] = byte(k)
	binary.BigEndian.PutUint16(header[3:], uint16(len(n.ends)))
	pointers := header[8:]
	if k == tableInterior || k == indexInterior {
		binary.BigEndian.PutUint32(header[8:], right)
		pointers = header[12:]
	}
	start, top := 0, len(page)
	for i, end := range n.ends {
		top -= end - start
		copy(page[top:], n.b[start:end])
		binary.BigEndian.PutUint16(pointers[2*i:], uint16(top))
		start = end
	}
	binary.BigEndian.PutUint16(header[5:], uint16(top)) // 65536 would be 0
}

// finish writes what is left and returns the root.
func (t *tree) finish() (root uint32, err error) {
	root, err = t.end(t.leaves, &t.cells, 0)
	for depth := 0; depth < len(t.levels) && err == nil; depth++ {
		if err = t.grow(depth, root, nil); err == nil {
			root, err = t.endLevel(depth)
		}
	}
	return root, err
}

// finishAt writes what is left but the root, for which there is room on page
// from an offset: that of the schema has its place. It takes trees of more
// than one page and no more than one can tell apart.
func (t *tree) finishAt(page []byte, offset int) error {
	number, err := t.end(t.leaves, &t.cells, 0)
	if err == nil {
		err = t.grow(0, number, nil)
	}
	if err == nil {
		l := &t.levels[0]
		l.layout(page, offset, t.nodes, number)
	}
	return err
}

// appendVarint appends v as SQLite writes it: seven bits a byte, the highest
// first, and eight in the ninth.
//
// Source: https://sqlite.org/fileformat2.html#varint
func appendVarint(b []byte, v uint64) []byte {
	if v>>56 != 0 {
		for shift := 57; shift >= 8; shift -= 7 {
			b = append(b, byte(v>>shift)|0x80)
		}
		return append(b, byte(v))
	}
	shift := 0
	for v>>(shift+7) != 0 {
		shift += 7
	}
	for ; shift > 0; shift -= 7 {
		b = append(b, byte(v>>shift)|0x80)
	}
	return append(b, byte(v)&0x7f)
}
