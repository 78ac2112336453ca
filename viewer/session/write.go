package session

import (
	"context"
	"errors"
	"io"
	"iter"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// A Writer describes a kind of file that flows can be written as.
type Writer struct {
	// Name is that of the [Format] that reads such a file.
	Name string
	// Label is the name for people: "HTTP Archive (HAR)".
	Label string
	// Extension is how a file's name ends: ".har".
	Extension string
	// Media is the media type of the file.
	Media string
	// Losses returns what of f such a file cannot hold, each in a few words
	// that do not depend on the flow ("TLS ciphers"), so that they can be
	// counted: Losses of many flows have few texts. A flow that cannot be held
	// at all has one, in the plural ("TCP flows"). It does not read bodies.
	Losses func(f *flowpb.Flow) []string
	// Write writes flows to w, in their order, without those that cannot be
	// held. It ends soon after ctx is cancelled. Its memory does not grow with
	// the bodies, unless the doc comment of the format says so.
	Write func(ctx context.Context, w io.Writer, flows Flows) error
}

// Flows is what a [Writer] writes.
type Flows interface {
	// All yields the flows, each shared and not to be changed. It may be
	// called more than once and yields the same each time. An error ends it.
	All(ctx context.Context) iter.Seq2[*flowpb.Flow, error]
	// Body returns the bytes of a body that one of the flows refers to.
	Body(*flowpb.Body) (blob.Source, error)
	// About returns what the file that flows of this number of source were
	// read from says of itself, or nil.
	About(source uint32) *flowpb.About
}

// A Source is a file that flows were read from.
type Source struct {
	Name   string
	Format string // as in [Format]
	Size   int64  // in bytes
}

// Sourced is what [Flows] may implement besides, so that a file can tell by
// name what its flows were read from.
type Sourced interface {
	// Sources returns all of them, by their number.
	Sources() []Source
}

// A Describer is a [Reader] of a file that says something of itself as a
// whole.
type Describer interface {
	// About returns what was read of it so far; all of it after io.EOF.
	About() *flowpb.About
}

// A Folder is a [blob.Source] that lies among other files, as in an archive.
type Folder interface {
	blob.Source
	// Sibling returns the file of that name, which may be a path relative to
	// the file's own folder, with slashes. It is an error if there is none.
	Sibling(name string) (blob.Source, error)
}

// A List is all that a [Reader] yields. It implements [Flows], for as long as
// the Reader is open.
type List struct {
	Flows  []*flowpb.Flow
	Issues []*Issue
	reader Reader
}

var _ Flows = (*List)(nil)

// ReadAll reads r to its end. If the error is not nil, the List has what was
// read before it.
func ReadAll(r Reader) (*List, error) {
	l := &List{reader: r}
	for {
		f, err := r.Next()
		var issue *Issue
		switch {
		case err == nil:
			l.Flows = append(l.Flows, f)
		case errors.As(err, &issue):
			l.Issues = append(l.Issues, issue)
		case errors.Is(err, io.EOF):
			return l, nil
		default:
			return l, err
		}
	}
}

// All implements [Flows].
func (l *List) All(ctx context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for _, f := range l.Flows {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// Body implements [Flows].
func (l *List) Body(b *flowpb.Body) (blob.Source, error) { return l.reader.Body(b) }

// About implements [Flows].
func (l *List) About(uint32) *flowpb.About {
	if d, ok := l.reader.(Describer); ok {
		return d.About()
	}
	return nil
}
