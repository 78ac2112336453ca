// Package mitm reads the dump files of mitmproxy (flow formats 0.11 to 21, which
// mitmproxy 0.11 to 13 write) and yields their flows with the meaning of format
// 21, which it also writes.
//
// A dump is a sequence of records, one a flow, each a tnetstring that says its
// own length. There is no header, no index and no checksum; formats may be
// mixed. So a record that does not parse is passed over by its length, and
// where no length can be read, the next plausible record is searched for.
//
// Bodies and messages longer than 64 bytes are not read: they stay in the file
// and flows refer to them. Shorter ones cost less inline than a reference
// would. Up to mitmproxy 0.17 all text was written as bytes, keys included: it
// is kept byte for byte, but for the names of hosts, which are decoded.
//
// Source: https://github.com/mitmproxy/mitmproxy/tree/main/mitmproxy/io
package mitm

import (
	"bytes"
	"context"
	"errors"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// Format describes dump files of mitmproxy. The flows that its Reader yields
// may share connections: flows of one connection point to the same
// ClientConnection and ServerConnection, which nobody may change.
var Format = session.Format{
	Name:     "mitm",
	Label:    "mitmproxy dump",
	Priority: 20,
	Sniff:    sniff,
	Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
		return newReader(ctx, src, maxWhole), nil
	},
}

var (
	errNoRecord = errors.New("it does not begin with a record length")
	errNoKey    = errors.New("its first record does not begin with a key")
	errJSON     = errors.New("it is JSON")
)

// sniff accepts a file that begins as a record does: a length, then a key. The
// length may be wrong: the first record may be the damaged one. A file that
// was cut off before its first key is accepted for what is there.
func sniff(head []byte) error {
	n, size, err := scanLength(head)
	if err == errShort && len(head) > 0 {
		return nil
	}
	if err != nil {
		if text := bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"); bytes.HasPrefix(text, []byte("{")) {
			return errJSON
		}
		return errNoRecord
	}
	if n > 0 && !beginsWithKey(head[size:]) {
		return errNoKey
	}
	return nil
}

// maxKey is longer than any key of a flow.
const maxKey = 40

// beginsWithKey reports whether b begins with a key as flows have them, or is
// the beginning of one.
func beginsWithKey(b []byte) bool {
	n, size, err := scanLength(b)
	if err == errShort {
		return len(b) < 3
	}
	if err != nil || n == 0 || n > maxKey {
		return false
	}
	name := b[size:]
	if int64(len(name)) > n {
		if tag := name[n]; tag != tagText && tag != tagBytes {
			return false
		}
		name = name[:n]
	}
	return bytes.IndexFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_'
	}) < 0
}
