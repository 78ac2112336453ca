package sessiondb

import (
	"fmt"
	"hash/maphash"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
	"flowpane/viewer/flow"
	"flowpane/viewer/schema"
)

// survey goes through the flows once.
func (w *writing) survey() error {
	w.surveying = true
	var names flow.Keys
	var chunk chunkBuilder
	trees := map[string]*tree{}
	for _, name := range []string{"connection", "flow", "body"} {
		trees[name] = newTable(&pages{})
		trees[name].interiors = new([]interior)
	}
	for f, err := range w.flows.All(w.ctx) {
		if err != nil {
			return err
		}
		key := names.Next(strings.ToValidUTF8(string(f.Id), "\uFFFD"))
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
	w.surveying = false
	if err := w.surveyKeys(trees); err != nil {
		return err
	}
	if err := w.surveyTrees(trees); err != nil {
		return err
	}
	return w.total()
}

// surveyKeys adds the index of the keys to the trees. Keys that do not fit into
// its pages have it without notes: where they go on is not known yet.
func (w *writing) surveyKeys(trees map[string]*tree) error {
	t := newIndex(&pages{})
	t.interiors = new([]interior)
	if err := w.fillKeyIndex(t); err != nil {
		return err
	}
	if t.spilled {
		t.interiors = nil
	}
	trees[keyIndex] = t
	return nil
}

// surveyTrees ends the trees, and notes how many pages they have and which are
// interior.
func (w *writing) surveyTrees(trees map[string]*tree) error {
	w.pages, w.nodes = map[string]uint32{}, map[string][]byte{}
	for name, t := range trees {
		count, err := t.finish()
		if err != nil {
			return err
		}
		w.pages[name] = count
		var p packer
		var noted []interior
		if t.interiors != nil {
			noted = *t.interiors
		}
		p.interiors(noted)
		if w.nodes[name], err = w.deflater.deflate(p.b); err != nil {
			return err
		}
	}
	return nil
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
		if chunk[0].content, err = w.deflater.deflate(p.b); err != nil {
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
