package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/content"
	"flowpane/viewer/flow"
)

// Raw implements view.Loader. A body longer than maxBody is an error: it is
// never held in memory whole.
func (o *open) Raw(inline []byte, ref *flowpb.Body) ([]byte, error) {
	if inline != nil || ref == nil {
		return inline, nil
	}
	src, err := o.referred(ref)
	if err != nil {
		return nil, err
	}
	if src.Size() > maxBody {
		return nil, errTooLarge(uint64(src.Size()))
	}
	return blob.ReadAll(src)
}

func errTooLarge(size uint64) error {
	return fmt.Errorf("a body of %d bytes is too large to be searched", size)
}

func (o *open) referred(ref *flowpb.Body) (blob.Source, error) {
	o.mu.Lock()
	n := int(ref.GetSource())
	if n >= len(o.files) {
		o.mu.Unlock()
		return nil, fmt.Errorf("a body refers to file %d of a session of %d", n, len(o.files))
	}
	reader := o.files[n].reader
	o.mu.Unlock()
	return reader.Body(ref)
}

// part is the content that a GetBody names, and what describes it.
type part struct {
	inline   []byte
	ref      *flowpb.Body
	present  bool
	headers  []*flowpb.HTTPHeader
	encoding string
	meta     content.Metadata
}

func choose(f *flowpb.Flow, get *viewerpb.GetBody) (part, error) {
	var p part
	switch get.Part {
	case viewerpb.Part_REQUEST:
		p.inline, p.ref, p.present = flow.RequestBody(f)
		p.headers = f.GetRequest().GetHeaders()
	case viewerpb.Part_RESPONSE:
		p.inline, p.ref, p.present = flow.ResponseBody(f)
		p.headers = f.GetResponse().GetHeaders()
	case viewerpb.Part_MESSAGE:
		messages := conversation(f)
		if int(get.Index) >= len(messages) {
			return p, &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "there is no message " + strconv.Itoa(int(get.Index)+1)}
		}
		m := messages[get.Index]
		p.inline, p.ref, p.present = m.content, m.ref, true
	}
	p.meta = describe(f, get, p.headers)
	if !p.ref.GetDecoded() {
		p.encoding, _ = flow.Value(p.headers, "content-encoding")
	}
	return p, nil
}

// describe returns what content views may go by.
func describe(f *flowpb.Flow, get *viewerpb.GetBody, headers []*flowpb.HTTPHeader) content.Metadata {
	contentType, _ := flow.Value(headers, "content-type")
	meta := content.Describe(contentType)
	meta.Request = get.Part == viewerpb.Part_REQUEST
	if get.Part == viewerpb.Part_MESSAGE {
		meta.Origin = originOf(flow.Kind(f))
		if messages := conversation(f); int(get.Index) < len(messages) {
			meta.Request = messages[get.Index].fromClient
		}
	}
	meta.Path = string(f.GetRequest().GetPath())
	meta.Encoding, _ = flow.Value(headers, "grpc-encoding")
	meta.Port = int(flow.Server(f).GetPort())
	meta.ALPN = string(f.GetClientConn().GetAlpnProtoNegotiated())
	return meta
}

// originOf returns the origin of the messages of a kind of flow.
func originOf(kind flowpb.Kind) content.Origin {
	switch kind {
	case flowpb.Kind_TCP:
		return content.TCP
	case flowpb.Kind_UDP:
		return content.UDP
	}
	return content.WebSocket
}

// rendered is the body that was shown last: paging through it renders it once.
type rendered struct {
	mu sync.Mutex
	of string
	content.Rendered
	picture []byte // the body itself, if it is an image that can be drawn
	view    string
	note    string
	found   found
}

// Body implements api.API.
func (e *Engine) Body(ctx context.Context, get *viewerpb.GetBody) (*viewerpb.BodyWindow, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	f, err := o.find(get.Key)
	if err != nil {
		return nil, err
	}
	p, err := choose(f, get)
	if err != nil {
		return nil, err
	}
	window := &viewerpb.BodyWindow{Present: p.present, Views: viewNames()}
	if !p.present {
		return window, nil
	}
	o.body.mu.Lock()
	defer o.body.mu.Unlock()
	if err := o.render(ctx, get, p); err != nil {
		return nil, err
	}
	o.body.cut(window, get)
	o.body.mark(window, get)
	colour(window)
	return window, nil
}

func viewNames() []string {
	names := []string{content.Auto}
	for _, v := range content.All() {
		names = append(names, v.Name)
	}
	return names
}

// render makes o.body what get asks for.
func (o *open) render(ctx context.Context, get *viewerpb.GetBody, p part) error {
	if get.View == "" {
		get.View = content.Auto
	}
	of := strings.Join([]string{get.Key, strconv.Itoa(int(get.Part)), strconv.Itoa(int(get.Index)), get.View}, "\x00")
	if o.body.of == of {
		return nil
	}
	raw, note, err := o.load(p)
	if err != nil {
		return unreadable(err)
	}
	decoded, coding := decode(raw, p)
	p.meta.Schemas = o.config.schemas.Load()
	name, shown, failed := content.Render(ctx, get.View, p.meta, decoded)
	if err := ctx.Err(); err != nil {
		return err
	}
	b := &o.body
	b.of, b.view, b.Rendered, b.note, b.picture = of, name, shown, join(note, coding, failed), nil
	b.found = found{}
	if shown.Image != "" && len(decoded) <= maxPicture {
		b.picture = decoded
	}
	return nil
}

// load returns the bytes of p as captured, up to maxBody.
func (o *open) load(p part) (raw []byte, note string, err error) {
	if p.inline != nil || p.ref == nil {
		return p.inline, "", nil
	}
	src, err := o.referred(p.ref)
	if err != nil {
		return nil, "", err
	}
	if src.Size() > maxBody {
		note = fmt.Sprintf("the first %d of %d bytes", maxBody, src.Size())
		if src, err = blob.Section(src, 0, maxBody); err != nil {
			return nil, "", err
		}
	}
	raw, err = blob.ReadAll(src)
	return raw, note, err
}

// decode undoes the content-encoding as far as it can, and says what it did.
func decode(raw []byte, p part) (decoded []byte, note string) {
	if p.encoding == "" || strings.EqualFold(p.encoding, "identity") {
		return raw, ""
	}
	decoded, err := flow.Decode(raw, p.encoding, maxBody)
	switch {
	case err == nil:
		return decoded, fmt.Sprintf("decoded %s: %d bytes sent, %d shown", strings.ToLower(p.encoding), len(raw), len(decoded))
	case len(decoded) > 0:
		return decoded, fmt.Sprintf("decoded %s as far as it goes: %v", strings.ToLower(p.encoding), err)
	}
	return raw, fmt.Sprintf("cannot decode, shown as sent: %v", err)
}

// cut fills w with the window of the rendered body that get asks for. Text
// ends at the end of a line, or at least of a character.
func (b *rendered) cut(w *viewerpb.BodyWindow, get *viewerpb.GetBody) {
	w.View, w.Note = b.view, b.note
	if b.picture != nil && get.From == 0 {
		w.Data, w.MediaType = b.picture, b.Image
	}
	w.Total = uint64(len(b.Text))
	w.From = min(get.From, w.Total)
	limit := min(get.Limit, maxWindow)
	if limit == 0 {
		limit = maxWindow
	}
	text := b.Text[w.From:]
	if end := int(limit); len(text) > end {
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
		if i := strings.LastIndexByte(text, '\n'); i >= 0 {
			text = text[:i+1]
		}
	}
	w.Text = text
}

func join(notes ...string) string {
	var b strings.Builder
	for _, n := range notes {
		if n == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(n)
	}
	return b.String()
}

// find returns the flow of key, or an error that says there is none.
func (o *open) find(key string) (*flowpb.Flow, error) {
	if _, ok := o.view.Row(key); !ok {
		return nil, noFlow(key)
	}
	return o.Flow(key)
}
