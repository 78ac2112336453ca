package engine

import (
	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
)

// archive returns the tables of what an HTTP Archive says and no capture of a
// proxy does. Members that have no line of their own are shown as written.
func archive(h *flowpb.HAR) []*table {
	if h == nil {
		return nil
	}
	return []*table{{viewerpb.Section{
		Tab: "connection", Title: "HTTP Archive", Fields: named(
			"Connection", text(h.Connection),
			"Server address", text(h.ServerIpAddress)),
	}}, {viewerpb.Section{
		Tab: "comment", Title: "HTTP Archive", Fields: named(
			"Started", text(h.Started),
			"Page", text(h.Pageref),
			"Resource type", text(h.ResourceType),
			"Priority", text(h.Priority),
			"Initiator", text(h.Initiator),
			"Cache", text(h.Cache),
			"Of the request", text(h.Request),
			"Of the response", text(h.Response),
			"Of the entry", text(h.Extra)),
	}}}
}

// named returns fields of names and values in turn, without those of no value.
func named(pairs ...string) []*viewerpb.Field {
	var t table
	for i := 0; i < len(pairs); i += 2 {
		t.add(pairs[i], pairs[i+1])
	}
	return t.Fields
}
