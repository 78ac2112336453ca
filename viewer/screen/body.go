package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

const (
	// firstWindow and nextWindow are how many bytes of a rendered body are
	// asked for at first, and each time after.
	firstWindow = 64 << 10
	nextWindow  = 256 << 10
	// imageWindow is how many bytes of an image are asked for at a time, and
	// maxImage how many are shown at all.
	imageWindow = 4 << 20
	maxImage    = 64 << 20
)

// A body is the body that the detail pane shows, as far as it is here.
type body struct {
	shown   bool // the tab has a body
	loading bool
	failure string
	empty   string // words in place of content
	serial  int    // grows whenever the content is another, not more of it

	view   string // the view used
	views  []string
	chunks []string
	tokens [][]uint32 // of chunks
	image  []byte
	media  string
	note   string
	total  uint64
	next   uint64 // where the next window begins
}

// loadBody fetches the body of the tab from the start.
func (s *Screen) loadBody(do *commands) {
	d := &s.detail
	d.body = body{serial: d.body.serial + 1, views: d.body.views}
	d.find.forget()
	do.stop(slotBody)
	head, _ := d.head()
	switch {
	case head != nil:
		d.body.shown = true
		d.body.empty = absence(head.Body)
		if d.body.empty != "" {
			d.body.views = nil
			return
		}
	case d.message > 0 && d.message <= len(d.conversation()):
		d.body.shown = true
	default:
		return
	}
	get := s.getBody()
	get.View, get.Limit = d.viewAsked(), firstWindow
	s.fetch(do, get)
}

// getBody returns a request for the body that the tab shows, and what is found
// in it.
func (s *Screen) getBody() *viewerpb.GetBody {
	d := &s.detail
	get := &viewerpb.GetBody{Key: d.key, Find: d.find.text, FindRegex: d.find.isRegex, Filter: s.filter.applied}
	_, get.Part = d.head()
	if d.message > 0 {
		get.Part, get.Index = viewerpb.Part_MESSAGE, uint32(d.message-1)
	}
	return get
}

func absence(info *viewerpb.BodyInfo) string {
	switch {
	case info == nil || !info.Present:
		return "The body was not captured."
	case info.Size == 0:
		return "The body is empty."
	}
	return ""
}

func (d *detail) viewAsked() string {
	if d.view == "" {
		return "auto"
	}
	return d.view
}

func (s *Screen) fetch(do *commands, get *viewerpb.GetBody) {
	s.detail.body.loading = true
	do.add(Call{slotBody, func(ctx context.Context, engine api.API, post func(Msg)) {
		window, err := engine.Body(ctx, get)
		post(bodyCame{get, window, err})
	}})
}

// loadMore fetches the next window of the body.
func (s *Screen) loadMore(do *commands) {
	d := &s.detail
	b := &d.body
	if b.loading || b.next >= b.total {
		return
	}
	get := s.getBody()
	get.View, get.From, get.Limit = b.view, b.next, nextWindow
	if b.view == "image" {
		get.Limit = imageWindow
	}
	s.fetch(do, get)
}

func (s *Screen) bodyCame(do *commands, m bodyCame) {
	b := &s.detail.body
	b.loading = false
	if m.err != nil {
		b.failure = m.err.Error()
		return
	}
	w := m.body
	if m.get.From == 0 && len(b.chunks) > 0 { // it was asked for again, to find something else
		b.chunks, b.tokens = nil, nil
		b.serial++
	}
	s.detail.find.take(w.Hits, int(w.HitsTotal), w.HitsMore, w.FindError, m.get.From == 0)
	if m.get.From == 0 {
		b.views, b.media, b.note = w.Views, w.MediaType, w.Note
	}
	b.view, b.total = w.View, w.Total
	size := len(w.Text)
	if len(w.Data) > 0 {
		size = len(w.Data)
		b.image = append(b.image, w.Data...)
	}
	if w.Text != "" {
		b.chunks = append(b.chunks, w.Text)
		b.tokens = append(b.tokens, w.Tokens)
	}
	b.next = w.From + uint64(size)
	if size == 0 {
		b.total = b.next // an empty window is the end, whatever was promised
	}
	switch {
	case !w.Present:
		b.empty = "The body was not captured."
	case b.view == "image" && b.total > maxImage:
		b.empty = "This image of " + formatSize(b.total) + " is too large to be shown."
		b.image = nil
	case b.view == "image" && b.next < b.total:
		s.loadMore(do)
	default:
		s.seekHit(do)
	}
}

// more returns the label of the button for more of the body; empty is none.
func (b *body) more() string {
	if b.view == "image" || b.failure != "" || b.next >= b.total {
		return ""
	}
	return "Show more (" + formatSize(b.next) + " of " + formatSize(b.total) + " shown)"
}
