package mitm

import (
	"fmt"
	"io"
	"math"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A walker implements session.Walker by a stream: a record that is not large is
// looked at where it lies in the stream's buffer, and so are its bodies. One far
// behind the last is read alone, because a stream reads in large chunks.
type walker struct {
	*reader
	offset int64  // of the record
	record []byte // nil for a large one
	after  int64  // where the last record ends; before the first, nowhere near
}

// far is how many bytes behind a record the next one is far.
const far = 1 << 20

// Walk is what session.Walk calls.
func (r *reader) Walk() session.Walker { return &walker{reader: r.again(), after: math.MaxInt64} }

// At implements session.Walker.
func (w *walker) At(at session.Place) (*flowpb.Flow, error) {
	f, err := w.at(at)
	if err != nil {
		return nil, fmt.Errorf("mitm: byte %d: %w", at.Offset, err)
	}
	return f, nil
}

func (w *walker) at(at session.Place) (*flowpb.Flow, error) {
	if err := w.lies(at); err != nil {
		return nil, err
	}
	if at.Offset < w.stream.Offset() {
		w.reader = w.again()
	}
	skipped := at.Offset - w.after
	w.record, w.offset, w.after = nil, at.Offset, at.Offset+at.Length
	if (skipped < 0 || skipped > far) && at.Length <= w.whole {
		f, err := w.rereader.flow(w.cached, at)
		w.record = w.rereader.buf[:min(at.Length, int64(len(w.rereader.buf)))]
		return f, err
	}
	w.decoder.passing.reuse()
	w.decoder.memory = &w.decoder.passing
	w.stream.Reuse()
	w.stream.Advance(at.Offset - w.stream.Offset())
	if at.Length <= w.whole {
		b, err := w.stream.Peek(int(at.Length))
		if err == io.EOF {
			err = blob.ErrGone
		}
		if err != nil {
			return nil, err
		}
		w.record = b
	}
	f, _, err := w.decode(at.Length)
	return f, err
}

// Bytes implements session.Walker.
func (w *walker) Bytes(ref *flowpb.Body) ([]byte, error) {
	from := int64(ref.GetOffset()) - w.offset
	if size := int64(len(w.record)); from >= 0 && from <= size && ref.GetLength() <= uint64(size-from) && ref.GetEncoding() == flowpb.Body_RAW {
		return w.record[from : from+int64(ref.GetLength())], nil
	}
	src, err := w.Body(ref)
	if err != nil {
		return nil, err
	}
	return blob.ReadAll(src)
}
