package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"flowpane/static"
	"flowpane/viewer/bundle"
)

// export writes a folder for any static host: the viewer, and the sessions at
// paths, which it opens together. Of each session it is told what was taken out,
// unless the files are to stay as they are.
func export(ctx context.Context, o options, told io.Writer) error {
	viewer, err := static.Dist()
	if err != nil {
		return err
	}
	var sessions []bundle.Session
	for _, path := range o.paths {
		s := bundle.Session{Name: filepath.Base(path), Write: copyOf(path)}
		if !o.secrets {
			s = withoutSecrets(ctx, path, told)
		}
		sessions = append(sessions, s)
	}
	return exportWith(ctx, viewer, o.export, sessions)
}

// exportWith is export of a viewer. The folder is made, or has to be empty:
// nothing is written over, and nothing of before is published with it. It gets
// all files or, with an error, none; what was made for it is gone then.
func exportWith(ctx context.Context, viewer fs.FS, dir string, sessions []bundle.Session) (err error) {
	made, err := makeFolder(dir)
	defer func() {
		for i := 0; err != nil && i < len(made) && os.Remove(made[i]) == nil; i++ {
		}
	}()
	if err != nil {
		return err
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return fmt.Errorf("%s: the folder is not empty", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	asset := func(name string) ([]byte, error) { return fs.ReadFile(viewer, name) }
	err = bundle.Folder(asset, bundle.Share{Sessions: sessions}, func(name string, write func(io.Writer) error) error {
		return create(ctx, root, filepath.Join(unfinished, filepath.FromSlash(name)), write)
	})
	if err == nil {
		err = publish(root)
	}
	return errors.Join(err, root.RemoveAll(unfinished))
}

// makeFolder makes a folder and those it is in. It returns what was not there
// before, the innermost first.
func makeFolder(dir string) (made []string, err error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, at)
	}
	return made, os.MkdirAll(dir, 0o755)
}

// unfinished is the folder in which an export is written, within its own, so that
// it lies on the same disk.
const unfinished = ".unfinished"

// publish moves what was written to its place: the page last, which names all the
// rest. If something cannot be moved, nothing is left there.
func publish(root *os.Root) error {
	const page = "index.html"
	entries, err := fs.ReadDir(root.FS(), unfinished)
	if err != nil {
		return err
	}
	names := []string{page}
	for _, e := range entries {
		if e.Name() != page {
			names = append(names, e.Name())
		}
	}
	slices.Reverse(names)
	for i, name := range names {
		if err := root.Rename(filepath.Join(unfinished, name), name); err != nil {
			for _, moved := range names[:i] {
				err = errors.Join(err, root.RemoveAll(moved))
			}
			return err
		}
	}
	return nil
}

// create makes a file of root, and the folders it is in.
func create(ctx context.Context, root *os.Root, name string, write func(io.Writer) error) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(write(stopping{ctx, f}), f.Close())
}

// A stopping is a writer until its context is cancelled.
type stopping struct {
	ctx context.Context
	to  io.Writer
}

func (s stopping) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.to.Write(b)
}

// copyOf returns what writes the file at path.
func copyOf(path string) func(io.Writer) error {
	return func(w io.Writer) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	}
}
