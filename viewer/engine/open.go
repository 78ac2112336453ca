package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

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
	seen    chan struct{} // closed when rows were asked for, and there were some
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

// reading is an Open under way.
type reading struct {
	open    *open
	number  int
	file    *file
	each    func(*viewerpb.Progress)
	shown   *viewerpb.Progress
	done    int64 // bytes of the files before this one
	fresh   []*viewerpb.Issue
	told    time.Time
	resumed time.Time

	summarizer flow.Summarizer

	identical, contested int // flows of the present file
}

func (r *reading) begin(number int, f *file) {
	r.number, r.file = number, f
	r.open.begins(f, int(r.shown.Flows))
	r.identical, r.contested = 0, 0
	r.shown.Name, r.shown.Format = f.name, f.format.Label
	r.shown.BytesTotal = 0
	for _, f := range r.open.files {
		r.shown.BytesTotal += uint64(f.size)
	}
	r.resumed, r.told = time.Now(), time.Now()
	r.report()
}

// readFile reads the present file to its end.
func (r *reading) readFile(ctx context.Context) error {
	listed, all, err := r.list(ctx)
	if all && err == nil {
		r.describe()
	}
	if all || err != nil {
		return err
	}
	if listed > 0 { // what is read counts from the start again
		r.open.keys = flow.Keys{}
	}
	if follower, ok := r.file.reader.(session.Follower); ok && r.file.grows != nil {
		follower.Follow(true)
	}
	next := r.next()
	for n := 1; ; n++ {
		f, at, err := next()
		var issue *session.Issue
		switch {
		case err == nil:
			r.add(f, at, listed > 0)
			if r.shown.Flows == firstRows && r.file.size > longRead {
				r.showFirst(ctx)
			}
		case errors.As(err, &issue):
			r.issue(issue)
		case errors.Is(err, io.EOF) && r.endsWithin():
			// what is not whole will not become so: it is read as it is
		case errors.Is(err, io.EOF):
			r.describe()
			return nil
		default:
			return err
		}
		if n%stride == 0 {
			if err := r.pause(ctx); err != nil {
				return err
			}
		}
	}
}

// next returns what yields the flows of the present file: its Scan, if it has
// one.
func (r *reading) next() func() (*flowpb.Flow, session.Place, error) {
	if s, ok := r.file.reader.(session.Scanner); ok {
		return s.Scan
	}
	return func() (*flowpb.Flow, session.Place, error) {
		f, err := r.file.reader.Next()
		return f, session.Place{}, err
	}
}

// add lists f, unless a damaged list of the file has listed it already. It is
// kept in the store unless it is found at its place again.
func (r *reading) add(f *flowpb.Flow, at session.Place, perhapsListed bool) {
	own(f, uint32(r.number))
	o := r.open
	var hash uint64
	if o.twins != nil {
		var same *twin
		if same, hash = o.twins.find(f, r.number); same != nil {
			o.twins.also(same, r.number)
			r.identical++
			return
		}
	}
	key := o.keys.Next(flow.ID(f))
	if perhapsListed {
		if _, listed := o.view.Number(key); listed {
			return
		}
	}
	summary := r.summarizer.Summarize(f)
	if o.twins != nil && o.twins.add(f, key, hash, r.number) {
		summary.Flags |= flow.FlagContested
		r.contested++
	}
	if at == (session.Place{}) {
		o.store.Put(key, f, store.Index{Number: int64(r.shown.Flows), Source: r.number, Summary: summary})
	} else {
		o.keepPlace(int(r.shown.Flows), at)
	}
	o.view.Append(key, &summary)
	if r.shown.Flows++; r.shown.Flows == firstRows {
		r.report()
	}
}

// noteTwins tells what the present file has in common with those before it.
func (r *reading) noteTwins() {
	if r.identical > 0 {
		r.note(plural(r.identical, "flow is", "flows are") + " in a file before, identically, and listed once")
	}
	if r.contested > 0 {
		r.note(plural(r.contested, "flow has", "flows have") + " the id of a flow in a file before, and other content: both are listed")
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// pause lets others work when this slice of time is over, and reports now and
// then.
func (r *reading) pause(ctx context.Context) error {
	now := time.Now()
	if now.Sub(r.resumed) < slice {
		return nil
	}
	if now.Sub(r.told) > progressEvery {
		r.told = now
		r.report()
	}
	if err := r.cool(ctx); err != nil {
		return err
	}
	r.open.config.Yield()
	r.resumed = time.Now()
	if err := r.open.ctx.Err(); err != nil {
		return err
	}
	return ctx.Err()
}

// cool flushes until what waits for the store is within its limit. If it
// cannot be stored, it stays.
func (r *reading) cool(ctx context.Context) error {
	for ctx.Err() == nil {
		_, hot := r.open.store.Hot()
		if hot <= hotLimit {
			break
		}
		if n, err := r.open.store.Flush(ctx, batch); n == 0 || err != nil {
			break
		}
		r.open.config.Yield()
	}
	return ctx.Err()
}

func (r *reading) issue(i *session.Issue) {
	if r.shown.IssuesTotal++; r.shown.IssuesTotal <= maxIssues {
		r.fresh = append(r.fresh, &viewerpb.Issue{Place: i.Place, Text: i.Err.Error(), Source: r.file.name})
	}
}

// note tells what is no problem, but good to know.
func (r *reading) note(text string) {
	r.shown.IssuesTotal++
	r.fresh = append(r.fresh, &viewerpb.Issue{Text: text, Source: r.file.name, Note: true})
}

// report tells the page how far reading is, and the view that rows are new.
func (r *reading) report() {
	p := *r.shown
	p.BytesRead = uint64(r.done + r.file.reader.Progress())
	if p.Complete {
		p.BytesRead = uint64(r.done)
	}
	p.Issues, r.fresh = r.fresh, nil
	r.open.view.Publish()
	r.each(&p)
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

// describe keeps what the present file says of itself.
func (r *reading) describe() {
	d, ok := r.file.reader.(session.Describer)
	if !ok {
		return
	}
	about := d.About()
	r.open.mu.Lock()
	defer r.open.mu.Unlock()
	r.file.about = about
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
