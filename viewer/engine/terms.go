package engine

import (
	"context"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// terms gather the conditions of a flow: what is not known of it has none.
type terms struct{ list []*viewerpb.Term }

func (t *terms) add(of, label, text string) {
	t.list = append(t.list, &viewerpb.Term{Of: of, Label: cut(label, maxCell), Text: text})
}

// literal adds a condition on text, unless there is none.
func (t *terms) literal(of, label, value, text string) {
	if value != "" {
		t.add(of, label+" "+value, text)
	}
}

// Terms implements api.API.
func (e *Engine) Terms(_ context.Context, key string) (*viewerpb.Terms, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	row, ok := o.view.Row(key)
	if !ok {
		return nil, noFlow(key)
	}
	f, err := o.Flow(key)
	if err != nil {
		return nil, unreadable(err)
	}
	var t terms
	t.row(row)
	t.flow(f)
	t.headers("request-header", "~hq ", f.GetRequest().GetHeaders())
	t.headers("response-header", "~hs ", f.GetResponse().GetHeaders())
	return &viewerpb.Terms{Terms: t.list}, nil
}

// row adds conditions on what the table shows, in the order of its columns.
func (t *terms) row(r *viewerpb.Row) {
	if r.Start != 0 {
		at := time.Unix(0, r.Start).UTC().Format("2006-01-02T15:04:05Z")
		t.add("time", "from "+at+" on", "~time >="+at)
	}
	isHTTP := r.Kind == "http" || r.Kind == "websocket"
	if isHTTP {
		t.literal("method", "method", r.Method, "~m "+filter.Exactly(r.Method))
	}
	switch {
	case r.Error != "":
		t.add("status", "has an error", "~e")
	case r.Status != 0:
		t.add("status", "status "+strconv.Itoa(int(r.Status)), "~c "+strconv.Itoa(int(r.Status)))
		class := strconv.Itoa(int(r.Status / 100))
		t.add("status", "status "+class+"xx", "~c ="+class+"xx")
	case isHTTP:
		t.add("status", "has no response", "~q")
	}
	if isHTTP {
		t.literal("host", "host", r.Host, "~d "+filter.Exactly(r.Host))
		path, _, _ := strings.Cut(r.Path, "?")
		t.literal("path", "path", path, "~u "+filter.Literal(r.Host+path))
	}
	media := flow.MediaType(r.ContentType)
	t.literal("type", "type", media, "~t "+filter.Beginning(media))
	switch r.Kind {
	case "websocket", "tcp", "udp", "dns":
		t.add("type", r.Kind, "~"+r.Kind)
	}
	if r.ResponseSize > 0 {
		size := strconv.FormatInt(r.ResponseSize, 10)
		t.add("size", "response of "+size+" bytes or more", "~size >="+size)
	}
	if r.Duration > 0 {
		ms := strconv.FormatInt(r.Duration/int64(time.Millisecond), 10)
		t.add("duration", ms+" ms or longer", "~dur >="+ms+"ms")
	}
	t.literal("marker", "marker", r.Marker, "~marker "+filter.Exactly(r.Marker))
}

// flow adds conditions on the connection.
func (t *terms) flow(f *flowpb.Flow) {
	server := string(f.GetServerConn().GetIpAddress().GetHost())
	t.literal("server", "server address", server, "~ip "+filter.Exactly(server))
	client := string(flow.Client(f).GetHost())
	t.literal("client", "client", client, "~src "+filter.Beginning(client+":"))
}

// headers adds conditions on those that the detail lists.
func (t *terms) headers(of, operator string, fields []*flowpb.HTTPHeader) {
	for i, h := range fields[:min(len(fields), maxFields)] {
		line := string(h.Name) + ": " + string(h.Value)
		t.add(of+" "+strconv.Itoa(i), line, operator+filter.Beginning(line))
	}
}
