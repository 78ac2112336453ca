package opfs

import (
	"errors"
	"fmt"
	"strings"
	"syscall/js"
	"time"

	"flowpane/viewer/blob"
	"flowpane/wasm/fileblob"
)

// The databases lie in one directory, each a file called name+suffix, with its
// journal and its log beside it.
const (
	directoryName = "sessions"
	suffix        = ".sqlite"
)

// An Entry is a database that is kept.
type Entry struct {
	Name     string
	Size     int64 // in bytes
	Modified time.Time
}

// List returns the databases that are kept, in no order. It reads none of them,
// and may be called while they are open.
func List() ([]Entry, error) {
	dir, err := directory()
	if err != nil {
		return nil, fmt.Errorf("opfs: %w", err)
	}
	var entries []Entry
	for files := dir.Call("values"); ; {
		next, err := await(files, "next")
		if err != nil {
			return nil, fmt.Errorf("opfs: %w", err)
		}
		if next.Get("done").Bool() {
			return entries, nil
		}
		f := next.Get("value")
		name, ok := strings.CutSuffix(f.Get("name").String(), suffix)
		if !ok {
			continue
		}
		snapshot, err := await(f, "getFile")
		if errors.Is(err, ErrNotFound) {
			continue // another tab has removed it meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("opfs: %s: %w", name, err)
		}
		entries = append(entries, Entry{
			Name:     name,
			Size:     int64(snapshot.Get("size").Float()),
			Modified: time.UnixMilli(int64(snapshot.Get("lastModified").Float())),
		})
	}
}

// Remove deletes a database for good. It fails with [ErrLocked] where it is
// open, and with [ErrNotFound].
func Remove(name string) error {
	dir, err := directory()
	if err == nil {
		// Without the others the database could be damaged, and without the
		// database they mean nothing.
		_, err = await(dir, "removeEntry", name+suffix)
	}
	for _, beside := range []string{journalSuffix, logSuffix} {
		if err == nil {
			if _, err = await(dir, "removeEntry", name+suffix+beside); errors.Is(err, ErrNotFound) {
				err = nil
			}
		}
	}
	if err != nil {
		return fmt.Errorf("opfs: %s: %w", name, err)
	}
	return nil
}

// ErrInterrupted says that the last who wrote to a database did not close it: it
// is whole again once SQLite has opened it and closed it.
var ErrInterrupted = errors.New("it is open in another tab, or was not closed: open it to see what is there")

// Source returns the bytes of a database, as a file to save: its state of now,
// which nobody may change while they are read. It fails with [ErrNotFound], and
// with [ErrInterrupted] where the file alone would be a damaged database.
func Source(name string) (blob.Source, error) {
	fail := func(err error) (blob.Source, error) { return nil, fmt.Errorf("opfs: %s: %w", name, err) }
	dir, err := directory()
	if err != nil {
		return fail(err)
	}
	database, err := snapshot(dir, name+suffix)
	if err != nil {
		return fail(err)
	}
	for _, beside := range []string{journalSuffix, logSuffix} {
		f, err := snapshot(dir, name+suffix+beside)
		if err == nil && f.Get("size").Float() > 0 {
			err = ErrInterrupted
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fail(err)
		}
	}
	return fileblob.New(database), nil
}

// Usage returns how many bytes this page keeps in the browser, all in all, and
// how many it may. Browsers round both.
func Usage() (used, quota int64, err error) {
	s, err := storage()
	if err != nil {
		return 0, 0, fmt.Errorf("opfs: %w", err)
	}
	estimate, err := await(s, "estimate")
	if err != nil {
		return 0, 0, fmt.Errorf("opfs: %w", err)
	}
	return int64(estimate.Get("usage").Float()), int64(estimate.Get("quota").Float()), nil
}

// Persisted reports whether the browser has promised not to delete what is kept
// when the disk runs full. Only the page can ask for that promise, by
// navigator.storage.persist, which workers do not have.
func Persisted() (bool, error) {
	s, err := storage()
	if err != nil {
		return false, fmt.Errorf("opfs: %w", err)
	}
	v, err := await(s, "persisted")
	if err != nil {
		return false, fmt.Errorf("opfs: %w", err)
	}
	return v.Bool(), nil
}

// storage returns navigator.storage, which insecure origins do not have.
func storage() (js.Value, error) {
	s := js.Global().Get("navigator").Get("storage")
	if s.IsUndefined() {
		return s, ErrUnavailable
	}
	return s, nil
}

// directory returns the handle of the directory, which it makes at need.
func directory() (js.Value, error) {
	s, err := storage()
	if err != nil {
		return s, err
	}
	root, err := await(s, "getDirectory")
	if err != nil {
		return root, err
	}
	return await(root, "getDirectoryHandle", directoryName, map[string]any{"create": true})
}

// entry returns the handle of a file of dir.
func entry(dir js.Value, name string, create bool) (js.Value, error) {
	return await(dir, "getFileHandle", name, map[string]any{"create": create})
}

// snapshot returns a file of dir as a File.
func snapshot(dir js.Value, name string) (js.Value, error) {
	f, err := entry(dir, name, false)
	if err != nil {
		return f, err
	}
	return await(f, "getFile")
}
