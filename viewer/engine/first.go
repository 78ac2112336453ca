package engine

import (
	"context"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/view"
)

// A first is the flow that a link names. Where its file finds flows by their
// keys, it is there before the file is listed, with the body that is shown with
// it: far away, a list comes in the way of both.
type first struct {
	key  string
	part viewerpb.Part
	done chan struct{} // closed when it was looked for; then it no longer changes

	number int
	flow   *flowpb.Flow // nil if it was not found
	ref    *flowpb.Body // of what is in body
	body   []byte       // nil if it was not read
}

// firstOf returns what the sources name, of which one alone has flows that are
// found by keys.
func firstOf(sources []*viewerpb.Source) *first {
	f := &first{done: make(chan struct{})}
	if len(sources) == 1 {
		f.key, f.part = sources[0].FlowKey, sources[0].FlowPart
	}
	return f
}

// lookFirst looks for the flow that is named, unless the list has it by now. Not
// to find it is no error: whoever asks for it waits for the list.
func (r *reading) lookFirst(ctx context.Context) {
	o := r.open
	f := o.first
	defer f.over()
	finder, ok := r.file.reader.(session.Finder)
	if _, listed := o.view.Number(f.key); !ok || listed || f.key == "" || ctx.Err() != nil {
		return
	}
	number, found, err := finder.Find(f.key)
	if err != nil {
		return
	}
	f.number, f.flow = number, found
	p, err := choose(found, &viewerpb.GetBody{Part: f.part})
	if err != nil || p.ref == nil || p.inline != nil || p.ref.GetLength() > maxFirstBody {
		return
	}
	body, err := finder.Body(p.ref)
	if err != nil || body.Size() > maxFirstBody {
		return
	}
	if b, err := blob.ReadAll(body); err == nil {
		f.ref, f.body = p.ref, b
	}
}

// over says that the flow was looked for, or will not be. It is for the one
// goroutine that reads.
func (f *first) over() {
	if !f.known() {
		close(f.done)
	}
}

// wait returns when the flow of a key was looked for, if it is the one.
func (f *first) wait(ctx context.Context, key string) {
	if key == "" || key != f.key {
		return
	}
	select {
	case <-f.done:
	case <-ctx.Done():
	}
}

// known reports whether the flow was looked for.
func (f *first) known() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// found returns the flow, if it was found and has that key.
func (f *first) found(key string) (*flowpb.Flow, bool) {
	if key != f.key || !f.known() || f.flow == nil {
		return nil, false
	}
	return f.flow, true
}

// row returns the row of the flow.
func (f *first) row() *viewerpb.Row {
	summary := flow.Summarize(f.flow)
	return view.RowOf(f.key, f.number, &summary)
}

// bodyOf returns what a reference leads to, if that was read with the flow.
func (f *first) bodyOf(ref *flowpb.Body) (blob.Source, bool) {
	if !f.known() || f.body == nil || ref.GetSource() != f.ref.GetSource() || ref.GetEncoding() != f.ref.GetEncoding() || ref.GetOffset() != f.ref.GetOffset() {
		return nil, false
	}
	return blob.Bytes(f.body), true
}
