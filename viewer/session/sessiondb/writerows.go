package sessiondb

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// chunkText is after how much text a chunk ends, in bytes, so that its columns
// stay far below what a reader takes.
const chunkText = 8 << 20

// firstChunk is how many flows the first chunk has.
const firstChunk = 500

// chunkBuilder gathers the flows of a chunk.
type chunkBuilder struct {
	Chunk
	keys []string
	text int
}

func (b *chunkBuilder) add(key string, s flow.Summary, source uint32) {
	b.keys = append(b.keys, key)
	b.Summaries = append(b.Summaries, s)
	b.Sources = append(b.Sources, source)
	b.text += len(key) + len(s.URL) + len(s.PrettyURL) + len(s.Path) + len(s.Comment) + len(s.Error) + len(s.Client) + len(s.Server)
	for _, list := range [][][]byte{s.RequestContentTypes, s.ContentTypes} {
		for _, v := range list {
			b.text += len(v)
		}
	}
}

// full reports whether a chunk ends here. The first is short: it is what is
// shown first.
func (b *chunkBuilder) full() bool {
	return len(b.keys) == ChunkLen || b.First == 0 && len(b.keys) == firstChunk || b.text > chunkText
}

// endChunk packs the chunk and begins the next, if it is time.
func (w *writing) endChunk(b *chunkBuilder, now bool) error {
	if !now {
		return nil
	}
	b.Total = b.First + len(b.keys) // as far as is known
	columns, err := b.pack(&w.deflater)
	if err != nil {
		return err
	}
	w.columns = append(w.columns, columns)
	var p packer
	p.keys(b.keys)
	content, err := w.deflater.deflate(p.b)
	if err != nil {
		return err
	}
	if b.First == 0 { // what is shown first is read at once
		last := len(w.columns) - 1
		w.columns[last] = append(w.columns[last], packed{keyColumn, content})
	}
	w.packedKeys = append(w.packedKeys, content)
	*b = chunkBuilder{Chunk: Chunk{First: b.First + len(b.keys)}}
	return nil
}

// keys appends keys: a 1 and 16 bytes for each that is a UUID, as they come,
// else a 0 and a text.
func (p *packer) keys(keys []string) {
	codes := make([]uint64, len(keys))
	var ids []byte
	var texts []string
	for i, key := range keys {
		if id, ok := flow.UUID(key); ok {
			codes[i] = 1
			ids = append(ids, id[:]...)
		} else {
			texts = append(texts, key)
		}
	}
	p.uints(codes)
	p.b = append(p.b, ids...)
	p.texts(texts)
}

func (u *unpacker) keys(n int) []string {
	keys := make([]string, n)
	codes := u.uints(n)
	var ids int
	for _, code := range codes {
		if code != 0 {
			ids++
		}
	}
	raw := u.take(16 * ids)
	texts := u.texts(n - ids)
	if u.err != nil {
		return keys
	}
	for i, code := range codes {
		if code != 0 {
			keys[i], raw = string(flow.AppendUUID(nil, [16]byte(raw))), raw[16:]
		} else {
			keys[i], texts = texts[0], texts[1:]
		}
	}
	return keys
}

func (w *writing) fillColumns(t *tree) error {
	row := int64(0)
	for i, chunk := range w.columns {
		for _, c := range chunk {
			w.record.reset()
			w.record.int(int64(i))
			w.record.text(c.name)
			w.record.blob(c.content)
			row++
			if err := t.add(row, w.record.bytes(), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writing) fillKeys(t *tree) error {
	for i, content := range w.packedKeys {
		w.record.reset()
		w.record.null()
		w.record.blob(content)
		if err := t.add(int64(i), w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) fillNodes(t *tree) error {
	for i, name := range []string{"flow", "connection", "body", keyIndex} {
		w.record.reset()
		w.record.text(name)
		w.record.int(int64(w.pages[name]))
		w.record.blob(w.nodes[name])
		if err := t.add(int64(i+1), w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

// fillIndex takes the rows of flow_index from the columns, which say the same.
func (w *writing) fillIndex(t *tree) error {
	for _, chunk := range w.columns {
		c, err := unpackChunk(func(name string) []byte {
			i := slices.IndexFunc(chunk, func(p packed) bool { return p.name == name })
			return chunk[i].content
		}, math.MaxInt)
		if err != nil {
			return err
		}
		for i, s := range c.Summaries {
			number := c.First + i
			w.record.index(int64(number), w.keys[number], c.Sources[i], &s)
			if err := t.add(int64(number), w.record.bytes(), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// index makes r a row of flow_index.
func (r *record) index(number int64, key string, source uint32, s *flow.Summary) {
	optional := func(v int64, known bool) {
		if known {
			r.int(v)
		} else {
			r.null()
		}
	}
	r.reset()
	r.null() // number is the rowid
	r.text(key)
	r.int(int64(source))
	r.int(int64(s.Kind))
	r.int(int64(s.Flags))
	for _, text := range []string{s.Method, s.RawMethod, s.Scheme, s.Host, s.PrettyHost, s.Path, s.URL} {
		r.exact(text, text != "")
	}
	r.exact(s.PrettyURL, s.SearchableURL)
	r.exact(s.Version, s.Version != "")
	optional(int64(s.Status), s.Status != 0)
	r.exact(s.StatusText, s.StatusText != "")
	r.exact(s.ContentType, s.ContentType != "")
	r.exact(lines(s.RequestContentTypes), len(s.RequestContentTypes) > 0)
	r.exact(lines(s.ContentTypes), len(s.ContentTypes) > 0)
	r.int(s.RequestSize)
	r.int(s.ResponseSize)
	r.int(s.OrderSize)
	r.real(s.Created)
	optional(s.Start, s.Start != 0)
	optional(s.Duration, s.Duration >= 0)
	for _, text := range []string{s.Marker, s.Comment, s.Error, s.Replay, s.Client, s.Server} {
		r.exact(text, text != "")
	}
}

func lines(values [][]byte) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.Write(v)
	}
	return b.String()
}

func (w *writing) fillKeyIndex(t *tree) error {
	rows := make([]int, len(w.keys))
	for i := range rows {
		rows[i] = i
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(w.keys[a], w.keys[b]) })
	for _, i := range rows {
		w.record.reset()
		w.record.text(w.keys[i])
		w.record.int(int64(i + 1))
		if err := t.add(0, w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) fillSources(t *tree) error {
	named, ok := w.flows.(session.Sourced)
	if !ok {
		return nil
	}
	for i, s := range named.Sources() {
		w.record.reset()
		w.record.null()
		w.record.text(s.Name)
		w.record.text(s.Format)
		w.record.int(s.Size)
		w.record.int(1) // complete: it is written whole
		if err := t.add(int64(i), w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) fillAbout(t *tree) error {
	for i := range w.sources {
		about := w.flows.About(i)
		if about == nil {
			continue
		}
		w.record.reset()
		w.record.null()
		w.record.blob(about.Append(nil))
		if err := t.add(int64(i), w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) fillAnnotations(t *tree) error {
	for i, a := range w.annotations {
		w.record.reset()
		w.record.null()
		w.record.text(a.key)
		w.record.text(a.kind)
		w.record.text(a.text)
		if err := t.add(int64(i+1), w.record.bytes(), nil); err != nil {
			return err
		}
	}
	return nil
}

// again goes through the flows as the survey did.
func (w *writing) again(do func(f *flowpb.Flow, key string) error) error {
	w.measuredTo, w.bodies = 0, 0
	n := 0
	for f, err := range w.flows.All(w.ctx) {
		if err != nil {
			return err
		}
		if n == len(w.keys) {
			return errChanged
		}
		if err := do(f, w.keys[n]); err != nil {
			return inFlow(w.keys[n], err)
		}
		n++
	}
	if n != len(w.keys) {
		return errChanged
	}
	return nil
}

func (w *writing) fillConnections(t *tree) error {
	written := uint64(0)
	return w.again(func(f *flowpb.Flow, _ string) error {
		for _, m := range connectionsOf(f) {
			id, isNew := w.connections.id(m)
			if isNew {
				return errChanged
			}
			if id <= written {
				continue
			}
			written = id
			if err := t.add(int64(id), w.connection(), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writing) fillFlows(t *tree) error {
	row := int64(0)
	return w.again(func(f *flowpb.Flow, key string) error {
		g, content, _, err := w.place(f)
		if err != nil {
			return err
		}
		row++
		return t.add(row, w.stored(g, content, key), nil)
	})
}

func (w *writing) fillBodies(t *tree) error {
	w.rowsOnly = true
	return w.again(func(f *flowpb.Flow, key string) error {
		_, _, rows, err := w.place(f)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := w.fillBody(t, f, key, row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writing) fillBody(t *tree, f *flowpb.Flow, key string, row placed) error {
	src, err := w.source(row.body)
	if err == nil && row.decoded {
		var text []byte
		text, err = w.legible(f, row.body)
		src = blob.Bytes(text)
	}
	if err != nil {
		return err
	}
	if src.Size() != row.size {
		return errChanged
	}
	return t.add(row.id, w.bodyHead(row, key), src)
}
