package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/content"
	"flowpane/viewer/flow"
)

// A paced context lets other work of the thread be done when it is asked whether
// it is cancelled, which is how it may come to be.
type paced struct {
	context.Context
	yield func()
	last  time.Time
}

func (p *paced) Err() error {
	if time.Since(p.last) > slice {
		p.yield()
		p.last = time.Now()
	}
	return p.Context.Err()
}

// A making says what a document is made of, and how.
type making struct {
	part
	view    string
	allowed int
	inside  []string // names of steps into the body
}

// make makes doc.
func (o *open) make(ctx context.Context, doc *document, m making) {
	defer func() {
		if recover() != nil {
			doc.finish(about{view: m.view}, "", errors.New("internal error: the body cannot be shown"))
		}
	}()
	ctx = &paced{Context: ctx, yield: o.config.Yield, last: time.Now()}
	data, a, err := o.material(ctx, &m)
	if err != nil {
		doc.finish(about{view: m.view}, "", err)
		return
	}
	name, shown, failed := content.Stream(ctx, m.view, m.meta, data, func(view, piece string) error {
		doc.add(view, piece)
		o.config.Yield()
		return ctx.Err()
	})
	a.view, a.note = name, join(a.note, failed)
	a.drawn(shown, data)
	if len(m.inside) < maxInside {
		a.steps = steps(ctx, m.meta, data)
	}
	doc.finish(a, shown.Text, ctx.Err())
}

// drawn says what of a body can be drawn, if anything.
func (a *about) drawn(r content.Rendered, data []byte) {
	switch {
	case r.Frame != "":
		a.picture, a.media = []byte(r.Frame), "text/html"
	case len(data) > maxPicture && (r.Image != "" || r.Font || r.Media != ""):
		a.note = join(a.note, fmt.Sprintf("more than the %d MB that are drawn or played: save it", maxPicture>>20))
	case r.Image != "":
		a.picture, a.media = data, r.Image
	case r.Font:
		a.picture, a.media = data, "font/sfnt"
	case r.Media != "":
		a.picture, a.media = data, r.Media
	}
}

// material returns what is to be shown, decoded, and what was done for that. It
// makes m.meta say what is known of it.
func (o *open) material(ctx context.Context, m *making) (data []byte, a about, err error) {
	raw, cut, err := o.load(m.part, m.allowed)
	if err != nil {
		return nil, a, err
	}
	data, coding, more := decode(raw, m.part, m.allowed)
	if (cut != "" || more) && m.allowed < maxAllowed {
		a.allow = uint64(min(4*m.allowed, maxAllowed))
	}
	a.note = join(cut, coding)
	if m.meta.ContentType == "" {
		m.meta.ContentType = content.Guess(data)
		m.meta.MediaType = m.meta.ContentType
	}
	for i, name := range m.inside {
		if i == maxInside {
			return nil, a, fmt.Errorf("this is as deep as one can go, %d steps: save the body and open it by itself", maxInside)
		}
		if data, m.meta, err = content.Enter(ctx, m.meta, data, name); err != nil {
			return nil, a, err
		}
	}
	m.meta.Schemas = o.config.schemas.Load()
	return data, a, nil
}

func steps(ctx context.Context, meta content.Metadata, data []byte) (list []*viewerpb.Step) {
	for _, s := range content.Inside(ctx, meta, data) {
		list = append(list, &viewerpb.Step{Name: s.Name, Kind: s.Kind, Size: uint64(s.Size), Preview: s.Preview})
	}
	return list
}

// load returns the bytes of p as captured, as many as are allowed.
func (o *open) load(p part, allowed int) (raw []byte, note string, err error) {
	if p.messages != nil {
		raw, note = o.stream(p.messages, p.side, allowed)
		return raw, note, nil
	}
	if p.inline != nil || p.ref == nil {
		return p.inline, "", nil
	}
	src, err := o.referred(p.ref)
	if err != nil {
		return nil, "", err
	}
	if src.Size() > int64(allowed) {
		note = fmt.Sprintf("the first %d of %d bytes", allowed, src.Size()) + beyond(allowed)
		if src, err = blob.Section(src, 0, int64(allowed)); err != nil {
			return nil, "", err
		}
	}
	raw, err = blob.ReadAll(src)
	return raw, note, err
}

// beyond says how to see what is not shown, where no more can be allowed.
func beyond(allowed int) string {
	if allowed < maxAllowed {
		return ""
	}
	return ": save the body as it was sent to see the rest"
}

// decode undoes the content encodings as far as it can, and says what it did and
// whether there is more than is allowed.
func decode(raw []byte, p part, allowed int) (decoded []byte, note string, more bool) {
	if p.encoding == "" || strings.EqualFold(p.encoding, "identity") {
		return raw, "", false
	}
	decoded, err := flow.DecodeAll(raw, p.encoding, allowed)
	encoding := strings.ToLower(p.encoding)
	switch {
	case err == nil:
		return decoded, fmt.Sprintf("decoded %s: %d bytes sent, %d shown", encoding, len(raw), len(decoded)), false
	case errors.Is(err, flow.ErrLimit):
		return decoded, fmt.Sprintf("decoded %s: %d bytes sent, the first %d shown", encoding, len(raw), len(decoded)) + beyond(allowed), true
	case len(decoded) > 0:
		return decoded, fmt.Sprintf("decoded %s as far as it goes: %v", encoding, err), false
	}
	return raw, fmt.Sprintf("cannot decode, shown as sent: %v", err), false
}
