package engine

import (
	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// verify compares what the list of a file says of a flow with the flow: its kind,
// method, host, path, status and start, by which people find one. A list
// may lie, or be of another state of the file: to read all flows first would be to
// go without it. So each is looked at when the flow is. Where they differ, the row
// is made anew of the flow, and what is returned says so.
func (o *open) verify(key string, f *flowpb.Flow) string {
	n, ok := o.view.Number(key)
	if !ok || int64(n) >= o.listed.Load() {
		return ""
	}
	listed, _ := o.view.Summary(key)
	read := flow.Summarize(f)
	if listed.Kind == read.Kind && listed.RawMethod == read.RawMethod && listed.Host == read.Host && listed.Path == read.Path &&
		listed.Status == read.Status && listed.Start == read.Start {
		return ""
	}
	read.Marker, read.Comment = listed.Marker, listed.Comment // which a person may have changed
	read.Flags |= listed.Flags & (flow.FlagMarked | flow.FlagContested)
	o.view.Update(key, &read)
	return "the list in the file said something else of this flow than the flow itself: the row shows what the flow says"
}
