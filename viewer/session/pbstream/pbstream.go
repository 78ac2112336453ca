// Package pbstream reads and writes flows as plain protobuf: messages Flow of
// flow.proto, each behind its length as a varint, or a single message that is
// the whole file.
//
// The messages of mitmproxy 5 and 6 (HTTPFlow of its http.proto) are Flows
// without a kind. Their contents are decoded, whatever the headers say, and
// the flows that are yielded say so.
//
// Contents of more than 2048 bytes are not read: they stay in the file, and
// flows refer to them. A message that cannot be read is passed over by its
// length, and where no length can be read, the next plausible message is
// searched for.
//
// Source: https://protobuf.dev/programming-guides/techniques/#streaming and
// mitmproxy 5.0, mitmproxy/io/protobuf.py.
package pbstream

import (
	"context"
	"errors"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Format is the stream of Flow messages, or a single one. It has no magic
// number, so that it is to be asked last; what it accepts begins with a
// message of known fields that has a request or an id, or many fields.
var Format = session.Format{
	Name:     "pbstream",
	Label:    "protobuf flow stream",
	Priority: 90,
	Sniff:    sniff,
	Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
		return newReader(ctx, src)
	},
}

var (
	errText    = errors.New("it is text")
	errNoFlow  = errors.New("it does not begin with a Flow message")
	errSayless = errors.New("its first message has neither request nor id")
)

func sniff(head []byte) error {
	if isText(head) {
		return errText
	}
	if lookDelimited(head) == nil {
		return nil
	}
	return look(head, false)
}

// isText reports whether b has no control character but white space. Every
// Flow has some, if only as tags.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	const cut = utf8.UTFMax - 1 // a character may be cut off at the end
	return utf8.Valid(b[:max(0, len(b)-cut)])
}

// lookDelimited returns nil if b begins with a length and then a Flow.
func lookDelimited(b []byte) error {
	n, size := protowire.ConsumeVarint(b)
	if size < 0 || n == 0 {
		return errNoFlow
	}
	b = b[size:]
	whole := uint64(len(b)) >= n
	if whole {
		b = b[:n]
	}
	return look(b, whole)
}
