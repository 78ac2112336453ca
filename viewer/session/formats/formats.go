// Package formats lists every capture format that the viewer reads. To add
// one, write its package and name it here.
package formats

import (
	"flowpane/viewer/session"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/sessiondb"
)

// All returns the formats in the order of detection.
func All() []session.Format {
	return session.Sorted(sessiondb.Format, mitm.Format)
}

// Writers returns the kinds of file that flows can be written as, the most
// wanted first.
func Writers() []session.Writer {
	return nil
}
