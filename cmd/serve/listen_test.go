package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Who asks for the end does not cut off who is being served: a download that
// has begun comes whole, though nobody else is let in.
func TestWhatHasBegunFinishes(t *testing.T) {
	const size = 64 << 20 // more than any buffer on the way holds
	path := filepath.Join(t.TempDir(), "large.mitm")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	sessions, err := named([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveUntil(ctx, listener, handlerOf(t, sessions, true)) }()
	resp, err := http.Get("http://" + listener.Addr().String() + "/sessions/large.mitm")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.CopyN(io.Discard, resp.Body, 1000)
	if err != nil {
		t.Fatal(err)
	}
	end()
	for { // until the listener is closed, so that the end has begun
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case err := <-ended:
		t.Fatalf("ended with %v in the middle of a download", err)
	default:
	}
	rest, err := io.Copy(io.Discard, resp.Body)
	if got += rest; err != nil || got != size {
		t.Errorf("%d bytes of %d, %v", got, size, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// Connections that browsers opened ahead hold up no end, and those in use are
// left alone.
func TestUnusedConnectionsAreClosed(t *testing.T) {
	var u unused
	var conns [4]net.Conn
	for i := range conns {
		conns[i], _ = net.Pipe()
		defer conns[i].Close()
	}
	open := func(conn net.Conn) bool {
		err := conn.SetDeadline(time.Time{})
		return !errors.Is(err, io.ErrClosedPipe)
	}
	u.note(conns[0], http.StateNew)
	u.note(conns[1], http.StateNew)
	u.note(conns[1], http.StateActive)
	u.note(conns[2], http.StateNew)
	u.note(conns[2], http.StateClosed)
	u.close()
	u.note(conns[3], http.StateNew)
	for i, want := range [...]bool{false, true, true, false} {
		if open(conns[i]) != want {
			t.Errorf("connection %d is open: %v, want %v", i, !want, want)
		}
	}
}
