package mitm

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// A payload is a body: bytes at hand or where they lie. If it is neither, none
// was captured.
type payload struct {
	bytes []byte
	src   blob.Source
}

func (p payload) size() int64 {
	if p.src != nil {
		return p.src.Size()
	}
	return int64(len(p.bytes))
}

// payload returns the body that a message has.
func (w *writer) payload(where string, content []byte, ref *flowpb.Body) (p payload) {
	switch {
	case len(content) > maxCopied:
		p.src = blob.Bytes(content)
	case content != nil || ref == nil:
		p.bytes = content
	default:
		src, err := w.flows.Body(ref)
		if err != nil {
			w.fail(where, err)
			return p
		}
		p.src = src
	}
	return p
}

// copy writes src.
func (w *writer) copy(src blob.Source) error {
	if w.chunk == nil {
		w.chunk = make([]byte, chunkLen)
	}
	for at, size := int64(0), src.Size(); at < size; {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		b := w.chunk[:min(chunkLen, size-at)]
		n, err := src.ReadAt(b, at)
		if n < len(b) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("byte %d of %d: %w", at+int64(n), size, err)
		}
		if _, err := w.out.Write(b); err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

// misnamed reports whether headers name a content encoding that a body has no
// more: mitmproxy would undo it again. It does not undo that of no bytes.
func misnamed(headers []*flowpb.HTTPHeader, ref *flowpb.Body, size int64) bool {
	if !ref.GetDecoded() || size == 0 {
		return false
	}
	encoding, _ := flow.Value(headers, "content-encoding")
	switch strings.ToLower(encoding) {
	case "", "identity", "none":
		return false
	}
	return true
}

// headers puts header fields, those of a body of size bytes that is decoded if
// it is not below 0.
func (w *writer) headers(key string, fields []*flowpb.HTTPHeader, size int64) {
	end := w.open(tagList)
	for i := len(fields) - 1; i >= 0; i-- {
		name, value := fields[i].GetName(), fields[i].GetValue()
		if size >= 0 && strings.EqualFold(string(name), "content-encoding") {
			continue
		}
		if size >= 0 && strings.EqualFold(string(name), "content-length") {
			value = strconv.AppendInt(nil, size, 10)
		}
		line := w.open(tagList)
		w.bytes(noKey, value)
		w.bytes(noKey, name)
		w.close(noKey, line)
	}
	w.close(key, end)
}
