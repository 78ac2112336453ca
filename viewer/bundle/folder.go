package bundle

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// An Asset returns the content of a file of the viewer, by its name.
type Asset func(name string) ([]byte, error)

// folder is where the sessions are, beside index.html.
const folder = "sessions/"

// Folder gives put the files of the viewer and the sessions, each with its name
// and what writes it: slash-separated, as in package io/fs, and each another.
// What they make works at any address of any static host, with no header of its
// own: index.html holds the policy. An error of put, or of what it calls, ends
// it.
func Folder(asset Asset, s Share, put func(name string, write func(io.Writer) error) error) error {
	list, err := asset(Files)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	names := s.names()
	for line := range strings.Lines(string(list)) {
		name := strings.TrimSuffix(line, "\n")
		if !fs.ValidPath(name) || strings.HasPrefix(name, folder) {
			return fmt.Errorf("bundle: %s names %q, which is no file of a page", Files, name)
		}
		content, err := asset(name)
		if err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		if name == "index.html" {
			var ok bool
			if content, ok = replace(content, StartTag, s.startTag(folder, names)); !ok {
				return errNoStart
			}
		}
		if err := put(name, func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
			return err
		}
	}
	for i, session := range s.Sessions {
		if err := put(folder+names[i], session.Write); err != nil {
			return err
		}
	}
	return nil
}

// Zip writes a .zip of the files of [Folder], compressed.
func Zip(w io.Writer, asset Asset, s Share) error {
	archive := zip.NewWriter(w)
	err := Folder(asset, s, func(name string, write func(io.Writer) error) error {
		f, err := archive.Create(name)
		if err != nil {
			return err
		}
		return write(f)
	})
	if err != nil {
		return err
	}
	return archive.Close()
}
