package redact

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// A LeakError says that something is still there that was to be gone, and where.
// It does not say what.
type LeakError struct {
	Class string
	// Where is "the file", or a part of a flow.
	Where string
}

func (e *LeakError) Error() string {
	return fmt.Sprintf("redact: %s: a value of the class %q is still there", e.Where, e.Class)
}

// A Watch looks for what was to be gone in what is about to leave: in the bytes
// of a file as they are written, and in flows as they are read from it.
type Watch struct {
	known *finder
	tail  []byte
	err   error

	unpacked int // bytes, of what is compressed in the text that is looked at
}

// Watch returns a Watch for all values that were found so far.
func (r *Redactor) Watch() *Watch { return &Watch{known: &r.known} }

// leastLook is how many bytes of a file are looked at together, at the least.
const leastLook = 64 << 10

// Write takes the next bytes of the file. It fails soon after the first leak. What
// it looks at it looks at a second time where a value may reach into what comes,
// so it gathers several times as much as the longest takes.
func (w *Watch) Write(b []byte) (int, error) {
	if w.err == nil {
		if w.tail = append(w.tail, b...); len(w.tail) >= max(leastLook, 4*w.known.longest) {
			w.lookAtTail()
		}
	}
	if w.err != nil {
		return 0, w.err
	}
	return len(b), nil
}

func (w *Watch) lookAtTail() {
	w.look(w.tail, "the file")
	if over := len(w.tail) - w.known.longest; over > 0 {
		w.tail = append(w.tail[:0], w.tail[over:]...)
	}
}

// Err looks at what was gathered of the file, and returns a *LeakError of the
// first leak, or nil.
func (w *Watch) Err() error {
	w.lookAtTail()
	return w.err
}

func (w *Watch) look(b []byte, where string) {
	if w.err != nil {
		return
	}
	if at, p := w.known.next(b, 0); at < len(b) {
		w.err = &LeakError{p.class, where}
	}
}

// maxLayers is how many encodings within each other Flow undoes.
const maxLayers = 4

// Flow looks at a flow that was read from what is about to leave, and at its
// bodies, each decoded in every way a reader would.
func (w *Watch) Flow(f *flowpb.Flow, read func(*flowpb.Body) (blob.Source, error)) error {
	where := "flow " + string(f.GetId())
	message := f.Append(nil)
	w.layers(message, where, 0)
	w.fields(message, where, 0)
	for _, part := range flow.Bodies(f) {
		b := *part.Content
		if b == nil && *part.Ref != nil {
			src, err := read(*part.Ref)
			if err != nil {
				return fmt.Errorf("redact: %s: %w", where, err)
			}
			if src.Size() > maxBody {
				continue // the bytes of the file are looked at as they are
			}
			if b, err = blob.ReadAll(src); err != nil {
				return fmt.Errorf("redact: %s: %w", where, err)
			}
		}
		w.layers(b, where, 0)
		headers := f.GetRequest().GetHeaders()
		if part.Side == flow.Response {
			headers = f.GetResponse().GetHeaders()
		}
		if encoding, ok := flow.Value(headers, "content-encoding"); ok && !part.Message {
			plain, err := flow.DecodeAll(b, encoding, maxBody)
			if err == nil || len(plain) > 0 && !errors.Is(err, flow.ErrLimit) {
				w.layers(plain, where, 0)
			}
		}
	}
	return w.err
}

// Text looks at a text that was read from what is about to leave, decoded in every
// way a reader would; where says of which part it is.
func (w *Watch) Text(text []byte, where string) error {
	w.layers(text, where, 0)
	return w.err
}

// maxNested is how deep the messages of a flow are nested, at the most.
const maxNested = 12

// fields looks at each field of a message alone: beside the bytes that say how
// long it is, an address would not be known for one.
func (w *Watch) fields(message []byte, where string, depth int) {
	for len(message) > 0 && w.err == nil {
		_, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return // no message
		}
		message = message[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(1, kind, message); n < 0 {
				return
			}
			message = message[n:]
			continue
		}
		field, n := protowire.ConsumeBytes(message)
		if n < 0 {
			return
		}
		message = message[n:]
		if w.look(field, where); depth < maxNested {
			w.fields(field, where, depth+1)
		}
	}
}

// layers looks at b, and at what it says when encodings of text are undone.
func (w *Watch) layers(b []byte, where string, depth int) {
	w.layersOf(piece{b: b, whole: true}, where, depth)
}

func (w *Watch) layersOf(p piece, where string, depth int) {
	b := p.b
	if w.look(b, where); w.err != nil || depth == maxLayers || len(b) < 4 {
		return
	}
	if kind := compression(b); kind != "" && p.whole {
		w.members(b, kind, where, depth+1)
		return
	}
	for _, x := range escapes {
		eachPiece(p, w.known.longest, func(p piece) {
			if plain := x.undo(p.b); plain != nil && w.err == nil {
				w.layersOf(piece{plain, p.whole, p.cut}, where, depth+1)
			}
		})
	}
	if text, _, ok := wide(b, ""); ok {
		w.layers(text, where, depth+1)
	}
	for i := 0; i < len(b); {
		end := runEnd(b, i, "+/-")
		if w.run(b[i:end], where, depth); i == 0 && p.cut { // what it was before is not known
			for shift := 1; shift < min(4, end); shift++ {
				w.run(b[shift:end], where, depth)
			}
		}
		i = end + 1
	}
}

// members looks at all that can be decoded of what is compressed, and at what is
// behind it.
func (w *Watch) members(b []byte, kind, where string, depth int) {
	if depth == 1 {
		w.unpacked = 0
	}
	var d flow.Decoder
	for len(b) > 0 && w.err == nil {
		if compression(b) != kind {
			w.layers(b, where, depth)
			return
		}
		plain, err := d.Decode(b, kind, min(maxBody, maxUnpacked-w.unpacked))
		if errors.Is(err, flow.ErrLimit) {
			return
		}
		w.unpacked += len(plain)
		w.layers(plain, where, depth)
		b = d.Rest()
	}
}

// leastCoded is how many letters of Base64 or hexadecimal digits are looked into.
const leastCoded = 16

// run looks at what letters say that may be Base64 or hexadecimal digits.
func (w *Watch) run(b []byte, where string, depth int) {
	if len(b) < leastCoded {
		return
	}
	for _, c := range codings(b, false) {
		if plain, err := c.decode(b); err == nil && legible(plain) {
			w.layers(plain, where, depth+1)
		}
	}
}
