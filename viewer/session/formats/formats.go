// Package formats lists every capture format that the viewer reads and writes.
// To add one, write its package and name it here.
package formats

import (
	"flowpane/viewer/session"
	"flowpane/viewer/session/archive"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/pbstream"
	"flowpane/viewer/session/sessiondb"
)

// All returns the formats in the order of detection.
func All() []session.Format {
	plain := []session.Format{sessiondb.Format, mitm.Format, har.Format, pbstream.Format}
	return session.Sorted(append(plain, archive.Format(plain))...)
}

// Writers returns the kinds of file that flows can be written as, the most
// wanted first.
func Writers() []session.Writer {
	return []session.Writer{mitm.Writer, har.Writer, sessiondb.Writer, pbstream.Writer}
}
