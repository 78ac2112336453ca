package content

import (
	"context"
	"errors"
	"strconv"
	"strings"

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
}

// A View is one way to show a body.
//
// Render fails where the body is not what the view is for. It stops soon after
// ctx is cancelled, with the error of ctx. It does not keep data.
type View struct {
	Name     string // stable key, lower case: "json"
	Label    string // for people: "JSON"
	Whole    bool   // a part of a body is of no use to it
	Priority func(meta Metadata, data []byte) float64
	Render   func(ctx context.Context, meta Metadata, data []byte) (Rendered, error)
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
	}
}

// Render shows a body: data with the content encoding undone. With the name
// [Auto], or one that no view has, it takes the view of the highest priority,
// and text if that one fails. A view that was named and fails leaves the text
// empty.
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
	size := len(data)
	shown := data[:min(size, MaxData)]
	r, err := render(ctx, v, meta, shown, size)
	if err != nil {
		note = join(note, "failed to parse as "+v.Label+": "+err.Error())
		if named || ctx.Err() != nil {
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

// render runs a view. Its panic is an error: a body must not take the viewer
// down, and the person still has the other views.
func render(ctx context.Context, v View, meta Metadata, data []byte, size int) (r Rendered, err error) {
	defer func() {
		if recover() != nil {
			r, err = Rendered{}, errors.New("this view has a bug that the body brings out")
		}
	}()
	if len(data) < size && v.Whole {
		return Rendered{}, errors.New("more than " + strconv.Itoa(MaxData) + " bytes")
	}
	if r, err = v.Render(ctx, meta, data); err != nil {
		return Rendered{}, err
	}
	r.Text = printable(r.Text)
	return r, nil
}
