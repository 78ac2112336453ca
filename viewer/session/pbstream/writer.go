package pbstream

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/proto/wire"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Writer writes Flow messages, each behind its length, with all contents in
// them. It holds everything that a flow has. Of what a file says of itself
// nothing is written.
var Writer = session.Writer{
	Name:      Format.Name,
	Label:     "Protobuf flow stream",
	Extension: ".pb",
	Media:     "application/vnd.google.protobuf",
	Losses:    losses,
	Write:     write,
}

// losses: a stream has flows alone.
func losses(f *flowpb.Flow) []string {
	if f.Har == nil {
		return nil
	}
	return []string{"what the archive says of its pages and its producer"}
}

func write(ctx context.Context, w io.Writer, flows session.Flows) error {
	const buffer = 64 << 10
	out := bufio.NewWriterSize(w, buffer)
	n := 0
	for f, err := range flows.All(ctx) {
		if err == nil {
			err = writeFlow(ctx, out, f, flows)
		}
		if err != nil {
			return fmt.Errorf("pbstream: flow %d: %w", n, err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("pbstream: %w", err)
	}
	return nil
}

func writeFlow(ctx context.Context, w *bufio.Writer, f *flowpb.Flow, flows session.Flows) error {
	e := encoder{bodies: flows}
	p, err := e.flow(f)
	if err != nil {
		return err
	}
	if _, err := w.Write(protowire.AppendVarint(nil, uint64(p.size))); err != nil {
		return err
	}
	return p.writeTo(ctx, w)
}

// pieces is a message whose long contents are still where they were.
type pieces struct {
	list []piece
	size int64
}

// A piece is bytes at hand, or a source.
type piece struct {
	bytes []byte
	src   blob.Source
}

// add appends bytes, which must not change.
func (p *pieces) add(b []byte) {
	p.list = append(p.list, piece{bytes: b})
	p.size += int64(len(b))
}

func (p *pieces) addSource(src blob.Source) {
	p.list = append(p.list, piece{src: src})
	p.size += src.Size()
}

// addMessage appends m as a field.
func (p *pieces) addMessage(field protowire.Number, m pieces) {
	p.add(protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.BytesType), uint64(m.size)))
	p.list = append(p.list, m.list...)
	p.size += m.size
}

func (p *pieces) writeTo(ctx context.Context, w *bufio.Writer) error {
	for _, piece := range p.list {
		if piece.src == nil {
			if _, err := w.Write(piece.bytes); err != nil {
				return err
			}
			continue
		}
		if err := copySource(ctx, w, piece.src); err != nil {
			return err
		}
	}
	return nil
}

func copySource(ctx context.Context, w io.Writer, src blob.Source) error {
	const window = 1 << 20
	buf := make([]byte, min(window, src.Size()))
	for at := int64(0); at < src.Size(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := buf[:min(int64(len(buf)), src.Size()-at)]
		n, err := src.ReadAt(b, at)
		if n < len(b) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("a body: %w", err)
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

// An encoder makes pieces of messages.
type encoder struct{ bodies session.Flows }

// flow encodes f. The request comes first, as what tells a Flow at a glance.
func (e encoder) flow(f *flowpb.Flow) (p pieces, err error) {
	rest := *f
	rest.Request, rest.Response, rest.Websocket, rest.Messages, rest.Backup = nil, nil, nil, nil, nil
	dropPrivate(&rest)
	if rest.Kind == nil {
		rest.Kind = new(flowpb.Kind_HTTP) // without it the contents would be those of 2018
	}
	if m := f.Request; m != nil {
		bare := *m
		bare.Content, bare.Body = nil, nil
		err = e.message(&p, 1, requestShape, &bare, m.Content, m.Body)
	}
	p.add(rest.Append(nil))
	if m := f.Response; m != nil && err == nil {
		bare := *m
		bare.Content, bare.Body = nil, nil
		err = e.message(&p, 2, responseShape, &bare, m.Content, m.Body)
	}
	if m := f.Backup; m != nil && err == nil {
		var backup pieces
		backup, err = e.flow(m)
		p.addMessage(25, backup)
	}
	if m := f.Websocket; m != nil && err == nil {
		err = e.websocket(&p, m)
	}
	for _, m := range f.Messages {
		if err != nil {
			break
		}
		bare := *m
		bare.Content, bare.Body = nil, nil
		err = e.message(&p, 28, messageShape, &bare, m.Content, m.Body)
	}
	return p, err
}

func (e encoder) websocket(p *pieces, w *flowpb.WebSocket) error {
	var inner pieces
	bare := *w
	bare.Messages = nil
	inner.add(bare.Append(nil))
	for _, m := range w.Messages {
		bare := *m
		bare.Content, bare.Body = nil, nil
		if err := e.message(&inner, 1, socketMessageShape, &bare, m.Content, m.Body); err != nil {
			return err
		}
	}
	p.addMessage(27, inner)
	return nil
}

// message appends a message to p as a field: bare, and its content, which
// stands last so that all else is found at the beginning.
func (e encoder) message(p *pieces, field protowire.Number, s shape, bare wire.Message, content []byte, ref *flowpb.Body) error {
	var m pieces
	contentField, bodyField := s.contents()
	b := bare.Append(nil)
	if ref.GetDecoded() {
		b = wire.AppendMessage(b, bodyField, &flowpb.Body{Decoded: ref.Decoded})
	}
	switch {
	case content != nil:
		m.add(wire.AppendBytes(b, contentField, content))
	case ref != nil:
		src, err := e.bodies.Body(ref)
		if err != nil {
			return err
		}
		b = protowire.AppendTag(b, contentField, protowire.BytesType)
		m.add(protowire.AppendVarint(b, uint64(src.Size())))
		m.addSource(src)
	default:
		m.add(b)
	}
	p.addMessage(field, m)
	return nil
}
