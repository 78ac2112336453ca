package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/store"
	"flowpane/viewer/view"
)

// open is an open session: its files, its view and its store.
type open struct {
	config    *Config
	view      *view.View
	store     *store.Store
	keys      flow.Keys
	body      shown // the body shown last
	highlight parsed
	names     names
	twins     *twins       // nil if there is one file
	listed    atomic.Int64 // how many of the first flows the file lists
	first     *first       // the flow that is shown first

	ctx     context.Context // ends when the session is closed
	cancel  context.CancelFunc
	reading sync.WaitGroup // what calls the readers, but for bodies

	watched watched
	read    chan struct{} // closed when all files are read, or cannot be
	seen    chan struct{} // closed when rows were given away, and there were some
	see     func()

	mu      sync.Mutex
	files   []*file
	helpers helpers
	places  []session.Place             // of flows that are not in the store, by their numbers
	notes   map[string]store.Annotation // what a person said, by keys
	kept    *keptSession                // nil unless the session is kept
	last    *reading                    // what read the files, to their end
}

// A file of the session, open as long as the session is: bodies stay in it.
type file struct {
	name   string
	note   string       // what a person should know of its source, or empty
	size   int64        // in bytes
	remote bool         // it is read by an address
	source blob.Source  // nil if there is none but a store
	grows  blob.Growing // nil if it is not a file that may grow
	format session.Format
	reader session.Reader
	about  *flowpb.About // nil before it is read to its end; under mu
	first  int           // number in the session of its first flow, when that is known; under mu
}

func newOpen(config *Config, revision uint64) *open {
	o := &open{config: config, store: store.NewMemory(), first: firstOf(nil), read: make(chan struct{}), notes: map[string]store.Annotation{}}
	o.seen = make(chan struct{})
	o.see = sync.OnceFunc(func() { close(o.seen) })
	o.ctx, o.cancel = context.WithCancel(blob.OnWait(context.Background(), o.watched.waits))
	o.view = view.New(o, revision, config.Yield)
	if config.Helpers != nil {
		o.helpers.start, o.view.Aides = config.Helpers, o.aides
	}
	o.keys.Given = func(key string) bool { _, given := o.view.Number(key); return given }
	return o
}

func (o *open) close() {
	o.cancel()
	o.reading.Wait()
	o.helpers.close()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.files {
		f.reader.Close()
	}
	o.store.Close()
	o.kept.close()
}

// detect opens the files and finds the format of each. Those that cannot be
// opened become issues, so that the others can; if none can, that is an error.
// What a person should know of a source is an issue too.
func (o *open) detect(ctx context.Context, sources []*viewerpb.Source, known []session.Format) (issues []*viewerpb.Issue, err error) {
	o.first = firstOf(sources)
	for _, from := range sources {
		if from.Kept != "" && len(sources) > 1 {
			// What is said of its flows is stored by their numbers in it.
			return nil, errors.New(from.Kept + ": a kept session is opened alone")
		}
		f, err := o.openFile(ctx, from, known)
		if err == nil {
			err = o.store.AddSource(store.Source{Name: f.name, Format: f.format.Name, Size: f.size})
			o.files = append(o.files, f)
			if f.note != "" {
				issues = append(issues, &viewerpb.Issue{Text: f.note, Source: f.name, Note: true})
			}
		}
		if err != nil && (len(sources) == 1 || ctx.Err() != nil) {
			return nil, err
		}
		if err != nil {
			issues = append(issues, &viewerpb.Issue{Text: err.Error(), Source: name(from)})
		}
	}
	if len(o.files) == 0 && len(issues) > 0 {
		return nil, errors.New(allRefused(issues))
	}
	if len(o.files) > 1 {
		o.twins = newTwins(o)
	}
	return issues, nil
}

func allRefused(refused []*viewerpb.Issue) string {
	texts := make([]string, len(refused))
	for i, r := range refused {
		texts[i] = r.Source + ": " + r.Text
	}
	return strings.Join(texts, "; ")
}

func (o *open) openFile(ctx context.Context, from *viewerpb.Source, known []session.Format) (*file, error) {
	switch {
	case from.Kept != "":
		return o.openKept(ctx, from.Kept)
	case from.Inline != "":
		return o.openInline(from)
	}
	b, err := o.config.Source(o.ctx, from)
	if err == nil {
		b, err = o.unseal(b, from.Key)
	}
	if err != nil {
		return nil, err
	}
	f := &file{name: name(from), size: b.Size(), remote: from.Url != "", source: b, first: math.MaxInt}
	f.grows, _ = b.(blob.Growing)
	if noted, ok := b.(blob.Noted); ok {
		f.note = noted.Note()
	}
	if f.format, err = session.Detect(b, known); err != nil {
		return nil, f.noted(err)
	}
	// The reader serves bodies as long as the session is open, so it lives by
	// the session's context, not by that of this call.
	f.reader, err = f.format.Open(o.ctx, b)
	return f, err
}

// noted says besides err what a person should know of the source of f: it may be
// why.
func (f *file) noted(err error) error {
	if f.note == "" {
		return err
	}
	return fmt.Errorf("%s: %w", f.note, err)
}

// fileName returns the name of file number n.
func (o *open) fileName(n int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.files[n].name
}

func name(s *viewerpb.Source) string {
	return cmp.Or(s.Name, s.Kept, s.Url)
}

// readAll reads the files one after the other. The store follows behind. What was
// read stands, whatever ends the reading.
func (o *open) readAll(ctx context.Context, issues []*viewerpb.Issue, each func(*viewerpb.Progress)) error {
	defer close(o.read)
	defer o.view.Complete()
	defer o.first.over()
	r := &reading{open: o, each: each, fresh: issues, shown: &viewerpb.Progress{IssuesTotal: uint64(len(issues))}}
	for i, f := range o.files {
		r.begin(i, f)
		err := r.readFile(ctx)
		if stopped := cmp.Or(ctx.Err(), o.ctx.Err()); stopped != nil {
			return stopped
		}
		if err != nil && o.view.Len() == 0 && i == len(o.files)-1 {
			return err
		}
		if err != nil { // the rest of this file cannot be read
			r.issue(session.AtByte(f.reader.Progress(), err))
		}
		r.noteTwins()
		r.done += f.size
	}
	o.view.Complete()
	r.shown.Complete, r.shown.Followable = true, o.follower() != nil
	o.mu.Lock()
	o.last = r
	o.mu.Unlock()
	r.report()
	go o.flush()
	return nil
}

// flush moves what is left in the hot store into the store, a batch at a time,
// when nobody waits for an answer.
func (o *open) flush() {
	for o.config.quiet.wait(o.ctx) == nil {
		n, err := o.store.Flush(o.ctx, batch)
		if n == 0 || err != nil {
			return // what is not flushed stays in the hot store and is served from there
		}
		o.config.Yield()
	}
}

// own numbers f and its references by the file they lead into. Readers know of
// no other file, and leave references at 0. What a file says in fields that
// only stores have is of no meaning here.
func own(f *flowpb.Flow, number uint32) {
	f.Source, f.Exact, f.Derived = nil, nil, nil
	if number > 0 {
		f.Source = new(number)
		for _, ref := range references(f) {
			ref.Source = f.Source
		}
	}
	if f.Backup != nil {
		own(f.Backup, number)
	}
}

func references(f *flowpb.Flow) []*flowpb.Body {
	refs := []*flowpb.Body{f.GetRequest().GetBody(), f.GetResponse().GetBody()}
	for _, m := range f.GetWebsocket().GetMessages() {
		refs = append(refs, m.Body)
	}
	for _, m := range f.Messages {
		refs = append(refs, m.Body)
	}
	return slices.DeleteFunc(refs, func(b *flowpb.Body) bool { return b == nil })
}
