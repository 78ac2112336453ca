package har

import (
	"context"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// creatorVersion is the version of Flowpane that log.creator names.
const creatorVersion = "0.1"

// Writer writes HAR 1.2 as the specification has it, whatever the flows were
// read from. Its memory does not grow with the bodies, but for those that are
// content-encoded: see maxEncoded.
var Writer = session.Writer{
	Name:      Format.Name,
	Label:     Format.Label,
	Extension: ".har",
	Media:     "application/json",
	Losses:    losses,
	Write:     write,
}

// A writer writes one file.
type writer struct {
	ctx    context.Context
	out    io.Writer
	flows  session.Flows
	b      []byte // what is not yet written to out
	err    error  // the first
	logs   []*logOf
	pages  map[string]uint32 // which source has a page of that name
	opened map[string]bool   // the server connections that an entry tells of
	chunk  []byte            // of a body
}

const (
	// buffered is how much is kept until it is written, about.
	buffered = 64 << 10
	// chunkLen is how much of a body is read at once: whole groups of base64.
	chunkLen = 48 << 10
)

func write(ctx context.Context, out io.Writer, flows session.Flows) error {
	w := &writer{
		ctx: ctx, out: out, flows: flows,
		pages: map[string]uint32{}, opened: map[string]bool{},
		chunk: make([]byte, chunkLen),
	}
	w.b = append(w.b, `{"log":`...)
	log := w.object(logSpec, nil)
	log.raw("version", []byte(`"1.2"`))
	log.key("entries")
	w.b = append(w.b, '[')
	n := 0
	for f, err := range flows.All(ctx) {
		if err == nil && flow.Kind(f) == flowpb.Kind_HTTP {
			if n++; n > 1 {
				w.b = append(w.b, ',')
			}
			w.b = append(w.b, '\n')
			w.entry(f)
			w.flush(buffered)
			err = w.err
		}
		if err != nil {
			return fmt.Errorf("har: entry %d: %w", max(n, 1), err)
		}
	}
	w.b = append(w.b, "\n]"...)
	w.about(log)
	w.b = append(w.b, "}\n"...)
	if w.flush(0); w.err != nil {
		return fmt.Errorf("har: %w", w.err)
	}
	return nil
}

// flush writes what is at hand if that is more than limit bytes.
func (w *writer) flush(limit int) {
	if len(w.b) > limit && w.err == nil {
		_, w.err = w.out.Write(w.b)
		w.b = w.b[:0]
	}
}

// fail keeps the first error.
func (w *writer) fail(where string, err error) {
	if w.err == nil {
		w.err = fmt.Errorf("%s: %w", where, err)
	}
}
