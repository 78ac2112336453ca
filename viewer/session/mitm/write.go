package mitm

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// Writer writes flow format 21, which mitmproxy 11 to 13 read and write. What
// was read from a file that mitmproxy wrote in that format is written byte for
// byte as it was, but for a backup of an older format, which is converted as its
// flow was. Its memory does not grow with the bodies.
//
// # What mitmproxy insists on
//
// It refuses a file, from there on, where a record lacks a key, has an unknown
// one, or a value of the wrong type. So what a flow does not have is null where
// that is accepted, and else what mitmproxy itself puts there, when it imports
// an HTTP Archive or converts a dump of an older format:
//   - the time when a flow was created, a connection of a client began or an
//     error happened is when the flow began, or else 0;
//   - a client has the address 127.0.0.1 and the port 0, the side that it
//     connected to "" and 0, the mode of the proxy is "regular";
//   - the transport is "udp" for UDP flows and "tcp" for others, and TLS is
//     what the flow says of it, or false;
//   - a request that is missing is GET http://unknown:80/ or a DNS query
//     without questions; HTTP is "HTTP/1.1", a port that of the scheme, a
//     message of a WebSocket one of text;
//   - texts and bytes are empty, numbers 0, flags false and lists empty.
//
// An id that is missing is made of what the flow is: a hash (FNV-1a) of its
// place among the flows, its kind, when it began, and method, URL and status.
// That of a connection is one of when it began and its addresses, as in
// mitmproxy's own conversion, so that flows of one connection still have the
// same; or else of the flow's id. All are UUIDs of version 8.
//
// # What it would take for something else
//
// A body that is decoded, while its headers name a content encoding, is written
// without that header, and with a true content-length if there was one:
// mitmproxy would decode it again. Names of TLS versions, transports, proxy
// modes and the like are written as mitmproxy has them, and left out if it has
// none. Text that is not UTF-8 has \xff in place of the byte ff.
var Writer = session.Writer{
	Name:      Format.Name,
	Label:     Format.Label,
	Extension: ".mitm",
	Media:     "application/octet-stream",
	Losses:    losses,
	Write:     write,
}

const (
	// buffered is how many bytes are kept until they are written.
	buffered = 64 << 10
	// chunkLen is how many bytes of a body are read at once.
	chunkLen = 256 << 10
)

// A writer writes one file.
type writer struct {
	backward
	ctx   context.Context
	flows session.Flows
	out   *bufio.Writer
	chunk []byte // of a body
	n     int    // the flow's place, from 0
	err   error  // the first of a flow
}

func write(ctx context.Context, out io.Writer, flows session.Flows) error {
	w := &writer{ctx: ctx, flows: flows, out: bufio.NewWriterSize(out, buffered)}
	for f, err := range flows.All(ctx) {
		if err == nil && isHeld(f) {
			err = w.record(f)
		}
		if err != nil {
			return fmt.Errorf("mitm: flow %d: %w", w.n+1, err)
		}
		w.n++
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("mitm: %w", err)
	}
	return nil
}

// isHeld reports whether a dump can hold f.
func isHeld(f *flowpb.Flow) bool { return typeName(flow.Kind(f)) != "" }

// record writes a flow.
func (w *writer) record(f *flowpb.Flow) error {
	w.reset()
	w.flow(noKey, f, w.idOf(f))
	if w.err != nil {
		return w.err
	}
	at := w.at
	for i := len(w.holes) - 1; i >= 0; i-- {
		hole := w.holes[i]
		end := len(w.buf) - hole.behind
		if _, err := w.out.Write(w.buf[at:end]); err != nil {
			return err
		}
		if err := w.copy(hole.src); err != nil {
			return fmt.Errorf("%s: %w", hole.where, err)
		}
		at = end
	}
	_, err := w.out.Write(w.buf[at:])
	return err
}

// fail keeps the first error.
func (w *writer) fail(where string, err error) {
	if w.err == nil {
		w.err = fmt.Errorf("%s: %w", where, err)
	}
}
