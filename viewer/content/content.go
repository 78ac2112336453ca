package content

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"flowpane/viewer/flow"
)

// Auto is the name under which [Render] chooses the view itself.
const Auto = "auto"

// MaxData bounds how much of a body a view is given, in bytes.
const MaxData = 32 << 20

// Metadata is what is known of where a body comes from. The zero value of a
// field says that it is not known, or that there is no such thing.
type Metadata struct {
	ContentType string // the Content-Type as sent
	MediaType   string // its "type/subtype" in lower case

	Origin   Origin
	Request  bool   // the body went from client to server
	Path     string // of the HTTP request, with its query, as sent
	Encoding string // grpc-encoding as sent
	Port     int    // of the server
	ALPN     string // that the client's TLS agreed upon

	Schemas *Schemas // of protocol buffers
}

// Origin is what kind of message a body belongs to.
type Origin uint8

const (
	HTTP Origin = iota
	WebSocket
	TCP
	UDP
	DNS // a DNS message in wire form, without a length before it
)

// Describe returns the metadata of a body with this Content-Type.
func Describe(contentType string) Metadata {
	return Metadata{ContentType: contentType, MediaType: flow.MediaType(contentType)}
}

// Rendered is what a view makes of a body.
type Rendered struct {
	// Text is valid UTF-8 without control characters but \t, \n and \r.
	Text string
	// Image is the media type of a body that may be drawn as a picture, by its
	// own first bytes and not by what the message claims; else "". Formats
	// that can hold scripts or references are never named.
	Image string
	// Frame is a document of HTML for a frame with an empty sandbox attribute. It
	// is what was captured, and must be shown in no other way.
	Frame string
	// Font says that a browser may draw text with the body, and Media is the
	// media type of sound or film that it may play, by the first bytes; else "".
	Font  bool
	Media string
}

// A View is one way to show a body.
//
// Render fails where the body is not what the view is for. It stops soon after
// ctx is cancelled, with the error of ctx. It does not keep data.
type View struct {
	Name     string // stable key, lower case: "json"
	Label    string // for people: "JSON"
	About    string // what it shows, in a line for people
	Whole    bool   // a part of a body is of no use to it
	Priority func(meta Metadata, data []byte) float64
	Render   func(ctx context.Context, meta Metadata, data []byte) (Rendered, error)

	// Stream, if there is one, does the same for a body of any size. It emits
	// the text piece by piece, each with the end of a line but for the last, and
	// ends with the error of emit.
	Stream func(ctx context.Context, meta Metadata, data []byte, emit func(piece string) error) error
}

// All returns every view. Of equal priorities the earlier view wins.
func All() []View {
	return []View{
		cssView(),
		dnsView(),
		graphQLView(),
		http3View(),
		imageView(),
		javaScriptView(),
		jsonView(),
		mqttView(),
		multipartView(),
		queryView(),
		textView(),
		socketIOView(),
		urlencodedView(),
		wbxmlView(),
		xmlView(),
		zipView(),
		hexView(),
		hexStreamView(),
		msgpackView(),
		protobufView(),
		grpcView(),
		cborView(),
		sseView(),
		jwtView(),
		previewView(),
		certificateView(),
		fontView(),
		mediaView(),
	}
}

// Render shows a body: data with the content encoding undone. With the name
// [Auto], or one that no view has, it takes the view of the highest priority,
// and text if that one fails. A view that was named and fails leaves the text
// empty, but for one that has a bug or takes longer than [maxTime]: text takes
// its place too.
//
// It returns the name of the view that was used, and a note for people of what
// did not go as asked, or "". When ctx is cancelled the result is of no use.
func Render(ctx context.Context, name string, meta Metadata, data []byte) (view string, r Rendered, note string) {
	v, named := lookup(name)
	if !named {
		v = choose(meta, data)
		if name != Auto && name != "" {
			note = "there is no view named " + strconv.Quote(name)
		}
	}
	view, r, failed := show(ctx, v, named, meta, data)
	if failed != "" {
		note = join(note, failed)
	}
	return view, r, note
}

// show is [Render] with a view.
func show(ctx context.Context, v View, named bool, meta Metadata, data []byte) (view string, r Rendered, note string) {
	size := len(data)
	shown := data[:min(size, MaxData)]
	r, err := render(ctx, v, meta, shown, size)
	if err != nil {
		note = "failed to parse as " + v.Label + ": " + err.Error()
		broken := errors.Is(err, errBug) || errors.Is(err, errSlow)
		if named && !broken || ctx.Err() != nil {
			return v.Name, Rendered{}, note
		}
		v = textView()
		if r, err = render(ctx, v, meta, shown, size); err != nil {
			return v.Name, Rendered{}, join(note, err.Error())
		}
	}
	if len(shown) < size {
		note = join(note, "the first "+strconv.Itoa(len(shown))+" of "+strconv.Itoa(size)+" bytes")
	}
	return v.Name, r, note
}

func join(note, more string) string { return strings.TrimPrefix(note+"; "+more, "; ") }

func lookup(name string) (View, bool) {
	for _, v := range All() {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return View{}, false
}

// choose returns the view of the highest priority.
func choose(meta Metadata, data []byte) View {
	best, highest := textView(), 0.0
	for _, v := range All() {
		if p := priority(v, meta, data); p > highest {
			best, highest = v, p
		}
	}
	return best
}

// priority is the priority of a view, or 0 if it panics.
func priority(v View, meta Metadata, data []byte) (p float64) {
	defer func() {
		if recover() != nil {
			p = 0
		}
	}()
	return v.Priority(meta, data)
}

// maxTime is how long a view may take that shows a body whole.
const maxTime = 10 * time.Second

var (
	errBug  = errors.New("this view has a bug that the body brings out")
	errSlow = errors.New("it takes longer than " + strconv.Itoa(int(maxTime/time.Second)) + " s")
)

// A limited context is done at a time. That of package context is done when a
// timer says so, which does not come to its turn where there is one thread.
type limited struct {
	context.Context
	until time.Time
}

func (l limited) Err() error {
	if err := l.Context.Err(); err != nil || time.Now().Before(l.until) {
		return err
	}
	return errSlow
}

// render runs a view. Its panic is an error: a body must not take the viewer
// down, and the person still has the other views.
func render(ctx context.Context, v View, meta Metadata, data []byte, size int) (r Rendered, err error) {
	defer func() {
		if recover() != nil {
			r, err = Rendered{}, errBug
		}
	}()
	if len(data) < size && v.Whole {
		return Rendered{}, errors.New("more than " + strconv.Itoa(MaxData) + " bytes")
	}
	if r, err = v.Render(limited{ctx, time.Now().Add(maxTime)}, meta, data); err != nil {
		return Rendered{}, err
	}
	r.Text = printable(r.Text)
	return r, nil
}
