package session

import (
	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// A Walker reads flows of a file again, one after the other in the order of the
// file as a rule. It is for one goroutine, and nobody has to close it.
type Walker interface {
	// At returns the flow at a place as Reread would. The flow, and all that it
	// refers to, is valid until the next call.
	At(at Place) (*flowpb.Flow, error)
	// Bytes returns a body of the flow that At returned last, and is valid as
	// long.
	Bytes(ref *flowpb.Body) ([]byte, error)
}

// Walk returns a Walker over the file of s: its own, if it has a method
// Walk() Walker, else one that calls Reread and Body.
func Walk(s Scanner) Walker {
	if w, ok := s.(interface{ Walk() Walker }); ok {
		return w.Walk()
	}
	return walker{s}
}

type walker struct{ file Scanner }

func (w walker) At(at Place) (*flowpb.Flow, error) { return w.file.Reread(at) }

func (w walker) Bytes(ref *flowpb.Body) ([]byte, error) {
	src, err := w.file.Body(ref)
	if err != nil {
		return nil, err
	}
	return blob.ReadAll(src)
}
