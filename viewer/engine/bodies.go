package engine

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

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
	return fmt.Errorf("a body of %d bytes is more than the %d MB that are searched or exported: save it to look into it", size, maxBody>>20)
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
	if src, ok := o.first.bodyOf(ref); ok {
		return src, nil
	}
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
	messages []message // of which side is to be shown as one stream
	side     viewerpb.Side
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
	case viewerpb.Part_STREAM:
		p.messages, p.side, p.present = conversation(f), viewerpb.Side(get.Index), true
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
	if get.Part == viewerpb.Part_STREAM && get.Index == uint32(viewerpb.Side_BOTH) {
		return content.Describe("text/plain; charset=utf-8")
	}
	if get.Part == viewerpb.Part_STREAM {
		meta.Origin, meta.Request = originOf(flow.Kind(f)), get.Index == uint32(viewerpb.Side_CLIENT)
	}
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

// shown is the body that was shown last: it is made once, however often it is
// paged through.
type shown struct {
	mu    sync.Mutex
	of    string
	doc   *document
	found *found
}

// Body implements api.API.
func (e *Engine) Body(ctx context.Context, get *viewerpb.GetBody) (*viewerpb.BodyWindow, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	window := newWindow()
	doc, found, err := o.shownBody(get, true)
	if doc == nil {
		return window, err
	}
	window.Present = true
	r := doc.reader(ctx, get)
	at, lines, limit := int(min(get.From, math.MaxInt)), maxLines, int(maxWindow)
	if get.Lines > 0 {
		lines = min(int(get.Lines), lines)
	}
	if get.Limit > 0 {
		limit = int(min(get.Limit, maxWindow))
	}
	to := math.MaxInt
	switch {
	case get.Hit > 0:
		place, _ := found.place(r, int(min(get.Hit, maxHits)))
		at = r.before(place, limit)
	case get.Line > 0:
		at = r.lineBefore(int(min(get.Line, math.MaxInt)) - 1)
	case get.Backwards:
		at, to = r.backward(at, lines, limit), at
	}
	spans, folds, next := r.forward(at, to, lines, limit)
	if r.err != nil {
		return nil, unreadable(r.err)
	}
	r.fill(window, spans, folds, next)
	found.mark(window, r, spans)
	about := doc.said()
	window.View, window.Note, window.Allow, window.Steps = about.view, about.note, about.allow, about.steps
	if about.picture != nil && get.From == 0 {
		window.Data, window.MediaType = about.picture, about.media
	}
	colour(window)
	return window, nil
}

// SurveyBody implements api.API.
func (e *Engine) SurveyBody(ctx context.Context, get *viewerpb.GetBody, each func(*viewerpb.BodySurvey)) error {
	o, _ := e.session()
	doc, found, err := o.shownBody(get, false)
	if doc == nil {
		return err
	}
	r := doc.reader(ctx, get)
	told := time.Now()
	for more := true; more && r.err == nil; {
		found.search(r.lines)
		if more = r.has(found.upTo(r.lines)); more && time.Since(told) < progressEvery {
			e.config.Yield()
			continue
		}
		told = time.Now()
		each(survey(r, found))
	}
	return unreadable(r.err)
}

func survey(r *reader, f *found) *viewerpb.BodySurvey {
	about := r.doc.said()
	f.mu.Lock()
	defer f.mu.Unlock()
	return &viewerpb.BodySurvey{
		Total: uint64(r.size), Lines: uint64(r.count()), Complete: r.done, Hits: uint64(len(f.begin)), HitsMore: f.more,
		FindError: f.failure, Note: about.note, Allow: about.allow, Steps: about.steps,
	}
}

// shownBody returns the body that get asks for and what is found in it. If it is
// not the one shown last, it begins to make it, or has nothing to do with it: a
// call that comes late must not take the place of a newer one. The document is
// nil if there is none.
func (o *open) shownBody(get *viewerpb.GetBody, begin bool) (*document, *found, error) {
	f, err := o.find(get.Key)
	if err != nil {
		return nil, nil, err
	}
	p, err := choose(f, get)
	if err != nil || !p.present {
		return nil, nil, err
	}
	view := get.View
	if view == "" {
		view = content.Auto
	}
	allowed := int(min(get.Allowed, maxAllowed))
	if allowed == 0 {
		allowed = maxShown
	}
	of := strings.Join(append([]string{get.Key, strconv.Itoa(int(get.Part)), strconv.Itoa(int(get.Index)), view, strconv.Itoa(allowed)}, get.Inside...), "\x00")
	asked := asked{get.Find, get.Filter, get.FindRegex, get.Part}
	o.body.mu.Lock()
	defer o.body.mu.Unlock()
	b := &o.body
	if b.doc == nil || b.of != of {
		if !begin {
			return nil, nil, nil
		}
		if b.doc != nil {
			b.doc.cancel()
		}
		ctx, cancel := context.WithCancel(o.ctx)
		b.of, b.doc, b.found = of, newDocument(cancel), nil
		go o.make(ctx, b.doc, making{part: p, view: view, allowed: allowed, inside: get.Inside})
	}
	if b.found == nil || b.found.asked != asked {
		b.found = lookFor(asked)
	}
	return b.doc, b.found, nil
}

// newWindow returns a window that says which views there are.
func newWindow() *viewerpb.BodyWindow {
	w := &viewerpb.BodyWindow{Views: []string{content.Auto}, Abouts: []string{"The view that suits the body best"}}
	for _, v := range content.All() {
		w.Views, w.Abouts = append(w.Views, v.Name), append(w.Abouts, v.About)
	}
	return w
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
	if _, ok := o.view.Number(key); !ok {
		if f, ok := o.first.found(key); ok {
			return annotated(f, o.note(key)), nil
		}
	}
	if _, ok := o.view.Row(key); !ok {
		return nil, noFlow(key)
	}
	f, err := o.Flow(key)
	return f, unreadable(err)
}
