package content

import (
	"context"
	"strings"
)

// sseView shows the events of a stream, with an empty line between them: the
// fields as sent, then the data, of which JSON is indented. mitmproxy has no
// such view.
//
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
func sseView() View {
	return View{
		Name:  "event stream",
		Label: "Event stream",
		About: "Server-sent events, one after the other",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "text/event-stream" {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			text, err := showEvents(ctx, strings.TrimPrefix(utf8Text(data), "\ufeff"))
			return Rendered{Text: text}, err
		},
	}
}

// showEvents reads a stream line by line. The end of a line may be of three
// kinds, even mixed.
func showEvents(ctx context.Context, stream string) (string, error) {
	var w eventWriter
	for len(stream) > 0 {
		end := strings.IndexAny(stream, "\r\n")
		if end < 0 {
			end = len(stream)
		}
		line, rest := stream[:end], stream[end:]
		if err := w.line(ctx, line); err != nil {
			return "", err
		}
		crlf := false
		if stream, crlf = strings.CutPrefix(rest, "\r\n"); !crlf {
			stream = rest[min(1, len(rest)):]
		}
	}
	if len(w.data) > 0 {
		w.end(ctx)
		w.put("(no empty line ends this event: clients drop it)\n")
	}
	return w.String(), ctx.Err()
}

// eventWriter writes events.
type eventWriter struct {
	output
	open bool     // an event has begun
	data []string // the lines of its data
}

// line takes a line of the stream.
func (w *eventWriter) line(ctx context.Context, line string) error {
	if line == "" {
		w.end(ctx)
	}
	if err := ctx.Err(); err != nil || line == "" {
		return err
	}
	if w.len() > textMax {
		return errTooLong
	}
	if !w.open && w.len() > 0 {
		w.put("\n")
	}
	w.open = true
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	if name == "data" {
		w.data = append(w.data, value)
		return nil
	}
	w.field(name, value)
	return nil
}

// field writes a field, or a comment, which has no name.
func (w *eventWriter) field(name, value string) {
	w.put(name)
	w.put(":")
	if value != "" {
		w.put(" ")
		w.put(value)
	}
	w.put("\n")
}

// end ends an event with its data.
func (w *eventWriter) end(ctx context.Context) {
	lines := w.data
	w.open, w.data = false, nil
	if len(lines) > 0 && (strings.HasPrefix(lines[0], "{") || strings.HasPrefix(lines[0], "[")) {
		if text, err := indentJSON(ctx, strings.Join(lines, "\n")); err == nil {
			lines = []string{text}
		}
	}
	for _, line := range lines {
		w.field("data", line)
	}
}
