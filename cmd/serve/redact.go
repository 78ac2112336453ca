package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/bundle"
	"flowpane/viewer/engine"
)

// databaseExtension is how a session database is called that the viewer reads in
// place.
const databaseExtension = ".flowpane.sqlite"

// withoutSecrets returns the session at path as a session database without what
// is secret in it. told gets a line of what was taken out, never a value.
func withoutSecrets(ctx context.Context, path string, told io.Writer) bundle.Session {
	base := filepath.Base(path)
	name := strings.TrimSuffix(base, databaseExtension)
	name = strings.TrimSuffix(name, filepath.Ext(name)) + databaseExtension
	return bundle.Session{Name: name, Write: func(w io.Writer) error {
		found, err := writeRedacted(ctx, path, w)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fmt.Fprintf(told, "%s: %s\n", printable(path), takenOut(found))
		return nil
	}}
}

// writeRedacted writes the session at path to w, without its secrets, and returns
// what those were.
func writeRedacted(ctx context.Context, path string, w io.Writer) (found *viewerpb.Secrets, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	e := engine.New(engine.Config{
		Source:  func(context.Context, *viewerpb.Source) (blob.Source, error) { return onDisk{f, info.Size()}, nil },
		Scratch: newScratch,
	})
	defer e.Close(ctx)
	sources := []*viewerpb.Source{{Name: filepath.Base(path)}}
	if err := e.Open(ctx, sources, func(*viewerpb.Progress) {}); err != nil {
		return nil, err
	}
	err = e.FindSecrets(ctx, &viewerpb.FindSecrets{}, func(s *viewerpb.Secrets) { found = s })
	if err != nil {
		return nil, err
	}
	save := &viewerpb.Save{Target: "sessiondb", Redaction: &viewerpb.Redaction{}}
	var failed error
	err = e.Save(ctx, save, func(piece *viewerpb.Saved) {
		if failed == nil {
			_, failed = w.Write(piece.Data)
		}
	})
	if err == nil {
		err = failed
	}
	return found, err
}

// takenOut says what was found.
func takenOut(found *viewerpb.Secrets) string {
	var kinds []string
	for _, c := range found.Classes {
		if c.Count > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %d", c.Label, c.Count))
		}
	}
	if len(kinds) == 0 {
		return "nothing was found that looks like a secret"
	}
	return fmt.Sprintf("taken out of %d of %d flows: %s", found.Changed, found.Flows, strings.Join(kinds, ", "))
}

// An onDisk is a blob.Source over a file of the system.
type onDisk struct {
	*os.File
	size int64
}

func (f onDisk) Size() int64 { return f.size }

// A scratch is an engine.Scratch on the disk, which nobody else finds.
type scratch struct{ *os.File }

func newScratch() (engine.Scratch, error) {
	f, err := os.CreateTemp("", "flowpane-")
	if err != nil {
		return nil, err
	}
	return scratch{f}, nil
}

func (s scratch) Source() (blob.Source, error) {
	info, err := s.Stat()
	if err != nil {
		return nil, err
	}
	return onDisk{s.File, info.Size()}, nil
}

func (s scratch) Close() error {
	err := s.File.Close()
	if removed := os.Remove(s.Name()); err == nil {
		err = removed
	}
	return err
}
