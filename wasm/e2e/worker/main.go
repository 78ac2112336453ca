//go:build js

// Command worker runs in place of the engine, for the tests and benchmarks of
// package e2e that are about the browser's own files and ciphers. It does what each frame
// asks, a command and its arguments in words, and answers in frames of words,
// the last of which begins with "done" or "error".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"flowpane/viewer/session"
	"flowpane/viewer/store"
	"flowpane/viewer/store/stream"
	"flowpane/wasm/opfs"
	"flowpane/wasm/port"
)

func main() {
	w := worker{port.FromGlobal()}
	for {
		frame, err := w.page.Receive()
		if err != nil {
			return
		}
		answer, err := w.do(strings.Fields(string(frame)))
		if err != nil {
			w.say("error ", err)
		} else {
			w.say("done ", answer)
		}
	}
}

type worker struct{ page *port.Port }

// do carries out one command and returns its answer.
func (w worker) do(command []string) (answer any, err error) {
	args := append(command[1:], "")
	switch command[0] {
	case "stream":
		return streamed(args[0])
	case "dump":
		size, err := strconv.Atoi(args[1])
		if err != nil {
			return nil, err
		}
		return dumped(args[0], size)
	case "look":
		rows, err := strconv.Atoi(args[0])
		if err != nil {
			return nil, err
		}
		return looked(rows), nil
	case "churn":
		return nil, w.churn(args[0])
	case "fill":
		return nil, w.fill(args[0])
	case "check":
		return check(args[0])
	case "list":
		return list()
	case "export":
		return export(args[0])
	case "remove":
		return "", opfs.Remove(args[0])
	case "usage":
		used, quota, err := opfs.Usage()
		return fmt.Sprint(used > 0 && used < quota), err
	case "unencrypted":
		return "", loseSubtle()
	case "seal":
		return sealed(args[0])
	case "unseal":
		return unsealed(args[0], args[1])
	case "persisted":
		return opfs.Persisted()
	}
	return nil, fmt.Errorf("no command %q", command)
}

func (w worker) say(words ...any) {
	if err := w.page.Send([]byte(fmt.Sprint(words...))); err != nil {
		panic(err)
	}
}

// open opens a store in memory, or the one of a name.
func open(name string) (*store.Store, func() error, error) {
	if name == "memory" {
		s, err := store.OpenMemory()
		if err != nil {
			return nil, nil, err
		}
		return s, s.Close, nil
	}
	d, err := opfs.Open(context.Background(), name, true)
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(context.Background(), store.Options{VFS: d.VFS(), Name: name})
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return s, func() error { return errors.Join(s.Close(), d.Close()) }, nil
}

// streamed returns how many flows a second an empty store takes.
func streamed(name string) (perSecond int, err error) {
	if name != "memory" {
		if err := opfs.Remove(name); err != nil && !errors.Is(err, opfs.ErrNotFound) {
			return 0, err
		}
	}
	s, end, err := open(name)
	if err != nil {
		return 0, err
	}
	flows := stream.New(stream.Flows, stream.Body)
	runtime.GC() // of what this made, as package testing does before a benchmark
	begin := time.Now()
	err = flows.Into(context.Background(), s, 0, stream.Flows, stream.Batch, func(int) {})
	seconds := time.Since(begin).Seconds()
	return int(stream.Flows / seconds), errors.Join(err, end())
}

// dumped returns how many flows a second are written as a kind of file, and read
// again, and how many bytes one takes.
func dumped(kind string, body int) (answer string, err error) {
	i := slices.IndexFunc(stream.Kinds(), func(w session.Writer) bool { return w.Name == kind })
	if i < 0 {
		return "", fmt.Errorf("no kind of file %q", kind)
	}
	flows := stream.New(stream.Flows, body)
	runtime.GC()
	begin := time.Now()
	file, err := flows.Write(context.Background(), stream.Kinds()[i])
	if err != nil {
		return "", err
	}
	write := time.Since(begin)
	begin = time.Now()
	err = flows.Read(context.Background(), file)
	read := time.Since(begin)
	return fmt.Sprint(int(stream.Flows/write.Seconds()), " ", int(stream.Flows/read.Seconds()), " ", len(file)/stream.Flows), err
}

const (
	churned = 30 * stream.Batch // how many flows churn stores
	kept    = 10 * stream.Batch // how many flows fill stores in batches
	filled  = 40_000            // and in all
)

// churn stores flows in batches, again and again, and says how far it is. It is
// there to be killed.
func (w worker) churn(name string) error {
	return w.write(name, churned, func(s *store.Store, flows *stream.Stream) error {
		for {
			if err := flows.Into(context.Background(), s, 0, churned, stream.Batch, w.stored); err != nil {
				return err
			}
		}
	})
}

// fill stores flows, in batches at first and then all others in a transaction
// that takes a second. It is there to be killed too.
func (w worker) fill(name string) error {
	return w.write(name, filled, func(s *store.Store, flows *stream.Stream) error {
		if err := flows.Into(context.Background(), s, 0, kept, stream.Batch, w.stored); err != nil {
			return err
		}
		return flows.Into(context.Background(), s, kept, filled, filled-kept, w.stored)
	})
}

func (w worker) stored(flows int) { w.say("stored ", flows) }

func (w worker) write(name string, n int, how func(*store.Store, *stream.Stream) error) error {
	s, end, err := open(name)
	if err != nil {
		return err
	}
	err = s.AddSource(store.Source{Name: name, Format: "mitm"})
	if err == nil {
		err = how(s, stream.New(n, stream.Body))
	}
	return errors.Join(err, end())
}

// check opens a store that was written, and returns how many flows it has, all of
// which must be as they were, whether it was interrupted in the middle of a
// transaction, and whether it says that it has all.
func check(name string) (answer string, err error) {
	_, err = opfs.Source(name)
	interrupted := errors.Is(err, opfs.ErrInterrupted)
	if err != nil && !interrupted {
		return "", err
	}
	s, end, err := open(name)
	if err != nil {
		return "", err
	}
	n, err := s.Len()
	if err == nil {
		err = stream.New(n, stream.Body).Check(s, n)
	}
	sources, sourcesErr := s.Sources()
	if err := errors.Join(err, sourcesErr, end(), integrity(name)); err != nil {
		return "", err
	}
	return fmt.Sprint(n, " interrupted ", interrupted, " complete ", len(sources) == 1 && sources[0].Complete), nil
}

func integrity(name string) error {
	d, err := opfs.Open(context.Background(), name, false)
	if err != nil {
		return err
	}
	defer d.Close()
	conn, err := sqlite3.Open("file:" + name + "?vfs=" + strings.ReplaceAll(d.VFS(), " ", "%20"))
	if err != nil {
		return err
	}
	defer conn.Close()
	s, _, err := conn.Prepare("PRAGMA integrity_check")
	if err != nil {
		return err
	}
	defer s.Close()
	if !s.Step() || s.ColumnText(0) != "ok" {
		return fmt.Errorf("integrity_check: %s, %w", s.ColumnText(0), s.Err())
	}
	return nil
}

// list returns the names of the databases that are there. What else is known of
// them must make sense.
func list() (names []string, err error) {
	entries, err := opfs.List()
	for _, e := range entries {
		if e.Size%1024 != 0 || time.Since(e.Modified) > time.Hour || time.Since(e.Modified) < -time.Second {
			return nil, fmt.Errorf("%s: %d bytes, %s", e.Name, e.Size, e.Modified)
		}
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return names, err
}

// export reads a database to its end and returns what it begins with.
func export(name string) (string, error) {
	source, err := opfs.Source(name)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.NewSectionReader(source, 0, source.Size()))
	if err != nil || len(b) < 16 || int64(len(b)) != source.Size() {
		return "", fmt.Errorf("%d of %d bytes: %w", len(b), source.Size(), err)
	}
	return strconv.Quote(string(b[:16])), nil
}
