package engine

import (
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
)

// archive returns the tables of what an HTTP Archive says and no capture of a
// proxy does. Members that have no line of their own are shown as written.
func archive(h *flowpb.HAR) []*table {
	if h == nil {
		return nil
	}
	return []*table{phases(h), {viewerpb.Section{
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

// phases lists how long each phase took. A phase that did not apply is -1 in
// the archive; one that it does not name is unknown.
func phases(h *flowpb.HAR) *table {
	t := &table{viewerpb.Section{Tab: "timing", Title: "Phases"}}
	p := h.Timings
	if p == nil {
		p = new(flowpb.HAR_Timings)
	}
	for _, phase := range []struct {
		name string
		ms   *float64
	}{
		{"Blocked", p.Blocked}, {"DNS", p.Dns}, {"Connecting", p.Connect}, {"of which TLS", p.Ssl},
		{"Sending", p.Send}, {"Waiting", p.Wait}, {"Receiving", p.Receive}, {"In all", h.Time},
	} {
		switch {
		case phase.ms == nil:
		case *phase.ms < 0:
			t.add(phase.name, "does not apply")
		default:
			t.add(phase.name, strconv.FormatFloat(*phase.ms, 'f', 3, 64)+" ms")
		}
	}
	return t
}
