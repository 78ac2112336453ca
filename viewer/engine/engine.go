// Package engine is what the viewer can do, without a screen and without a
// browser: it opens captures and answers what the page asks. It implements
// api.API. Every call takes a context and stops soon after it is cancelled.
package engine

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/content"
	"flowpane/viewer/export"
	"flowpane/viewer/filter"
	"flowpane/viewer/seal"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
	"flowpane/viewer/view"
)

// A Config joins an engine to where it runs.
type Config struct {
	// Source opens what a person chose or a link names, for as long as its context
	// goes on. See [blob.OnWait].
	Source func(context.Context, *viewerpb.Source) (blob.Source, error)
	// Yield lets other work of the thread be done. Long computations call it
	// every few milliseconds. nil is enough where there are threads.
	Yield func()
	// Shelf is where sessions are kept; nil if nothing can be.
	Shelf Shelf
	// Cipher is what sealed sessions are encrypted and decrypted by; nil is that of
	// Go's own library.
	Cipher seal.NewCipher
	// Helpers starts engines for this one to ask; nil if there are no
	// processors for them.
	Helpers func() []Helper
	// Helps: this engine is a Helper, and is asked nothing but Examine.
	Helps bool
	// Scratch makes a place for a file that is looked at before it leaves; nil:
	// it is in memory.
	Scratch func() (Scratch, error)
	// Asset returns the content of a file of the page, by its name; nil where
	// there are none to be had. Without them the viewer cannot be saved together
	// with a session.
	Asset func(ctx context.Context, name string) ([]byte, error)
	// OneFile: the page is one file, and Asset knows no other.
	OneFile bool

	quiet   *quiet
	schemas *atomic.Pointer[content.Schemas]
}

// An Engine holds one session at a time. Its methods are safe for concurrent
// use.
type Engine struct {
	config  Config
	formats []session.Format
	writers []session.Writer

	mu       sync.Mutex
	open     *open
	replaced chan struct{} // closed when open is replaced
	watch    context.CancelFunc
	watched  chan struct{} // closed when the last Watch has ended
	viewed   chan struct{} // closed when it has shown a view, or ended; nil before one

	lent   lent
	warmed warmth
}

var _ api.API = (*Engine)(nil)

// New returns an engine without a session.
func New(config Config) *Engine {
	if config.Yield == nil {
		config.Yield = runtime.Gosched
	}
	config.quiet, config.schemas = newQuiet(), new(atomic.Pointer[content.Schemas])
	e := &Engine{config: config, formats: formats.All(), writers: append(formats.Writers(), export.Table), replaced: make(chan struct{})}
	if config.Asset != nil {
		e.writers = append(bundles(config.OneFile), e.writers...)
	}
	e.open = newOpen(&e.config, 0)
	e.open.view.Complete()
	if !config.Helps {
		go e.warmForFile(e.open)
	}
	return e
}

// session returns what is open now, and a channel that is closed when it no
// longer is.
func (e *Engine) session() (*open, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.open, e.replaced
}

// replace makes next the session and closes the one before.
func (e *Engine) replace(next *open) {
	e.mu.Lock()
	last := e.open
	e.open = next
	close(e.replaced)
	e.replaced = make(chan struct{})
	e.mu.Unlock()
	last.close()
}

// Open implements api.API.
func (e *Engine) Open(ctx context.Context, sources []*viewerpb.Source, each func(*viewerpb.Progress)) error {
	defer e.config.quiet.begin()()
	last, _ := e.session()
	next := newOpen(&e.config, last.view.Revision())
	// Until it is known what the files are, nobody but this call knows of next.
	keep := context.AfterFunc(ctx, next.cancel)
	next.watched.opens(func(waiting string) { each(&viewerpb.Progress{Detecting: true, Waiting: waiting}) })
	issues, err := next.detect(ctx, sources, e.formats)
	next.watched.opens(nil)
	if !keep() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		next.close()
		return unreadable(err)
	}
	next.reading.Add(1)
	defer next.reading.Done()
	e.replace(next)
	err = next.readAll(ctx, issues, each)
	if err == nil {
		go e.warmForFilter(next)
	}
	return unreadable(err)
}

// unreadable marks err as one about the file. Its text is for people.
func unreadable(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, blob.ErrGone):
		return &api.Error{Code: viewerpb.Code_GONE, Text: err.Error()}
	case isLocked(err):
		return &api.Error{Code: viewerpb.Code_LOCKED, Text: err.Error()}
	}
	return &api.Error{Code: viewerpb.Code_UNREADABLE, Text: err.Error()}
}

// Close implements api.API.
func (e *Engine) Close(context.Context) error {
	last, _ := e.session()
	next := newOpen(&e.config, last.view.Revision())
	next.view.Complete()
	e.replace(next)
	runtime.GC() // while a person looks for the next: a browser never gets memory back that is taken meanwhile
	return nil
}

// Watch implements api.API. It outlives the session: when another is opened,
// it goes on with that one.
func (e *Engine) Watch(ctx context.Context, w *viewerpb.Watch, each func(*viewerpb.View)) error {
	f, err := parse(w.Filter)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // another may have taken its turn already
		return err
	}
	spec := view.Spec{Filter: f, Order: view.Order(w.Order), Descending: w.Descending}
	ctx, viewed, done := e.takeWatch(ctx)
	defer done()
	for ctx.Err() == nil {
		open, replaced := e.session()
		here, stop := context.WithCancel(ctx)
		go func() {
			select {
			case <-replaced:
			case <-here.Done():
			}
			stop()
		}()
		err := e.watchOne(here, open, spec, w.Rows, func(v *viewerpb.View) {
			each(v)
			viewed()
		})
		stop()
		if !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return ctx.Err()
}

// watchOne watches the view of one session. Until the view is up to date
// somebody waits for it, and its first rows come with it.
func (e *Engine) watchOne(ctx context.Context, o *open, spec view.Spec, first uint32, each func(*viewerpb.View)) error {
	answered := e.config.quiet.begin()
	defer answered()
	defer o.watched.end(o.watched.begin(each))
	return o.view.Watch(ctx, spec, func(v *viewerpb.View) {
		if first > 0 {
			v.Rows = o.rows(0, first)
		}
		o.watched.show(v)
		if !v.Busy {
			first = 0
			answered()
		}
	})
}

// takeWatch ends the Watch before and waits for its end: one at a time has a
// say in the view. The context ends when another takes its turn. The first function
// is to be called when there is a view, the second at the end.
func (e *Engine) takeWatch(ctx context.Context) (_ context.Context, viewed, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended, first := make(chan struct{}), make(chan struct{})
	e.mu.Lock()
	stop, before := e.watch, e.watched
	e.watch, e.watched, e.viewed = cancel, ended, first
	e.mu.Unlock()
	viewed = sync.OnceFunc(func() { close(first) })
	if stop != nil {
		stop()
		<-before
	}
	return ctx, viewed, func() {
		cancel()
		close(ended)
		viewed()
	}
}

// rowsFirst lets a view be shown, for a moment, before more is said of its filter.
func (e *Engine) rowsFirst(ctx context.Context) {
	e.mu.Lock()
	viewed := e.viewed
	e.mu.Unlock()
	if viewed == nil {
		return
	}
	select {
	case <-viewed:
	case <-time.After(rowsFirstFor):
	case <-ctx.Done():
	}
}

// parse returns the filter of an expression, nil for a blank one.
func parse(expr string) (*filter.Filter, error) {
	if strings.TrimSpace(expr) == "" {
		return nil, nil
	}
	f, err := filter.Parse(expr)
	var bad *filter.Error
	if errors.As(err, &bad) {
		return nil, &api.Error{
			Code: viewerpb.Code_BAD_FILTER, Text: bad.Msg,
			Pos: bad.Pos, End: bad.End, Incomplete: bad.Incomplete,
		}
	}
	return f, err
}

// CheckFilter implements api.API.
func (e *Engine) CheckFilter(ctx context.Context, expr string) (*viewerpb.FilterCheck, error) {
	e.rowsFirst(ctx)
	f, err := parse(expr)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return &viewerpb.FilterCheck{Description: "all flows"}, nil
	}
	return &viewerpb.FilterCheck{Description: f.Describe()}, nil
}

// Rows implements api.API.
func (e *Engine) Rows(_ context.Context, from uint64, count uint32) (*viewerpb.Rows, error) {
	defer e.config.quiet.begin()()
	open, _ := e.session()
	return open.rows(from, count), nil
}

// rows returns a window of rows that is going to be seen.
func (o *open) rows(from uint64, count uint32) *viewerpb.Rows {
	rows := o.view.Rows(from, min(count, maxRows))
	for _, r := range rows.Rows {
		cutRow(r)
	}
	if len(rows.Rows) > 0 {
		o.see()
	}
	return rows
}

// Locate implements api.API.
func (e *Engine) Locate(_ context.Context, key string) (*viewerpb.Location, error) {
	open, _ := e.session()
	return open.view.Locate(key), nil
}
