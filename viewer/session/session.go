// Package session reads capture files. [Detect] asks each [Format] whether a
// file is its own; a [Reader] then yields the flows in the order of the file.
// What cannot be read becomes an [Issue] and reading goes on. No format knows
// another; package formats lists them.
package session

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// SniffLen is how many bytes of a file a Format gets to see, at the most.
const SniffLen = 16 << 10

// A Format describes one kind of capture file.
type Format struct {
	// Name is a stable key, lowercase: "mitm".
	Name string
	// Label is the name for people: "mitmproxy dump".
	Label string
	// Priority orders the formats: the lowest is asked first. It is unique.
	Priority int
	// Sniff returns nil if head begins a file of this format, else why not,
	// in a few words. head has SniffLen bytes, or the whole file if it is
	// shorter, but is never empty. Content decides, never the name.
	Sniff func(head []byte) error
	// Open returns a Reader over src. Cancelling ctx ends its reading.
	Open func(ctx context.Context, src blob.Source) (Reader, error)
}

// A Reader yields the flows of one file.
//
// Its methods but Body are called from one goroutine; Body from any.
type Reader interface {
	// Next returns the next flow. An error that is an *Issue tells of
	// something that was passed over, and reading goes on; io.EOF is the end;
	// any other error is final, and all flows before it stand.
	//
	// The flow belongs to the caller. Its bodies are references that Body
	// reads, or inline where that costs less.
	Next() (*flowpb.Flow, error)
	// Progress returns how many bytes of the file are read or passed over.
	Progress() int64
	// Body returns the bytes of a body that a flow of this Reader refers to.
	// It works until Close.
	Body(*flowpb.Body) (blob.Source, error)
	// Close releases what the Reader holds, but not its source.
	Close() error
}

// An Issue is something in a file that could not be read and was passed over.
type Issue struct {
	// Place says where: "byte 1024", "row 12".
	Place string
	Err   error
}

func (i *Issue) Error() string { return i.Place + ": " + i.Err.Error() }

func (i *Issue) Unwrap() error { return i.Err }

// AtByte returns an Issue about the record at offset, in bytes.
func AtByte(offset int64, err error) *Issue {
	return &Issue{Place: "byte " + strconv.FormatInt(offset, 10), Err: err}
}

// Unrecognised is the error of Detect when no format accepts a file.
type Unrecognised struct {
	Refusals []Refusal
}

// A Refusal is why one format does not accept a file.
type Refusal struct {
	Format Format
	Err    error
}

func (u *Unrecognised) Error() string {
	var b strings.Builder
	b.WriteString("no known capture format")
	for i, r := range u.Refusals {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		article := "a "
		if strings.HasPrefix(r.Format.Label, "HTTP") { // which begins with a vowel, as it is said
			article = "an "
		}
		b.WriteString("not " + article + r.Format.Label + " (" + r.Err.Error() + ")")
	}
	return b.String()
}

// Detect returns the format of src, by its content. If no format accepts it,
// the error is an [*Unrecognised] with every refusal. An empty file is of the
// [Empty] format.
func Detect(src blob.Source, formats []Format) (Format, error) {
	head, err := blob.Head(src, SniffLen)
	if err != nil {
		return Format{}, err
	}
	if len(head) == 0 {
		return Empty, nil
	}
	refused := new(Unrecognised)
	for _, f := range formats {
		err := f.Sniff(head)
		if err == nil {
			return f, nil
		}
		refused.Refusals = append(refused.Refusals, Refusal{f, err})
	}
	return Format{}, refused
}

// Sorted returns formats in the order in which Detect is to ask them.
func Sorted(formats ...Format) []Format {
	slices.SortFunc(formats, func(a, b Format) int { return a.Priority - b.Priority })
	return formats
}

// Empty is the format of a file without bytes: a dump to which nothing was
// written yet. It has no flows, which is no error.
var Empty = Format{
	Name:  "empty",
	Label: "empty file",
	Sniff: func([]byte) error { return errors.New("it has bytes") },
	Open:  func(context.Context, blob.Source) (Reader, error) { return empty{}, nil },
}

type empty struct{}

func (empty) Next() (*flowpb.Flow, error) { return nil, io.EOF }
func (empty) Progress() int64             { return 0 }
func (empty) Close() error                { return nil }
func (empty) Body(*flowpb.Body) (blob.Source, error) {
	return nil, errors.New("session: an empty file has no bodies")
}

// A Lister is a [Reader] of a file that has a list of its flows, so that they
// are shown without being read.
type Lister interface {
	Reader
	// List yields the list, part by part, in the order in which Next yields
	// the flows. If an error ends it, or it yields nothing, the flows that
	// were not listed are known to Next alone, which begins with the first.
	List() iter.Seq2[Part, error]
	// Flow returns flow number of the list, from 0, as Next would. It may be
	// called from any goroutine, until Close.
	Flow(number int) (*flowpb.Flow, error)
}

// A Finder is a [Lister] that finds a flow before it has listed it.
type Finder interface {
	Lister
	// Find returns the flow that List yields with a key, and its number there. It
	// is [ErrNoFlow] that there is none. It may be called from any goroutine,
	// until Close.
	Find(key string) (number int, f *flowpb.Flow, err error)
}

// ErrNoFlow is what a [Finder] finds where no flow has the key.
var ErrNoFlow = errors.New("no flow has this key")

// A Scanner is a [Reader] of a file in which flows lie where they are found
// again, so that nothing has to be kept of those that are only looked at.
type Scanner interface {
	Reader
	// Scan is Next for those who look at a flow and let it go: the flow, and
	// all that it refers to, is valid until the next call. at is where it
	// lies. The zero Place says that it lies at no one place, and then it
	// belongs to the caller.
	//
	// Scan and Next do not mix: a file is read with one of them.
	Scan() (f *flowpb.Flow, at Place, err error)
	// Reread returns the flow at a place as Next would, in the state of the
	// file as it is now. It may be called from any goroutine, until Close.
	Reread(at Place) (*flowpb.Flow, error)
}

// A Follower is a [Scanner] of a file that may be written to while it is read.
type Follower interface {
	Scanner
	// Follow says whether more may come: then what is at the end and not whole
	// is left there, and io.EOF is the end for now.
	Follow(on bool)
}

// A Place is where a flow lies in its file. What it counts is up to the
// [Scanner] that it comes from: bytes, or rows.
type Place struct {
	Offset, Length int64
}

// A Part is what the list of a file says of some flows that follow each other.
type Part struct {
	// Keys are unique within the file: see [flow.Keys].
	Keys []string
	// Summaries are what [flow.Summarize] returns of the flows, one each.
	Summaries []flow.Summary
}
