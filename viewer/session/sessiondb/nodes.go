package sessiondb

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"flowpane/viewer/blob"
)

// The interior pages of a b-tree lie among its leaves, and each that a search
// meets is a request over HTTP. A packed database has those of its large trees
// once more, in one place: what is found there is not asked for. They say too
// which pages lie in front of a leaf because a row of it is long, so that a leaf
// and what continues its rows take one request.

// maxNodes is of how many interior pages a reader keeps copies, of 4 KiB each:
// 16 million bodies have so many.
const maxNodes = 16 << 10

// interior is an interior page of a tree, by numbers that count the pages of
// the tree from 1. What lies between each child and the one behind it is a key
// in a table, and a cell without its child in an index.
type interior struct {
	number   uint32
	children []uint32
	keys     []uint64
	cells    [][]byte
}

// interiors appends interior pages, as differences: they are small.
func (p *packer) interiors(list []interior) {
	number := func(v, before uint64) { p.b = binary.AppendVarint(p.b, int64(v-before)) }
	var page, child uint32
	var key uint64
	number(uint64(len(list)), 0)
	for _, n := range list {
		number(uint64(n.number), uint64(page))
		number(uint64(len(n.children)), 0)
		page = n.number
		for _, c := range n.children {
			number(uint64(c), uint64(child))
			child = c
		}
		for _, k := range n.keys {
			number(k, key)
			key = k
		}
		for _, c := range n.cells {
			number(uint64(len(c)), 0)
			p.b = append(p.b, c...)
		}
	}
}

// interiors is the inverse of packer.interiors, of a table or an index. A tree
// has no more than most pages.
func (u *unpacker) interiors(most uint32, index bool) []interior {
	number := func(before uint64) uint64 {
		v, n := binary.Varint(u.b)
		if n <= 0 {
			u.fail()
			return 0
		}
		u.b = u.b[n:]
		return before + uint64(v)
	}
	page := func(before uint32) uint32 {
		v := number(uint64(before))
		if v == 0 || v > uint64(most) {
			u.fail()
			return 1
		}
		return uint32(v)
	}
	var list []interior
	var last, child uint32
	var key uint64
	for count := number(0); count > 0 && u.err == nil; count-- {
		n := interior{number: page(last)}
		last = n.number
		children := number(0)
		if children < 2 || children > writtenPage/6 || len(list) == maxNodes {
			u.fail()
			break
		}
		for range children {
			child = page(child)
			n.children = append(n.children, child)
		}
		for range children - 1 {
			if index {
				n.cells = append(n.cells, u.take(int(number(0))))
				continue
			}
			key = number(key)
			n.keys = append(n.keys, key)
		}
		list = append(list, n)
	}
	return list
}

// page returns the page itself. The tree begins behind page base.
func (n *interior) page(base uint32) ([]byte, error) {
	var cells node
	kind := tableInterior
	if n.cells != nil {
		kind = indexInterior
	}
	for i, child := range n.children[:len(n.children)-1] {
		cell := binary.BigEndian.AppendUint32(nil, after(base, child))
		if n.cells != nil {
			cell = append(cell, n.cells[i]...)
		} else {
			cell = appendVarint(cell, n.keys[i])
		}
		if !cells.fits(12, len(cell)) {
			return nil, errColumn
		}
		cells.b = append(cells.b, cell...)
		cells.ends = append(cells.ends, len(cells.b))
	}
	page := make([]byte, writtenPage)
	cells.layout(page, 0, kind, after(base, n.children[len(n.children)-1]))
	return page, nil
}

// interior returns the page of a level that is about to be written, but for
// its number.
func (l *level) interior(index bool) (interior, error) {
	n := interior{children: slices.Clone(l.children)}
	start := 0
	for _, end := range l.ends {
		cell := l.b[start+4 : end]
		start = end
		if index {
			n.cells = append(n.cells, slices.Clone(cell))
			continue
		}
		key, size := varint(cell)
		if size == 0 {
			return n, errors.New("sessiondb: a cell without a key")
		}
		n.keys = append(n.keys, key)
	}
	return n, nil
}

// varint is the inverse of appendVarint; size is 0 where there is none.
func varint(b []byte) (v uint64, size int) {
	for i, c := range b {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		if v = v<<7 | uint64(c&0x7f); c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// nodes is what is known of the pages of large trees before they are read.
type nodes struct {
	pages  map[int64][]byte // those that are interior, by number
	leaves []leaf           // the others, in their order
	reach  int64            // how many pages are read at once at the most
}

// A leaf is known by the page behind which its own begin: what continues its
// rows, and last the leaf itself.
type leaf struct{ number, behind uint32 }

// add adds the interior pages of a tree that begins behind page base.
func (n *nodes) add(base uint32, list []interior) error {
	var leaves []leaf
	inside := map[uint32]bool{}
	for _, i := range list {
		page, err := i.page(base)
		if err != nil {
			return err
		}
		inside[i.number] = true
		n.pages[int64(after(base, i.number))] = page
	}
	for _, i := range list {
		for _, child := range i.children {
			if !inside[child] {
				leaves = append(leaves, leaf{number: after(base, child)})
			}
		}
	}
	slices.SortFunc(leaves, func(a, b leaf) int { return cmp.Compare(a.number, b.number) })
	for i := range leaves {
		leaves[i].behind = base
		if i > 0 {
			leaves[i].behind = leaves[i-1].number
		}
	}
	n.leaves = append(n.leaves, leaves...)
	return nil
}

// before returns how many pages in front of one belong to it, as far as they are
// read with it.
func (n *nodes) before(number int64) int64 {
	i, found := slices.BinarySearchFunc(n.leaves, number, func(l leaf, number int64) int { return cmp.Compare(int64(l.number), number) })
	if !found {
		return 0
	}
	return max(min(number-int64(n.leaves[i].behind), n.reach)-1, 0)
}

// readNodes has the interior pages read that lie in one place, once, if the
// source is one where that pays. What is wrong with them does not matter: the
// pages themselves are there.
func (r *Reader) readNodes() {
	remote, ok := r.src.(blob.Blocked)
	if !ok || !r.fresh || r.nodesRead {
		return
	}
	r.nodesRead = true
	s, _, err := r.db.conn.Prepare("SELECT type = 'index', rootpage, pages, content FROM main.flow_nodes JOIN sqlite_schema ON sqlite_schema.name = flow_nodes.name ORDER BY flow_nodes.rowid")
	if err != nil {
		return
	}
	defer s.Close()
	size, run := remote.Blocks()
	n := &nodes{pages: map[int64][]byte{}, reach: int64(size * run / writtenPage)}
	for s.Step() {
		index, root, pages := s.ColumnBool(0), s.ColumnInt64(1), s.ColumnInt64(2)
		if pages <= 0 || root < pages || root > 1<<31 {
			return
		}
		base := uint32(root - pages)
		if after(base, uint32(pages)) != uint32(root) {
			base--
		}
		var list []interior
		err := unpackColumn(s.ColumnBlob(3, []byte{}), maxColumn, func(u *unpacker) { list = u.interiors(uint32(pages), index) })
		if err != nil || len(n.pages)+len(list) > maxNodes || n.add(base, list) != nil {
			return
		}
	}
	slices.SortFunc(n.leaves, func(a, b leaf) int { return cmp.Compare(a.number, b.number) })
	r.db.vfs.nodes.Store(n)
}

// firstChunkPages is how many pages the columns of the first chunk take, as a
// rule, with its keys.
const firstChunkPages = 10

// reachFront has the first pages read at once that a list and a search need:
// the nodes, and behind them the first chunk. In files that were written before
// they lay there, they are read as they are met.
func (d *database) reachFront() {
	s, _, err := d.conn.Prepare("SELECT n.rootpage, c.rootpage FROM sqlite_schema n, sqlite_schema c WHERE n.name = 'flow_nodes' AND c.name = 'flow_columns'")
	if err != nil {
		return
	}
	defer s.Close()
	if !s.Step() {
		return
	}
	const most = 512 // pages, for nodes
	if first, columns := s.ColumnInt64(0), s.ColumnInt64(1); 0 < first && first < columns && columns < first+most {
		d.vfs.src.Reach((first-1)*writtenPage, (columns-first+firstChunkPages)*writtenPage)
	}
}
