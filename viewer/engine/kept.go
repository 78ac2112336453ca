package engine

import (
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/sessiondb"
	"flowpane/viewer/store"
)

// A Shelf keeps databases where they outlive the page, by names without
// slashes. Its errors are for people.
type Shelf interface {
	// Open acquires a database, which is made if create is set, until closer is
	// closed: nobody else has it meanwhile. Who has it already makes that
	// [ErrInUse].
	Open(ctx context.Context, name string, create bool) (where store.Options, closer io.Closer, err error)
	// List returns what is on the shelf, in no order.
	List() ([]Shelved, error)
	// Remove deletes a database that nobody has.
	Remove(name string) error
	// Source returns the bytes of a database. It fails where not all of them
	// are in one file: somebody has it open, or was interrupted.
	Source(name string) (blob.Source, error)
	// Usage says how many bytes are used of how many, and whether they are
	// safe from being deleted when the disk is full.
	Usage() (used, quota int64, persisted bool, err error)
}

// Shelved is a database on a Shelf.
type Shelved struct {
	Name     string
	Size     int64 // in bytes
	Modified time.Time
}

// A keptSession is one that is kept, and open here.
type keptSession struct {
	name   string
	store  *store.Store
	closer io.Closer
}

func (k *keptSession) close() {
	if k == nil {
		return
	}
	k.store.Close()
	k.closer.Close()
}

// take acquires a kept session.
func (c *Config) take(ctx context.Context, name string, create bool) (*keptSession, error) {
	if c.Shelf == nil {
		return nil, errNoShelf
	}
	where, closer, err := c.Shelf.Open(ctx, name, create)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, where)
	if err != nil {
		return nil, errors.Join(err, closer.Close())
	}
	return &keptSession{name, s, closer}, nil
}

// takeNew acquires a session that is new, by the name of a file or one like it.
// Another tab may begin to keep one by that name too, or have done so since the
// shelf was looked at.
func (c *Config) takeNew(ctx context.Context, file string) (*keptSession, error) {
	taken, err := c.Shelf.List()
	for err == nil {
		name := keptName(file, taken)
		var k *keptSession
		if k, err = c.take(ctx, name, true); err == nil {
			var sources []store.Source
			if sources, err = k.store.Sources(); err == nil && len(sources) == 0 {
				return k, nil
			}
			k.close()
		}
		if errors.Is(err, ErrInUse) {
			err = nil
		}
		if err != nil {
			c.sweep(name)
		}
		taken = append(taken, Shelved{Name: name})
	}
	return nil, err
}

// sweep takes an empty file off the shelf, which a session leaves that could not
// even be begun.
func (c *Config) sweep(name string) {
	shelved, _ := c.Shelf.List()
	for _, s := range shelved {
		if s.Name == name && s.Size == 0 {
			_ = c.Shelf.Remove(name) // it is in the way of nothing
		}
	}
}

// ErrInUse is the error of a Shelf for a database that somebody has.
var ErrInUse = errors.New("the session is open in another tab of this browser: close it there first")

var errNoShelf = errors.New("nothing can be kept here")

// shelved returns what the session is kept as, nil if it is not.
func (o *open) shelved() *keptSession {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.kept
}

// openKept opens a kept session as the file of o.
func (o *open) openKept(ctx context.Context, name string) (*file, error) {
	k, err := o.config.take(ctx, name, false)
	if err != nil {
		return nil, err
	}
	_, size, err := k.store.Stored()
	notes, err2 := k.store.Annotations()
	if err := errors.Join(err, err2); err != nil {
		k.close()
		return nil, err
	}
	o.kept = k
	r := &keptReader{store: k.store, notes: notes, open: o}
	return &file{name: name, size: size, format: keptFormat, reader: r}, nil
}

var keptFormat = session.Format{Name: "kept", Label: "session kept in this browser"}

// A keptReader reads a kept session. The store belongs to the session.
type keptReader struct {
	open  *open
	store *store.Store
	notes map[string]store.Annotation // by keys
	next  int64                       // number of the next flow
}

// List implements session.Lister.
func (r *keptReader) List() iter.Seq2[session.Part, error] {
	return func(yield func(session.Part, error) bool) {
		for p, err := range r.store.List(r.open.ctx) {
			if err == nil {
				r.annotate(p.Keys)
			}
			if !yield(session.Part(p), err) || err != nil {
				return
			}
		}
		if err := r.interrupted(); err != nil {
			yield(session.Part{}, err)
		}
	}
}

// annotate notes in the session what was said of flows that are listed.
func (r *keptReader) annotate(keys []string) {
	for _, key := range keys {
		if said, ok := r.notes[key]; ok {
			r.open.setNote(key, said)
		}
	}
	r.next += int64(len(keys)) // what is listed is not read
}

// interrupted returns an error if the session was not kept to its end.
func (r *keptReader) interrupted() error {
	sources, err := r.store.Sources()
	if s := incomplete(sources); s != nil && err == nil {
		err = errors.New("keeping this session was interrupted: the flows of " + s.Name + " behind these are not here")
	}
	return err
}

// incomplete returns a source of which flows are missing, or nil.
func incomplete(sources []store.Source) *store.Source {
	for i := range sources {
		if !sources[i].Complete {
			return &sources[i]
		}
	}
	return nil
}

// Next implements session.Reader.
func (r *keptReader) Next() (*flowpb.Flow, error) {
	flows, _, err := r.store.Stored()
	if err != nil {
		return nil, err
	}
	if r.next >= int64(flows) {
		return nil, io.EOF
	}
	key, f, err := r.store.At(r.next)
	r.next++
	if err != nil {
		return nil, &session.Issue{Place: "flow " + strconv.FormatInt(r.next, 10), Err: err}
	}
	return annotated(f, r.notes[key]), nil
}

// Flow implements session.Lister.
func (r *keptReader) Flow(number int) (*flowpb.Flow, error) {
	_, f, err := r.store.At(int64(number))
	return f, err
}

// Body implements session.Reader.
func (r *keptReader) Body(ref *flowpb.Body) (blob.Source, error) { return r.store.Body(ref) }

// Progress implements session.Reader. The list is short, as against the bodies.
func (r *keptReader) Progress() int64 { return 0 }

// About implements session.Describer.
func (r *keptReader) About() *flowpb.About {
	about, _ := r.store.About(0) // what is not there is not shown
	return about
}

// Close implements session.Reader.
func (r *keptReader) Close() error { return nil }

// Kept implements api.API.
func (e *Engine) Kept(ctx context.Context) (*viewerpb.KeptList, error) {
	list := new(viewerpb.KeptList)
	if e.config.Shelf == nil {
		list.Unavailable = errNoShelf.Error()
		return list, nil
	}
	shelved, err := e.config.Shelf.List()
	if err != nil {
		list.Unavailable = err.Error()
		return list, nil
	}
	for _, s := range shelved {
		list.Sessions = append(list.Sessions, e.look(ctx, s))
	}
	used, quota, persisted, err := e.config.Shelf.Usage()
	if err == nil { // else it is not known
		list.Used, list.Quota, list.Persisted = uint64(used), uint64(quota), persisted
	}
	return list, ctx.Err()
}

// look says what is known of a kept session, and changes nothing of it.
func (e *Engine) look(ctx context.Context, s Shelved) *viewerpb.Kept {
	about := &viewerpb.Kept{Name: s.Name, Size: uint64(s.Size), Modified: s.Modified.UnixNano()}
	o, _ := e.session()
	if k := o.shelved(); k != nil && k.name == s.Name {
		k.describe(about)
		return about
	}
	src, err := e.config.Shelf.Source(s.Name)
	if err != nil {
		about.Problem = err.Error()
		return about
	}
	flows, complete, err := sessiondb.Glance(ctx, src)
	about.Flows, about.Complete = uint64(flows), complete
	if err != nil {
		about.Problem = err.Error()
	} else if !complete {
		about.Problem = interrupted
	}
	return about
}

// interrupted is the problem of a session of which not all is there.
const interrupted = "it was interrupted while it was kept"

// describe fills in what the database says of itself.
func (k *keptSession) describe(about *viewerpb.Kept) {
	flows, size, err := k.store.Stored()
	sources, err2 := k.store.Sources()
	if err := errors.Join(err, err2); err != nil {
		about.Problem = err.Error()
		return
	}
	about.Flows, about.Size, about.Complete = uint64(flows), uint64(size), len(sources) > 0 && incomplete(sources) == nil
	if !about.Complete {
		about.Problem = interrupted
	}
}

// RemoveKept implements api.API. The session is closed if it is the one that is
// open.
func (e *Engine) RemoveKept(ctx context.Context, name string) error {
	if e.config.Shelf == nil {
		return errNoShelf
	}
	if o, _ := e.session(); o.shelved() != nil && o.shelved().name == name {
		if err := e.Close(ctx); err != nil {
			return err
		}
	}
	return e.config.Shelf.Remove(name)
}

// keptName returns a name for a session of this file that the shelf does not
// have: that of the file, and a number behind it if need be.
func keptName(file string, taken []Shelved) string {
	const most = 80
	base := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|~`, r) || r == 0x7f {
			return '_'
		}
		return r
	}, strings.TrimLeft(file, ". "))
	if r := []rune(base); len(r) > most {
		base = string(r[:most])
	}
	if base == "" {
		base = "session"
	}
	has := map[string]bool{}
	for _, s := range taken {
		has[strings.ToLower(s.Name)] = true
	}
	name := base
	for n := 2; has[strings.ToLower(name)]; n++ {
		name = base + "~" + strconv.Itoa(n)
	}
	return name
}

func noFlow(key string) error {
	return &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "this session has no flow " + key}
}
