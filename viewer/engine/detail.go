package engine

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// Flow implements api.API.
func (e *Engine) Flow(ctx context.Context, key string) (*viewerpb.Flow, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	o.first.wait(ctx, key)
	f, err := o.find(key)
	if err != nil {
		return nil, err
	}
	warning := o.verify(key, f)
	row, listed := o.view.Row(key)
	if !listed {
		row = o.first.row()
	}
	d := o.detail(row, f)
	d.Warning = warning
	return cutFlow(d), nil
}

// detail is what the detail pane shows of f.
func (o *open) detail(row *viewerpb.Row, f *flowpb.Flow) *viewerpb.Flow {
	d := &viewerpb.Flow{Row: row, Url: flow.URL(f), Comment: flow.Comment(f), Exports: exportsOf(f), Phases: phases(f)}
	if pretty, ok := flow.PrettyURL(f); ok {
		d.Url = pretty
	}
	if r := f.Request; r != nil {
		content, ref, present := flow.RequestBody(f)
		d.Request = head(requestLine(r), r.Headers, r.Trailers, body(content, ref, present, r.Headers))
	}
	if r := f.Response; r != nil {
		content, ref, present := flow.ResponseBody(f)
		d.Response = head(statusLine(r), r.Headers, r.Trailers, body(content, ref, present, r.Headers))
	}
	if text, ok := flow.ErrorText(f); ok {
		d.Error, d.ErrorTime = text, nanos(f.Error.Timestamp)
	}
	d.MessageCount = uint32(len(conversation(f)))
	if f.Websocket != nil {
		d.Websocket = &viewerpb.WebSocket{Closed: closed(f.Websocket)}
	}
	d.Sections = sections(f, append(archive(f.Har), o.twins.sources(row.Key))...)
	return d
}

func requestLine(r *flowpb.HTTPRequest) string {
	target := text(r.Path)
	switch {
	case strings.EqualFold(text(r.Method), "CONNECT"):
		target = text(r.Authority)
	case len(r.Authority) > 0 && strings.HasPrefix(text(r.HttpVersion), "HTTP/1"):
		target = text(r.Scheme) + "://" + text(r.Authority) + target
	}
	return text(r.Method) + " " + target + " " + text(r.HttpVersion)
}

func statusLine(r *flowpb.HTTPResponse) string {
	line := text(r.HttpVersion) + " " + strconv.Itoa(int(r.GetStatusCode()))
	if len(r.Reason) > 0 {
		line += " " + latin1(r.Reason)
	}
	return line
}

func head(line string, headers []*flowpb.HTTPHeader, trailers *flowpb.Headers, body *viewerpb.BodyInfo) *viewerpb.Head {
	return &viewerpb.Head{
		Line: line, Headers: fields(headers), Body: body,
		HasTrailers: trailers != nil, Trailers: fields(trailers.GetFields()),
	}
}

func fields(headers []*flowpb.HTTPHeader) []*viewerpb.Field {
	list := make([]*viewerpb.Field, len(headers))
	for i, h := range headers {
		list[i] = &viewerpb.Field{Name: text(h.Name), Value: text(h.Value)}
	}
	return list
}

func body(content []byte, ref *flowpb.Body, present bool, headers []*flowpb.HTTPHeader) *viewerpb.BodyInfo {
	info := &viewerpb.BodyInfo{Present: present, Size: uint64(len(content))}
	if content == nil && ref != nil {
		info.Size = ref.GetLength()
	}
	info.ContentType, _ = flow.Value(headers, "content-type")
	info.ContentEncoding, _ = flow.Value(headers, "content-encoding")
	return info
}

func closed(w *flowpb.WebSocket) string {
	if w.ClosedByClient == nil && w.CloseCode == nil {
		return ""
	}
	by := "server"
	if w.GetClosedByClient() {
		by = "client"
	}
	s := "Closed by the " + by
	if w.CloseCode != nil {
		s += " with code " + strconv.FormatInt(w.GetCloseCode(), 10)
	}
	if len(w.CloseReason) > 0 {
		s += ": " + text(w.CloseReason)
	}
	return s
}

// text returns captured bytes as UTF-8: each byte that is not becomes U+FFFD.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}

func nanos(seconds *float64) int64 {
	if seconds == nil {
		return 0
	}
	return flow.Nanos(*seconds)
}

// latin1 returns the text of a reason phrase, which HTTP/1 leaves in
// ISO-8859-1.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// printable returns text in which control characters cannot break the line.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return '.'
		}
		return r
	}, text(b))
}
