package sessiondb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
	"flowpane/viewer/flow"
	"flowpane/viewer/schema"
	"flowpane/viewer/session"
)

// Writer writes session databases, packed: the schema, the columns of all
// flows, the keys, the narrow index, the connections, the heads of the flows,
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
// It holds what was written of the file: SQLite has no part in it. It goes
// through the flows four times and decodes each body twice. Its memory is that
// of the largest body that has a content encoding, sent and decoded, and
// besides some 300 bytes a flow.
var Writer = session.Writer{
	Name:      Format.Name,
	Label:     Format.Label,
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

// A Source is a file that flows were read from before they were written here.
type Source struct {
	Name   string
	Format string // as in session.Format
	Size   int64  // in bytes
}

// Sources is what [session.Flows] may implement besides, so that the file
// knows by name what its flows were read from.
type Sources interface {
	// Sources returns all of them, by their number.
	Sources() []Source
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

	surveying  bool
	measuredTo int
	bodies     int64 // rows of body so far
	record     record
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

// region is a b-tree, all of whose pages follow each other.
type region struct {
	name string
	// fill appends the rows; those of the survey need not be counted again.
	fill func(t *tree) error
}

func (w *writing) regions() []region {
	return []region{
		{"flow_columns", w.fillColumns},
		{"flow_keys", w.fillKeys},
		{"flow_index", w.fillIndex},
		{keyIndex, w.fillKeyIndex},
		{"source", w.fillSources},
		{"about", w.fillAbout},
		{"annotation", w.fillAnnotations},
		{"connection", w.fillConnections},
		{"flow", w.fillFlows},
		{"body", w.fillBodies},
	}
}

func newTree(name string, p *pages) *tree {
	if name == keyIndex {
		return newIndex(p)
	}
	return newTable(p)
}

// write writes the file, each page of which the survey foretells.
func (w *writing) write(out io.Writer) error {
	list := objects()
	first, err := head(list, 0)
	if err != nil {
		return err
	}
	front := uint32(len(first) / writtenPage)
	last := front
	for _, r := range w.regions() {
		count, ok := w.pages[r.name]
		if !ok {
			p := &pages{}
			t := newTree(r.name, p)
			if err := r.fill(t); err != nil {
				return err
			}
			if count, err = t.finish(); err != nil {
				return err
			}
		}
		last = after(last, count)
		i := slices.IndexFunc(list, func(o object) bool { return o.Name == r.name })
		list[i].root = last
	}
	if first, err = head(list, last); err != nil {
		return err
	}
	if _, err := out.Write(first); err != nil {
		return err
	}
	p := &pages{ctx: w.ctx, w: out, last: front}
	for _, r := range w.regions() {
		t := newTree(r.name, p)
		if err := r.fill(t); err != nil {
			return err
		}
		root, err := t.finish()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(o object) bool { return o.Name == r.name })
		if list[i].root != root {
			return errChanged
		}
	}
	return nil
}

// survey goes through the flows once.
func (w *writing) survey() error {
	w.surveying = true
	var names keys
	var chunk chunkBuilder
	trees := map[string]*tree{}
	for _, name := range []string{"connection", "flow", "body"} {
		trees[name] = newTable(&pages{})
	}
	for f, err := range w.flows.All(w.ctx) {
		if err != nil {
			return err
		}
		key := names.next(strings.ToValidUTF8(string(f.Id), "\uFFFD"))
		w.keys = append(w.keys, key)
		w.annotate(f, key)
		w.sources = max(w.sources, f.GetSource()+1)
		if err := w.surveyFlow(f, key, trees, &chunk); err != nil {
			return inFlow(key, err)
		}
		if err := w.endChunk(&chunk, chunk.full()); err != nil {
			return err
		}
	}
	if err := w.endChunk(&chunk, len(chunk.keys) > 0); err != nil {
		return err
	}
	w.pages = map[string]uint32{}
	for name, t := range trees {
		count, err := t.finish()
		if err != nil {
			return err
		}
		w.pages[name] = count
	}
	w.surveying = false
	return w.total()
}

// total tells the chunks, which were packed before that was known, of how many
// flows they are.
func (w *writing) total() error {
	for _, chunk := range w.columns {
		var c Chunk
		err := unpackColumn(chunk[0].content, maxColumn, func(u *unpacker) { unpackRows(u, &c) })
		if err != nil {
			return err
		}
		c.Total = len(w.keys)
		var p packer
		packRows(&p, &c)
		if chunk[0].content, err = deflate(p.b); err != nil {
			return err
		}
	}
	return nil
}

func inFlow(key string, err error) error { return fmt.Errorf("flow %s: %w", key, err) }

func (w *writing) surveyFlow(f *flowpb.Flow, key string, trees map[string]*tree, chunk *chunkBuilder) error {
	for _, m := range connectionsOf(f) {
		if id, isNew := w.connections.id(m); isNew {
			if err := trees["connection"].count(int64(id), int64(len(w.connection()))); err != nil {
				return err
			}
		}
	}
	g, content, rows, err := w.place(f)
	if err != nil {
		return err
	}
	chunk.add(key, flow.Summarize(g), f.GetSource())
	for _, row := range rows {
		if err := trees["body"].count(row.id, int64(len(w.bodyHead(row, key)))+row.size); err != nil {
			return err
		}
	}
	return trees["flow"].count(int64(len(w.keys)), int64(len(w.stored(g, content, key))))
}

// annotate notes what is said of f in the table annotation.
func (w *writing) annotate(f *flowpb.Flow, key string) {
	if text := flow.Comment(f); text != "" {
		w.annotations = append(w.annotations, annotation{key, commentType, text})
	}
	if text := string(f.GetMarker()); text != "" {
		w.annotations = append(w.annotations, annotation{key, markerType, text})
	}
}

// Types of annotations.
const (
	commentType = "comment"
	markerType  = "marker"
)

// stored returns the row of flow of g, as place returned it.
func (w *writing) stored(g *flowpb.Flow, content [3][]byte, key string) []byte {
	if c := content[requestBody]; c != nil {
		g.Request.Content = c
	}
	if c := content[responseBody]; c != nil {
		g.Response.Content = c
	}
	g.ClientRef, g.ServerRef = nil, nil
	if g.ClientConn != nil {
		id, _ := w.connections.id(g.ClientConn)
		g.ClientRef = &id
	}
	if g.ServerConn != nil {
		id, _ := w.connections.id(g.ServerConn)
		g.ServerRef = &id
	}
	if g.Kind == nil {
		g.Kind = new(flow.Kind(g))
	}
	w.buf = schema.Tell(g).Append(w.buf[:0])
	w.record.reset()
	w.record.text(key)
	w.record.blob(w.buf)
	return w.record.bytes()
}

// bodyHead returns a row of body up to its content.
func (w *writing) bodyHead(row placed, key string) []byte {
	w.record.reset()
	w.record.null() // the rowid
	if row.kind == 0 {
		w.record.null()
		w.record.null()
	} else {
		w.record.text(key)
		w.record.int(row.kind)
	}
	w.record.streamed(row.size)
	return w.record.bytes()
}

// connection returns the row of the connection of which the id was asked last.
func (w *writing) connection() []byte {
	w.record.reset()
	w.record.null()
	w.record.blob(w.connections.buf)
	return w.record.bytes()
}

// connectionIDs numbers connections by their contents, in the order in which
// they are first asked for: hundreds of flows share one. Contents are told
// apart by 128 bits of a hash whose seeds nobody knows.
type connectionIDs struct {
	seeds [2]maphash.Seed
	ids   map[[2]uint64]uint64
	buf   []byte // the content that was asked for last
}

func newConnectionIDs() connectionIDs {
	return connectionIDs{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		ids:   map[[2]uint64]uint64{},
	}
}

func (c *connectionIDs) id(m wire.Message) (id uint64, isNew bool) {
	c.buf = m.Append(c.buf[:0])
	hash := [2]uint64{maphash.Bytes(c.seeds[0], c.buf), maphash.Bytes(c.seeds[1], c.buf)}
	id, ok := c.ids[hash]
	if !ok {
		id = uint64(len(c.ids) + 1)
		c.ids[hash] = id
	}
	return id, !ok
}

func connectionsOf(f *flowpb.Flow) (list []wire.Message) {
	if f.ClientConn != nil {
		list = append(list, f.ClientConn)
	}
	if f.ServerConn != nil {
		list = append(list, f.ServerConn)
	}
	return list
}

// keys gives flows the keys by which the page and links name them: the id, and
// ~2, ~3 for later flows of the same id; without an id, ~1, ~2. No two are the
// same, even where an id looks like a key.
type keys struct {
	last map[string]int
	used map[string]bool
}

func (k *keys) next(id string) string {
	if k.used == nil {
		k.last, k.used = map[string]int{}, map[string]bool{}
	}
	for {
		k.last[id]++
		key := id
		if n := k.last[id]; n > 1 || id == "" {
			key += "~" + strconv.Itoa(n)
		}
		if !k.used[key] {
			k.used[key] = true
			return key
		}
	}
}
