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

// Writer writes HAR 1.2: what a [flowpb.HAR] has as it was read, and the rest by
// the specification. Its memory does not grow with the bodies, but for what it
// undoes of content encodings, at most 96 MiB.
//
// # Valid, whatever was read
//
// What moved into the flow is written first, then what stayed is put back, as
// the doc comment of the package says. To make that a valid file:
//   - a required member that is not known is "", -1, [] or {}; a status is 0, a
//     date 1970-01-01T00:00:00.000Z, and time and timings are -1;
//   - a member of another type than the specification has is written with an
//     underscore before its name, and one that is null is left out;
//   - cookies, queryString, redirectURL and types of content are derived where
//     they are absent;
//   - the version is 1.2.
//
// A URL and an address of a server that were read are written as they were.
//
// # Flows that were no HAR
//
// Times are to the microsecond. connect and ssl are those of the first entry
// of each server connection; what of them was during wait is not in wait, and
// time is the sum. headersSize is that of HTTP/1 messages, whose lines have one
// space behind the colon, and -1 for HTTP/2 and HTTP/3; bodySize is that of the
// body as sent. Others know _transferSize (Chrome: the sum of both), _error and
// _resourceType (Chrome), _serverPort and _securityDetails (Playwright),
// _webSocketClose (HTTP Toolkit), _clientAddress and _clientPort (Firefox and
// proxies). _flowId is ours.
//
// An empty body of a request is written for POST, PUT and PATCH alone: mitmproxy
// has one wherever there is none.
//
// # Bytes
//
// A byte that is not UTF-8, in a header or a URL, is a lone surrogate from
// \udc80 to \udcff, which is what mitmproxy writes and the reader takes back.
//
// A content encoding is undone, and the header that names it stays, as in
// browsers. Where it cannot be undone, or the body has more than 32 MiB as sent
// or 64 MiB as decoded, the bytes are written as they were sent. A body is text if the
// reader makes the same bytes of it, and base64 otherwise; a charset that is
// not named is not guessed. postData has encoding, too: HAR 1.3 proposes it, and
// Playwright and other tools read it.
//
// # What sources say
//
// creator, browser, comment and other members of log are kept where all sources
// of the flows say the same. Pages are those of all; where two have the same
// id, that of the later source becomes id-2, and so do the references to it.
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
	pages  map[string]bool // the names of pages that are taken
	opened map[string]bool // the server connections that an entry tells of
	chunk  []byte          // of a body
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
		pages: map[string]bool{}, opened: map[string]bool{},
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
