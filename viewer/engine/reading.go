package engine

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/store"
)

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
	behind  bool // not all of what the file has grown by is read

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
// then. Since asks a browser for one clock, where Now asks for two.
func (r *reading) pause(ctx context.Context) error {
	if time.Since(r.resumed) < slice {
		return nil
	}
	if time.Since(r.told) > progressEvery {
		r.told = time.Now()
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
