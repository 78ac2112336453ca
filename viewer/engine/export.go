package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/export"
	"flowpane/viewer/flow"
)

// exportsOf returns what a flow can be exported as.
func exportsOf(f *flowpb.Flow) (list []*viewerpb.ExportFormat) {
	for _, x := range export.For(f) {
		list = append(list, &viewerpb.ExportFormat{Name: x.Name, Label: x.Label})
	}
	return list
}

// Export implements api.API. Bodies longer than maxBody are refused: nobody
// pastes them.
func (e *Engine) Export(_ context.Context, key, format string) (*viewerpb.Exported, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	f, err := o.find(key)
	if err != nil {
		return nil, err
	}
	formats := export.For(f)
	i := slices.IndexFunc(formats, func(x export.Format) bool { return x.Name == format })
	if i < 0 {
		return nil, &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "this flow cannot be exported as " + strconv.Quote(format)}
	}
	x, err := o.exchange(f)
	if err != nil {
		return nil, unreadable(err)
	}
	text, err := formats[i].Write(x)
	if err != nil {
		return nil, &api.Error{Code: viewerpb.Code_UNREADABLE, Text: err.Error()}
	}
	reply := &viewerpb.Exported{
		Text: text.Bytes, Notes: text.Notes, IsText: utf8.Valid(text.Bytes),
		FileName: fileName(flow.PrettyHost(f)) + formats[i].Extension,
	}
	if text.File != "" {
		reply.AttachmentName, reply.Attachment = text.File, x.Request
	}
	return reply, nil
}

// exchange returns a flow with its bodies, those of its WebSocket messages too.
func (o *open) exchange(f *flowpb.Flow) (x export.Exchange, err error) {
	whole := *f
	x.Flow = &whole
	if x.Request, err = o.content(f, flow.Request, flow.RequestBody); err != nil {
		return x, err
	}
	if x.Response, err = o.content(f, flow.Response, flow.ResponseBody); err != nil || f.GetWebsocket() == nil {
		return x, err
	}
	whole.Websocket = &flowpb.WebSocket{}
	for _, m := range f.Websocket.Messages {
		said := *m
		if said.Content, err = o.Raw(m.Content, m.Body); err != nil {
			return x, err
		}
		whole.Websocket.Messages = append(whole.Websocket.Messages, &said)
	}
	return x, nil
}

func (o *open) content(f *flowpb.Flow, side flow.Side, body func(*flowpb.Flow) ([]byte, *flowpb.Body, bool)) ([]byte, error) {
	inline, ref, present := body(f)
	if !present {
		return nil, nil
	}
	raw, err := o.Raw(inline, ref)
	if err != nil {
		return nil, err
	}
	return flow.Content(f, side, append([]byte{}, raw...)), nil
}

// fileName makes a name of a file of a host.
func fileName(host string) string {
	name := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r
		}
		return '_'
	}, host)
	if name = strings.Trim(name, "."); name == "" {
		return "flow"
	}
	return name[:min(len(name), 60)]
}
