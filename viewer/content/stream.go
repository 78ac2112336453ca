package content

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unsafe"

	"flowpane/viewer/flow"
)

const (
	// streamFrom is the size in bytes from which on a body is shown piece by
	// piece: a smaller one is done before anybody sees that it was not.
	streamFrom = 1 << 20
	// firstPiece and streamPiece are about how long pieces are, in bytes.
	firstPiece  = 64 << 10
	streamPiece = 256 << 10
	// streamMax bounds the text of a body that is shown piece by piece.
	streamMax = 512 << 20
)

var errStream = errors.New("the text would be longer than " + strconv.Itoa(streamMax>>20) + " MB")

// Stream is [Render] for bodies of any size. A view that can do so shows a long
// body whole and piece by piece, through emit, which is told the name of the
// view too; then the text of r is empty. Each piece is text as in [Rendered] and
// ends with a line, but for the last. Where such a body turns out to be other
// than what the view is for, the rest is shown as it stands, and the note says
// so.
//
// Stream ends when ctx is cancelled or emit fails.
func Stream(ctx context.Context, name string, meta Metadata, data []byte, emit func(view, piece string) error) (view string, r Rendered, note string) {
	v, named := lookup(name)
	if !named {
		v = choose(meta, data)
	}
	if v.Stream == nil || len(data) < streamFrom {
		return Render(ctx, name, meta, data)
	}
	emitted := false
	err := stream(ctx, v, meta, data, func(view, piece string) error {
		emitted = true
		return emit(view, piece)
	})
	if err != nil {
		note = "failed to parse as " + v.Label + ": " + err.Error()
	}
	if errors.Is(err, errStream) {
		note = "cut off: " + err.Error()
	}
	if err != nil && !emitted && !named && ctx.Err() == nil {
		v = textView()
		if err = stream(ctx, v, meta, data, emit); err != nil {
			note = join(note, err.Error())
		}
	}
	return v.Name, Rendered{}, note
}

// stream runs the Stream of a view. Its panic is an error, as in [render].
func stream(ctx context.Context, v View, meta Metadata, data []byte, emit func(view, piece string) error) (err error) {
	defer func() {
		if recover() != nil {
			err = errBug
		}
	}()
	size := 0
	return v.Stream(ctx, meta, data, func(piece string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		piece = printable(piece)
		if size += len(piece); size > streamMax {
			return errStream
		}
		return emit(v.Name, piece)
	})
}

// streamText emits text as it stands.
func streamText(text string, emit func(piece string) error) error {
	for size := firstPiece; text != ""; size = streamPiece {
		end := len(text)
		if size < end {
			if i := strings.IndexByte(text[size:], '\n'); i >= 0 {
				end = size + i + 1
			}
		}
		if err := emit(text[:end]); err != nil {
			return err
		}
		text = text[end:]
	}
	return nil
}

// streamJSON emits JSON with an indent. From the line on that is not JSON, the
// text is emitted as it was sent; if that is in the first piece, nothing is.
func streamJSON(ctx context.Context, meta Metadata, data []byte, emit func(piece string) error) error {
	x := &indenter{in: sharedText(data, jsonType(meta, data))}
	x.limit = min(jsonGrowth*len(x.in)+jsonSpare, streamMax)
	x.out = make([]byte, 0, streamPiece+streamPiece/4)
	var stopped error
	x.emit = func(piece []byte) error {
		stopped = emit(string(piece))
		return stopped
	}
	err := x.all(ctx)
	switch {
	case stopped != nil || ctx.Err() != nil:
		return err
	case err == nil:
		return x.flush()
	case x.emitted == 0:
		return err
	}
	x.out = x.out[:x.lineAt]
	if stopped := errors.Join(x.flush(), streamText(x.in[x.lineIn:], emit)); stopped != nil {
		return stopped
	}
	return err
}

// sharedText is [flow.Text] without a copy and without a look at all of data, if
// that is UTF-8 or claims to be: what is not is told when it is shown. The text
// lives as long as data does, and must not be changed.
func sharedText(data []byte, contentType string) string {
	if flow.Charset(data, contentType) != "utf-8" {
		return flow.Text(data, contentType)
	}
	return strings.TrimPrefix(unsafe.String(unsafe.SliceData(data), len(data)), "\ufeff")
}

// streamHex emits the lines of a hex dump.
func streamHex(ctx context.Context, data []byte, emit func(piece string) error) error {
	const step = streamPiece / hexWidth / 5 * hexWidth
	for at := 0; at < len(data); at += step {
		var b strings.Builder
		end := min(at+step, len(data))
		for line := at; line < end; line += hexWidth {
			hexLine(&b, line, data[line:min(line+hexWidth, end)])
			if line+hexWidth < len(data) {
				b.WriteByte('\n')
			}
		}
		if err := emit(b.String()); err != nil {
			return err
		}
	}
	return ctx.Err()
}
