package sessiondb

import (
	"encoding/binary"
	"errors"

	"flowpane/viewer/blob"
)

// The interior pages of a b-tree lie among its leaves, and each that a search
// meets is a request over HTTP. A packed database has those of its large trees
// once more, in one place: what is found there is not asked for.

// interior is an interior page of a table, by numbers that count the pages of
// the tree from 1. Keys tell each child but the last from the one behind it.
type interior struct {
	number   uint32
	children []uint32
	keys     []uint64
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
	}
}

// interiors is the inverse of packer.interiors. A tree has no more than most
// pages.
func (u *unpacker) interiors(most uint32) []interior {
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
		if children < 2 || children > writtenPage/6 {
			u.fail()
			break
		}
		for range children {
			child = page(child)
			n.children = append(n.children, child)
		}
		for range children - 1 {
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
	for i, key := range n.keys {
		cell := appendVarint(binary.BigEndian.AppendUint32(nil, after(base, n.children[i])), key)
		if !cells.fits(12, len(cell)) {
			return nil, errColumn
		}
		cells.b = append(cells.b, cell...)
		cells.ends = append(cells.ends, len(cells.b))
	}
	page := make([]byte, writtenPage)
	cells.layout(page, 0, tableInterior, after(base, n.children[len(n.children)-1]))
	return page, nil
}

// interior returns the page of a level that is about to be written, but for
// its number.
func (l *level) interior() (interior, error) {
	n := interior{children: append([]uint32(nil), l.children...)}
	start := 0
	for _, end := range l.ends {
		key, size := varint(l.b[start+4 : end])
		if size == 0 {
			return n, errors.New("sessiondb: a cell without a key")
		}
		n.keys = append(n.keys, key)
		start = end
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

// readNodes has the interior pages read that lie in one place, if the source
// is one where that pays. What is wrong with them does not matter: the pages
// themselves are there.
func (r *Reader) readNodes() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, remote := r.src.(blob.Blocked); !remote || r.db == nil {
		return
	}
	s, _, err := r.db.conn.Prepare("SELECT rootpage, pages, content FROM main.flow_nodes JOIN sqlite_schema ON type = 'table' AND sqlite_schema.name = flow_nodes.name ORDER BY flow_nodes.rowid")
	if err != nil {
		return
	}
	defer s.Close()
	nodes := map[int64][]byte{}
	for s.Step() {
		root, pages := s.ColumnInt64(0), s.ColumnInt64(1)
		if pages <= 0 || root < pages || root > 1<<31 {
			return
		}
		base := uint32(root - pages)
		if after(base, uint32(pages)) != uint32(root) {
			base--
		}
		err := unpackColumn(s.ColumnBlob(2, []byte{}), maxColumn, func(u *unpacker) {
			for _, n := range u.interiors(uint32(pages)) {
				page, err := n.page(base)
				if err != nil {
					u.fail()
					return
				}
				nodes[int64(after(base, n.number))] = page
			}
		})
		if err != nil {
			return
		}
	}
	r.db.vfs.nodes.Store(&nodes)
}
