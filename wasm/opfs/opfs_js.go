package opfs

import (
	"context"
	"errors"
	"fmt"
	"syscall/js"
	"time"

	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/wasm/promise"
)

var (
	// ErrUnavailable says that this browser, or its mode, keeps no files.
	ErrUnavailable = errors.New("this browser keeps no files for this page")
	// ErrLocked says that the database is open elsewhere.
	ErrLocked = errors.New("the session is open in another tab")
	// ErrFull says that this page may keep no more.
	ErrFull = errors.New("there is no more room in this browser: delete a kept session that is of no more use")
	// ErrNotFound says that there is no such database.
	ErrNotFound = errors.New("no such session is kept in this browser")
)

// A Database is one that this worker alone may open, through an SQLite VFS of
// its own.
type Database struct {
	vfs                    string
	database, journal, log *jsHandle
}

// Open acquires the database called name, or makes it if create is set, and
// registers a VFS for it. It fails with [ErrUnavailable], [ErrNotFound] or
// [ErrLocked], the latter after it has waited a moment for a worker that is
// about to end. Names are for one database each, with no slash in them.
//
// One connection at a time may use the VFS. It ends before Close.
func Open(ctx context.Context, name string, create bool) (*Database, error) {
	d := &Database{vfs: "opfs " + name}
	if err := d.acquire(ctx, name, create); err != nil {
		return nil, errors.Join(fmt.Errorf("opfs: %s: %w", name, err), d.release())
	}
	// While the file is held, nobody else has a VFS of this name.
	vfs.Register(d.vfs, &fileVFS{database: d.database, journal: d.journal, log: &logHandle{handle: d.log}})
	return d, nil
}

func (d *Database) acquire(ctx context.Context, name string, create bool) error {
	dir, err := directory()
	if err != nil {
		return err
	}
	if d.database, err = access(ctx, dir, name+suffix, create); err != nil {
		return err
	}
	if d.journal, err = access(ctx, dir, name+suffix+journalSuffix, true); err != nil {
		return err
	}
	d.log, err = access(ctx, dir, name+suffix+logSuffix, true)
	return err
}

// VFS returns the name of the VFS. It opens the database by whatever file name.
func (d *Database) VFS() string { return d.vfs }

// Close releases the database for others.
func (d *Database) Close() error {
	vfs.Unregister(d.vfs)
	return d.release()
}

func (d *Database) release() (err error) {
	for _, h := range []*jsHandle{d.database, d.journal, d.log} {
		if h != nil {
			err = errors.Join(err, h.Close())
		}
	}
	return err
}

// A worker that is ended while it computes goes on for two seconds in Chromium,
// and has its handles for as long: that of a page that was reloaded, say.
const (
	lockPatience = 3 * time.Second
	lockPause    = 20 * time.Millisecond
)

// access opens a file for reading and writing.
func access(ctx context.Context, dir js.Value, name string, create bool) (*jsHandle, error) {
	f, err := entry(dir, name, create)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(lockPatience); ; {
		value, err := await(f, "createSyncAccessHandle")
		if err == nil {
			return newHandle(value), nil
		}
		if !errors.Is(err, ErrLocked) || time.Now().After(end) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockPause):
		}
	}
}

// await calls an asynchronous method and waits for its result. It knows the
// exceptions that have a meaning for people.
func await(object js.Value, method string, args ...any) (js.Value, error) {
	if object.Get(method).Type() != js.TypeFunction {
		return js.Undefined(), ErrUnavailable
	}
	v, err := promise.Await(object.Call(method, args...))
	switch {
	case err == nil:
		return v, nil
	case named(err, "NoModificationAllowedError"):
		return v, ErrLocked
	case named(err, "NotFoundError"):
		return v, ErrNotFound
	case named(err, "QuotaExceededError"):
		return v, ErrFull
	case named(err, "SecurityError"):
		return v, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return v, fmt.Errorf("%s: %w", method, err)
}
