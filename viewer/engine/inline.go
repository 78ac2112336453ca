package engine

import (
	"math"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session/inline"
	"flowpane/viewer/session/pbstream"
)

// openInline opens the session that is in a link as a whole.
func (o *open) openInline(from *viewerpb.Source) (*file, error) {
	flows, err := inline.Flows(from.Inline)
	if err != nil {
		return nil, err
	}
	src := blob.Bytes(flows)
	f := &file{name: name(from), size: src.Size(), source: src, format: pbstream.Format, first: math.MaxInt}
	f.reader, err = f.format.Open(o.ctx, src)
	return f, err
}
