package engineside

import (
	"context"
	"errors"
	"io"

	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
	"flowpane/viewer/store"
	"flowpane/wasm/opfs"
)

// shelf is the browser's own file system.
type shelf struct{}

func (shelf) Open(ctx context.Context, name string, create bool) (store.Options, io.Closer, error) {
	d, err := opfs.Open(ctx, name, create)
	if err != nil {
		return store.Options{}, nil, plain(err)
	}
	return store.Options{VFS: d.VFS(), Name: name}, d, nil
}

func (shelf) List() ([]engine.Shelved, error) {
	entries, err := opfs.List()
	list := make([]engine.Shelved, len(entries))
	for i, e := range entries {
		list[i] = engine.Shelved(e)
	}
	return list, err
}

func (shelf) Remove(name string) error { return plain(opfs.Remove(name)) }

func (shelf) Source(name string) (blob.Source, error) {
	src, err := opfs.Source(name)
	return src, plain(err)
}

// plain returns what people should know of an error, as far as it is known.
func plain(err error) error {
	if errors.Is(err, opfs.ErrLocked) {
		return engine.ErrInUse
	}
	for _, known := range []error{opfs.ErrUnavailable, opfs.ErrNotFound, opfs.ErrInterrupted, opfs.ErrFull} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

func (shelf) Usage() (used, quota int64, persisted bool, err error) {
	if used, quota, err = opfs.Usage(); err == nil {
		persisted, err = opfs.Persisted()
	}
	return used, quota, persisted, err
}
