package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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
	return exportWith(viewer, o.export, sessions)
}

// exportWith is export of a viewer. The folder is made, or has to be empty:
// nothing is written over, and nothing of before is published with it.
func exportWith(viewer fs.FS, dir string, sessions []bundle.Session) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
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
	return bundle.Folder(asset, bundle.Share{Sessions: sessions}, func(name string, write func(io.Writer) error) error {
		return create(root, filepath.FromSlash(name), write)
	})
}

// create makes a file of root, and the folders it is in.
func create(root *os.Root, name string, write func(io.Writer) error) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
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
