package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/export"
	"flowpane/viewer/link"
	"flowpane/viewer/redact"
	"flowpane/viewer/session"
)

// A Scratch takes the bytes of a file, and gives them back: a file that is made
// is looked at before anybody gets it. It is for one goroutine.
type Scratch interface {
	io.Writer
	// Source returns what was written. Nothing is written after it.
	Source() (blob.Source, error)
	// Close gives up what was written, and the Source with it.
	Close() error
}

// memoryScratch is a Scratch where there is no better one.
type memoryScratch struct{ bytes.Buffer }

func (m *memoryScratch) Source() (blob.Source, error) { return blob.Bytes(m.Bytes()), nil }

func (m *memoryScratch) Close() error { return nil }

func (c *Config) scratch() (Scratch, error) {
	if c.Scratch == nil {
		return new(memoryScratch), nil
	}
	return c.Scratch()
}

// A departure is flows that leave, without what is secret, unless nothing is to
// be taken out.
type departure struct {
	session.Flows
	from     *choice
	redactor *redact.Redactor // nil: they leave as they are
}

// Each pass over the flows is told of as a part of the whole.
const (
	surveying = iota
	writing
	proving
	passes
)

// depart surveys flows that are to leave.
func depart(ctx context.Context, flows *choice, r *viewerpb.Redaction) (*departure, error) {
	if r == nil {
		return &departure{flows, flows, nil}, nil
	}
	flows.pass, flows.passes = surveying, passes
	redactor := redact.New(policy(r))
	redacted, err := redactor.Over(ctx, flows)
	flows.pass = writing
	return &departure{redacted, flows, redactor}, err
}

// start returns what is shown at first, as a link has it. A filter may name what
// it looks for.
func (d *departure) start(fragment string) string {
	if d.redactor == nil {
		return fragment
	}
	l := link.Parse(fragment)
	for _, part := range [...]*string{&l.Filter, &l.Highlight, &l.Flow} {
		*part = d.redactor.Text(*part)
	}
	return l.String()
}

// Sources implements session.Sourced.
func (d *departure) Sources() []session.Source {
	if named, ok := d.Flows.(session.Sourced); ok {
		return named.Sources()
	}
	return nil
}

// write writes the flows as a file. If something was taken out of them it is
// written to a Scratch first, and looked through for all that is to be gone, as
// it is and as a reader reads it; out gets it then, or nothing.
func (e *Engine) write(ctx context.Context, out io.Writer, w session.Writer, flows *departure) error {
	if flows.redactor == nil {
		return w.Write(ctx, out, flows)
	}
	scratch, err := e.config.scratch()
	if err != nil {
		return err
	}
	defer scratch.Close()
	watch := flows.redactor.Watch()
	if err := w.Write(ctx, io.MultiWriter(scratch, watch), flows); err != nil {
		return refused(err)
	}
	file, err := scratch.Source()
	if err != nil {
		return err
	}
	flows.from.pass = proving
	if w.Name == export.Table.Name {
		err = proveTable(ctx, file, watch, flows.from)
	} else {
		err = e.prove(ctx, file, watch, flows.from)
	}
	if err != nil {
		return refused(err)
	}
	_, err = io.CopyBuffer(out, io.NewSectionReader(file, 0, file.Size()), make([]byte, savedPiece))
	return err
}

// prove reads a file that was written, and has what it says looked at.
func (e *Engine) prove(ctx context.Context, file blob.Source, watch *redact.Watch, flows *choice) error {
	format, err := session.Detect(file, e.formats)
	if err != nil {
		return err
	}
	reader, err := format.Open(ctx, file)
	if err != nil {
		return err
	}
	defer reader.Close()
	for n := 0; ; n++ {
		f, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			flows.gone = len(flows.keys)
			return watch.Err()
		case err != nil:
			return fmt.Errorf("what was written cannot be read again: %w", err)
		}
		if err := watch.Flow(f, reader.Body); err != nil {
			return err
		}
		flows.gone = n
		flows.breathe()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// proveTable is prove of a table, whose cells are quoted.
func proveTable(ctx context.Context, file blob.Source, watch *redact.Watch, flows *choice) error {
	n := -1 // behind the names of its columns
	for cells, err := range export.Rows(io.NewSectionReader(file, 0, file.Size())) {
		if err != nil {
			return fmt.Errorf("what was written cannot be read again: %w", err)
		}
		for _, cell := range cells {
			if err := watch.Text([]byte(cell), "the table"); err != nil {
				return err
			}
		}
		n++
		flows.gone = n
		flows.breathe()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return watch.Err()
}

// refused says of a leak what a person can do about it.
func refused(err error) error {
	var leak *redact.LeakError
	if !errors.As(err, &leak) {
		return err
	}
	return fmt.Errorf("nothing was saved: %w. Leave the flow out, or take out its bodies by their type", err)
}
