package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A module is linked into a program. Go itself is one: its runtime and its
// library are in each.
type module struct {
	path    string
	version string
	root    string   // folder of its files
	folders []string // of the packages that are linked
	in      []string // names of programs
}

// goName is what the module of Go itself is called. Its licence stands for all of
// its library.
const goName = "Go"

// linked returns the modules of all programs, by their paths, Go first.
func linked(programs []program) ([]*module, error) {
	all := map[string]*module{}
	for _, p := range programs {
		packages, err := list(p)
		if err != nil {
			return nil, err
		}
		for _, l := range packages {
			if l.Module == nil || l.Module.Main {
				continue
			}
			m := all[l.Module.Path]
			if m == nil {
				m = &module{path: l.Module.Path, version: l.Module.Version, root: l.Module.Dir}
				all[m.path] = m
			}
			m.add(l.Dir, p.name)
		}
	}
	itself, err := goItself(programs)
	if err != nil {
		return nil, err
	}
	modules := slices.SortedFunc(maps.Values(all), func(a, b *module) int { return strings.Compare(a.path, b.path) })
	return append([]*module{itself}, modules...), nil
}

// add notes a linked package of the module.
func (m *module) add(folder, program string) {
	if !slices.Contains(m.folders, folder) {
		m.folders = append(m.folders, folder)
	}
	if !slices.Contains(m.in, program) {
		m.in = append(m.in, program)
	}
}

func goItself(programs []program) (*module, error) {
	out, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	root, version, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	m := &module{path: goName, version: strings.TrimPrefix(version, "go"), root: root, folders: []string{root}}
	for _, p := range programs {
		m.in = append(m.in, p.name)
	}
	return m, nil
}

// A listed is what `go list` says of a package.
type listed struct {
	Dir    string
	Module *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// list returns the packages that are linked into a program.
func list(p program) (packages []listed, err error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,Module", p.path)
	cmd.Env = append(os.Environ(), "GOOS="+p.goos, "GOARCH="+p.goarch, "CGO_ENABLED=0", "GOFLAGS=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w: %s", p.path, err, stderr.Bytes())
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list %s: %w", p.path, err)
		}
		packages = append(packages, l)
	}
}

// texts returns the licences of what is linked of m: those that lie at its root,
// or in a folder on the way from there to a linked package.
func (m *module) texts() ([]string, error) {
	folders := map[string]bool{m.root: true}
	for _, folder := range m.folders {
		for ; folder != m.root && len(folder) > len(m.root); folder = filepath.Dir(folder) {
			folders[folder] = true
		}
	}
	var texts []string
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.path, err)
		}
		for _, e := range entries {
			if !isLicense(e) {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.path, err)
			}
			texts = append(texts, clean(string(text)))
		}
	}
	return texts, nil
}

// isLicense reports whether a file is one that goes with what is copied.
func isLicense(e os.DirEntry) bool {
	name, _, _ := strings.Cut(strings.ToUpper(e.Name()), ".")
	return e.Type().IsRegular() && slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "ATTRIB"}, name)
}

// clean returns a text with lines that end alike and in nothing that is not seen,
// so that equal texts are found to be.
func clean(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
