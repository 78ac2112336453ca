package engineside

import (
	"context"
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
		return store.Options{}, nil, err
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

func (shelf) Remove(name string) error { return opfs.Remove(name) }

func (shelf) Source(name string) (blob.Source, error) { return opfs.Source(name) }

func (shelf) Usage() (used, quota int64, persisted bool, err error) {
	if used, quota, err = opfs.Usage(); err == nil {
		persisted, err = opfs.Persisted()
	}
	return used, quota, persisted, err
}
