package stream

import (
	"bytes"
	"context"
	"fmt"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// Kinds returns the kinds of file that the flows can be written as.
func Kinds() []session.Writer { return formats.Writers() }

// Write returns the flows as a file of a kind. That and Read ask what
// mitmproxy's benchmark of serialisation asked in 2018: what does a flow cost
// as a protobuf, what as a tnetstring, to write, to read and on the disk?
func (s *Stream) Write(ctx context.Context, kind session.Writer) ([]byte, error) {
	var file bytes.Buffer
	err := kind.Write(ctx, &file, &session.List{Flows: s.flows})
	return file.Bytes(), err
}

// Read reads a file that Write returned, and fails if it does not have all
// flows.
func (s *Stream) Read(ctx context.Context, file []byte) error {
	src := blob.Bytes(file)
	f, err := session.Detect(src, formats.All())
	if err != nil {
		return err
	}
	r, err := f.Open(ctx, src)
	if err != nil {
		return err
	}
	defer r.Close()
	l, err := session.ReadAll(r)
	if err == nil && len(l.Flows) != len(s.flows) {
		err = fmt.Errorf("%d flows were read, want %d", len(l.Flows), len(s.flows))
	}
	return err
}
