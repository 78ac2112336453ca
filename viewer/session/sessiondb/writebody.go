package sessiondb

import (
	"fmt"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// maxBody is how long a body may be, in bytes: a row of SQLite has at most
// 10^9.
const maxBody = 1e9 - 1000

// part is a body of a flow: where its content and its reference are.
type part struct {
	content *[]byte
	ref     **flowpb.Body
	// kind is requestBody or responseBody, and 0 for those that the schema of
	// 2018 does not know: of messages, and of the flow before it was edited.
	kind int64
}

// bodiesOf returns the bodies of a flow, also those that are absent.
func bodiesOf(f *flowpb.Flow) []part {
	bodies := flow.Bodies(f)
	list := make([]part, len(bodies))
	for i, b := range bodies {
		list[i] = part{content: b.Content, ref: b.Ref}
		switch {
		case b.Message:
		case b.Side == flow.Request:
			list[i].kind = requestBody
		default:
			list[i].kind = responseBody
		}
	}
	return list
}

// detached returns a copy of f whose bodies can be changed. It has no source:
// as a flow of the file that is written, it has another.
func detached(f *flowpb.Flow) *flowpb.Flow {
	g := flow.WithBodies(f)
	for part := g; part != nil; part = part.Backup {
		part.Source = nil
	}
	return g
}

// measure is what the survey finds out about a body, so that no other pass
// needs to decode it.
type measure struct {
	size    int64 // in bytes, as sent; negative if it is too long to be held
	decoded int64 // without its content encoding; negative if it has none
}

// placed is a row of body: a body as sent, or decoded.
type placed struct {
	id      int64
	kind    int64 // 0 where readers of 2018 are not to find it
	size    int64 // in bytes
	decoded bool
	body    part // of the flow as it was given
}

// place puts the bodies of f where they are kept, and returns the flow with
// references to them, and the rows that they make. Short ones stay in it.
//
// What readers of 2018 are to find as content is returned for the request and
// the response, by kind.
func (w *writing) place(f *flowpb.Flow) (g *flowpb.Flow, content [3][]byte, rows []placed, err error) {
	g = detached(f)
	given := bodiesOf(f)
	for i, to := range bodiesOf(g) {
		from := given[i]
		if *from.content == nil && *from.ref == nil {
			continue
		}
		m, err := w.measured(f, from)
		if err != nil {
			return nil, content, nil, err
		}
		added, shown, err := w.keep(f, from, to, m)
		if err != nil {
			return nil, content, nil, err
		}
		rows = append(rows, added...)
		content[to.kind] = shown
	}
	return g, content, rows, nil
}

// keep decides where one body is kept: its bytes as sent in the flow, in a row
// that 2018 reads, or in one that it does not.
func (w *writing) keep(f *flowpb.Flow, from, to part, m measure) (rows []placed, shown []byte, err error) {
	decoded := (*from.ref).GetDecoded()
	*to.content, *to.ref = nil, nil
	add := func(kind, size int64, decode bool) {
		w.bodies++
		rows = append(rows, placed{w.bodies, kind, size, decode, from})
	}
	refer := func() {
		*to.ref = &flowpb.Body{Encoding: new(flowpb.Body_ROW), Offset: new(uint64(w.bodies)), Length: new(uint64(m.size))}
		if decoded {
			(*to.ref).Decoded = new(true)
		}
	}
	switch {
	case m.size < 0:
	case to.kind == 0 && (m.size > inlineMax || decoded), m.decoded >= 0:
		add(0, m.size, false)
		refer()
		if m.decoded > inlineMax {
			add(to.kind, m.decoded, true)
		} else if m.decoded >= 0 && !w.rowsOnly {
			shown, err = w.legible(f, from)
		}
	case m.size > inlineMax:
		add(to.kind, m.size, false)
		refer()
	case !w.rowsOnly:
		*to.content, err = w.raw(from)
		if decoded {
			*to.ref = &flowpb.Body{Encoding: new(flowpb.Body_INLINE), Length: new(uint64(m.size)), Decoded: new(true)}
		}
	}
	if len(rows) > 0 && to.kind != 0 && shown == nil {
		shown = []byte{}
	}
	return rows, shown, err
}

// measured returns the next measure: the survey takes it, later passes find it
// in the same order.
func (w *writing) measured(f *flowpb.Flow, b part) (measure, error) {
	if !w.surveying {
		if w.measuredTo == len(w.measures) {
			return measure{}, errChanged
		}
		m := w.measures[w.measuredTo]
		w.measuredTo++
		return m, nil
	}
	src, err := w.source(b)
	if err != nil {
		return measure{}, err
	}
	m := measure{size: src.Size(), decoded: -1}
	if m.size > maxBody {
		m.size = -1
	} else if encoded(f, b) && m.size <= flow.MaxContent {
		text, err := w.legible(f, b)
		if err != nil {
			return measure{}, err
		}
		if text != nil {
			m.decoded = int64(len(text))
		}
	}
	w.measures = append(w.measures, m)
	return m, nil
}

// encoded reports whether the headers name a content encoding of b.
func encoded(f *flowpb.Flow, b part) bool {
	if b.kind == 0 || (*b.ref).GetDecoded() {
		return false
	}
	headers := f.GetRequest().GetHeaders()
	if b.kind == responseBody {
		headers = f.GetResponse().GetHeaders()
	}
	_, ok := flow.Value(headers, "content-encoding")
	return ok
}

// source returns the bytes of a body as sent.
func (w *writing) source(b part) (blob.Source, error) {
	if *b.content != nil {
		return blob.Bytes(*b.content), nil
	}
	src, err := w.flows.Body(*b.ref)
	if err != nil {
		return nil, fmt.Errorf("its body: %w", err)
	}
	return src, nil
}

// raw returns the bytes of a short body as sent, never nil.
func (w *writing) raw(b part) ([]byte, error) {
	if *b.content != nil {
		return *b.content, nil
	}
	src, err := w.source(b)
	if err != nil {
		return nil, err
	}
	content, err := blob.ReadAll(src)
	if err != nil {
		return nil, fmt.Errorf("its body: %w", err)
	}
	return content, nil
}

// legible returns a body without its content encoding, or nil if that is the
// body as sent.
func (w *writing) legible(f *flowpb.Flow, b part) ([]byte, error) {
	raw, err := w.raw(b)
	if err != nil {
		return nil, err
	}
	side := flow.Request
	if b.kind == responseBody {
		side = flow.Response
	}
	text := flow.Content(f, side, raw)
	switch {
	case string(text) == string(raw):
		return nil, nil
	case text == nil:
		return []byte{}, nil // empty, not absent
	}
	return text, nil
}
