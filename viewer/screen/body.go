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
	do.stop(slotBody)
	get := &viewerpb.GetBody{Key: d.key, View: d.viewAsked(), Limit: firstWindow}
	head, part := d.head()
	switch messages := d.conversation(); {
	case head != nil:
		d.body.shown = true
		d.body.empty = absence(head.Body)
		if d.body.empty != "" {
			d.body.views = nil
			return
		}
		get.Part = part
	case d.message > 0 && d.message <= len(messages):
		d.body.shown = true
		get.Part, get.Index = viewerpb.Part_MESSAGE, uint32(d.message-1)
	default:
		return
	}
	s.fetch(do, get)
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
	get := &viewerpb.GetBody{Key: d.key, View: b.view, From: b.next, Limit: nextWindow}
	if b.view == "image" {
		get.Limit = imageWindow
	}
	_, get.Part = d.head()
	if d.message > 0 {
		get.Part, get.Index = viewerpb.Part_MESSAGE, uint32(d.message-1)
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
	}
}

// more returns the label of the button for more of the body; empty is none.
func (b *body) more() string {
	if b.view == "image" || b.failure != "" || b.next >= b.total {
		return ""
	}
	return "Show more (" + formatSize(b.next) + " of " + formatSize(b.total) + " shown)"
}
