package sessiondb

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

// Writer writes session databases, packed: the schema, the interior pages of the
// large trees, the columns of all flows, the keys, the narrow index, the connections, the heads of the flows,
// and their bodies, each in one piece. A reader over HTTP lists 100,000 flows
// from the first 2 MB; see [Reader.Summaries].
//
// The tables flow, body and annotation are those of 2018, whose loader reads
// the file: bodies of more than 1000 bytes lie in body, decoded, of type 1 or
// 2. Where that is not what was sent, the bytes as sent are a row of body too,
// of no flow and no type, which that loader does not see; so are long messages
// and bodies of what a flow was before it was edited. References in the flow
// say which row holds what was sent. See [schema.Tell] for the rest.
//
// Comments and marks are also rows of annotation, of the types "comment" and
// "marker". They go before what the flow says, so that they can be changed
// there.
//
// The pages are written in their order, without SQLite. It takes four turns
// through the flows, in two of which bodies with a content encoding are
// decoded. Its memory is that of the largest of these, sent and decoded, and
// some 400 bytes a flow besides; other bodies are streamed.
//
// A flow has no source when it is read again, where the file is the one
// source; its columns say which it had.
var Writer = session.Writer{
	Name:      Format.Name,
	Label:     "Session database",
	Extension: ".flowpane.sqlite",
	Media:     "application/vnd.sqlite3",
	Losses:    losses,
	Write: func(ctx context.Context, w io.Writer, flows session.Flows) error {
		if err := write(ctx, w, flows); err != nil {
			return fmt.Errorf("sessiondb: %w", err)
		}
		return nil
	},
}

// losses names the one thing that a row cannot hold.
func losses(f *flowpb.Flow) []string {
	for _, b := range bodiesOf(f) {
		if (*b.ref).GetLength() > maxBody && *b.content == nil {
			return []string{"bodies of more than 1 GB"}
		}
	}
	return nil
}

var errChanged = errors.New("the flows changed while they were written")

// writing is a file that is being written.
type writing struct {
	ctx   context.Context
	flows session.Flows

	// What the survey finds, and later passes need.
	keys        []string
	measures    []measure
	columns     [][]packed // of each chunk, that of its rows first
	packedKeys  [][]byte
	annotations []annotation
	sources     uint32 // how many there are
	connections connectionIDs
	pages       map[string]uint32 // of what the survey counts
	nodes       map[string][]byte // of the same, packed

	surveying  bool
	rowsOnly   bool // what stays in the flow is of no use
	measuredTo int
	bodies     int64 // rows of body so far
	record     record
	deflater   deflater
	buf        []byte
}

type annotation struct {
	key, kind, text string
}

func write(ctx context.Context, w io.Writer, flows session.Flows) error {
	out := bufio.NewWriterSize(w, 64<<10)
	s := &writing{ctx: ctx, flows: flows, connections: newConnectionIDs()}
	if err := s.survey(); err != nil {
		return err
	}
	if err := s.write(out); err != nil {
		return err
	}
	return out.Flush()
}

// region is a b-tree, all of whose pages follow each other. The root of one that
// is read first of all is in front: it is at hand with what else is there.
type region struct {
	name  string
	fill  func(t *tree) error // appends the rows
	front bool
}

func (w *writing) regions() []region {
	return []region{
		{"flow_nodes", w.fillNodes, true},
		{"flow_columns", w.fillColumns, true},
		{"flow_keys", w.fillKeys, true},
		{"flow_index", w.fillIndex, false},
		{keyIndex, w.fillKeyIndex, false},
		{"source", w.fillSources, false},
		{"about", w.fillAbout, false},
		{"annotation", w.fillAnnotations, false},
		{"connection", w.fillConnections, false},
		{"flow", w.fillFlows, false},
		{"body", w.fillBodies, false},
	}
}

// write writes the file, each page of which is planned.
func (w *writing) write(out io.Writer) error {
	front, err := head(objects(nil), 0) // as long as it will be
	if err != nil {
		return err
	}
	p := &pages{ctx: w.ctx, w: out, last: uint32(len(front) / writtenPage)}
	roots, last, err := w.plan(p.last)
	if err != nil {
		return err
	}
	if front, err = head(objects(roots), last); err != nil {
		return err
	}
	if _, err := out.Write(front); err != nil {
		return err
	}
	for _, r := range w.regions() {
		root, err := r.write(p)
		if err != nil {
			return err
		}
		if root != roots[r.name] {
			return errChanged
		}
	}
	return nil
}

// plan returns where the roots of all regions will be, the first of which
// follows a page, and the last page.
func (w *writing) plan(page uint32) (roots map[string]uint32, last uint32, err error) {
	roots = map[string]uint32{}
	for _, r := range w.regions() {
		count, ok := w.pages[r.name]
		if !ok {
			if count, err = r.write(&pages{}); err != nil {
				return nil, 0, err
			}
		}
		roots[r.name] = after(page, count)
		if r.inFront(page, count) {
			roots[r.name] = page + 1
		}
		page = after(page, count)
	}
	return roots, page, nil
}

// inFront reports whether the root of the region, which has so many pages
// behind a page, is the first of them. Then they are made in memory, and there
// is no place among them for the page that SQLite leaves out.
func (r *region) inFront(page, count uint32) bool {
	return r.front && page+count < lockPage
}

// write writes the pages of the region, and returns its root.
func (r *region) write(p *pages) (root uint32, err error) {
	if !r.front || p.w == nil {
		return r.writeTree(p)
	}
	var made bytes.Buffer
	root = p.last + 1
	in := &pages{ctx: p.ctx, w: &made, last: root}
	last, err := r.writeTree(in)
	if err != nil || !r.inFront(p.last, last-root) {
		return 0, cmp.Or(err, errChanged)
	}
	all := made.Bytes() // nothing in a tree names its root, which is the last
	rest := all[:len(all)-writtenPage]
	for _, b := range [][]byte{all[len(rest):], rest} {
		if _, err := p.w.Write(b); err != nil {
			return 0, err
		}
	}
	p.last = last - 1
	return root, nil
}

// writeTree writes the pages of the region, and returns the last, its root.
func (r *region) writeTree(p *pages) (root uint32, err error) {
	t := newTable(p)
	if r.name == keyIndex {
		t = newIndex(p)
	}
	if err := r.fill(t); err != nil {
		return 0, err
	}
	return t.finish()
}
