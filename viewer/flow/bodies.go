package flow

import "flowpane/proto/flowpb"

// A BodyPart is a body of a flow: where in the flow its content and its
// reference are. Either may be nil; if both are, the body is absent.
type BodyPart struct {
	Content *[]byte
	Ref     **flowpb.Body
	// Message tells the bodies of messages and of the flow before it was edited
	// from those of the exchange, which are of Side.
	Message bool
	Side    Side
}

// Bodies returns the bodies of f, also those that are absent: of request and
// response, of messages, and of the flow before it was edited.
func Bodies(f *flowpb.Flow) []BodyPart { return appendBodies(nil, f, false) }

func appendBodies(list []BodyPart, f *flowpb.Flow, backup bool) []BodyPart {
	if r := f.GetRequest(); r != nil {
		list = append(list, BodyPart{&r.Content, &r.Body, backup, Request})
	}
	if r := f.GetResponse(); r != nil {
		list = append(list, BodyPart{&r.Content, &r.Body, backup, Response})
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		list = append(list, BodyPart{Content: &m.Content, Ref: &m.Body, Message: true})
	}
	for _, m := range f.GetMessages() {
		list = append(list, BodyPart{Content: &m.Content, Ref: &m.Body, Message: true})
	}
	if f.GetBackup() != nil {
		list = appendBodies(list, f.Backup, true)
	}
	return list
}

// WithBodies returns a copy of f whose bodies can be changed. All else it
// shares with f.
func WithBodies(f *flowpb.Flow) *flowpb.Flow {
	if f == nil {
		return nil
	}
	g := *f
	g.Backup = WithBodies(f.Backup)
	if f.Request != nil {
		g.Request = new(*f.Request)
	}
	if f.Response != nil {
		g.Response = new(*f.Response)
	}
	if f.Websocket != nil {
		g.Websocket = new(*f.Websocket)
		g.Websocket.Messages = copies(f.Websocket.Messages)
	}
	g.Messages = copies(f.Messages)
	return &g
}

// copies returns copies of what a list points at.
func copies[T any](list []*T) []*T {
	values := make([]T, len(list))
	out := make([]*T, len(list))
	for i, v := range list {
		values[i] = *v
		out[i] = &values[i]
	}
	return out
}
