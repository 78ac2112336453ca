//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// openFiles counts what this process has open.
func openFiles(t *testing.T) int {
	t.Helper()
	found, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// settled waits until no more than want are left of something, and returns how
// many are. What ends does so a moment after the answer is read.
func settled(want int, count func() int) int {
	n := count()
	for deadline := time.Now().Add(20 * time.Second); n > want && time.Now().Before(deadline); n = count() {
		time.Sleep(10 * time.Millisecond)
	}
	return n
}

// loads are asked for in turn. A body that is empty here may be any.
var loads = []row{
	{"GET", "/", "Accept-Encoding: br", 200, "br html", ""},
	{"GET", "/page.0123456789ab.wasm", "", 200, "\x00asm", ""},
	{"GET", "/sessions/single.mitm", "Range: bytes=4-9", 206, "single", ""},
	{"GET", shop, "", 200, "0123456789", ""},
	{"GET", shop, "Range: bytes=2-4", 206, "234", ""},
	{"GET", shop, "Range: bytes=99-", 416, "invalid range: failed to overlap\n", ""},
	{"GET", shop, "If-None-Match: " + changedTag, 304, "", ""},
	{"HEAD", shop, "", 200, "", ""},
	{"GET", open, "Origin: https://viewer.example", 200, "open to one", ""},
	{"GET", "/sessions/captures/out.mitm", "", 404, "404 page not found\n", ""},
	{"GET", "/sessions/captures/pipe", "", 404, "404 page not found\n", ""},
	{"GET", "/sessions/captures/sub/", "", 200, "", ""},
}

// worker asks over one connection for as long as there is more to ask. That the
// server closes it is an error too.
func worker(address string, more func() bool) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	from := bufio.NewReader(conn)
	for i := 0; more(); i++ {
		r := loads[i%len(loads)]
		headers := "Host: 127.0.0.1\r\n"
		if r.headers != "" {
			headers += r.headers + "\r\n"
		}
		if _, err := io.WriteString(conn, r.method+" "+r.target+" HTTP/1.1\r\n"+headers+"\r\n"); err != nil {
			return err
		}
		resp, err := http.ReadResponse(from, &http.Request{Method: r.method})
		if err != nil {
			return fmt.Errorf("%s: %w", r.target, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != r.status || r.body != "" && string(body) != r.body {
			return fmt.Errorf("%s: %d, %q, %v", r.target, resp.StatusCode, body, err)
		}
	}
	return nil
}

// TestLoad asks ten thousand times over 64 connections, for all that can be
// asked for, and leaves neither goroutine nor file behind.
func TestLoad(t *testing.T) {
	const requests, connections = 10_000, 64
	// Garbage is let lie: collecting it closes files that were forgotten.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	site := hostileSite(t)
	goroutines, files := runtime.NumGoroutine(), openFiles(t)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveUntil(ctx, listener, logged(site, log.New(&lines, "", 0))) }()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			if err := worker(listener.Addr().String(), func() bool { return next.Add(1) <= requests }); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	// While the server runs on, without its clients: it and its listener are left.
	if n := settled(goroutines+2, runtime.NumGoroutine); n > goroutines+2 {
		t.Errorf("%d goroutines, of %d before", n, goroutines)
	}
	if n := settled(files+1, func() int { return openFiles(t) }); n > files+1 {
		t.Errorf("%d open files, of %d before", n, files)
	}
	end()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if n := settled(files, func() int { return openFiles(t) }); n > files {
		t.Errorf("%d open files after the end, of %d before", n, files)
	}
	if n := bytes.Count(lines.Bytes(), []byte("\n")); n != requests {
		t.Errorf("%d lines are logged of %d requests", n, requests)
	}
}
