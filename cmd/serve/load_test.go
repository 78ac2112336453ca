//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
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

// TestLoad asks ten thousand times over 64 connections, for all that can be
// asked for, and leaves neither goroutine nor file behind.
func TestLoad(t *testing.T) {
	const requests, connections = 10_000, 64
	kinds := []struct {
		path, name, value string
		status            int
		body              string
	}{
		{"/", "Accept-Encoding", "br", 200, "br html"},
		{"/page.0123456789ab.wasm", "Accept-Encoding", "identity", 200, "\x00asm"},
		{"/sessions/single.mitm", "Range", "bytes=4-9", 206, "single"},
		{shop, "Accept", "*/*", 200, "0123456789"},
		{shop, "Range", "bytes=2-4", 206, "234"},
		{shop, "Range", "bytes=99-", 416, "invalid range: failed to overlap\n"},
		{shop, "If-None-Match", changedTag, 304, ""},
		{open, "Origin", "https://viewer.example", 200, "open to one"},
		{"/sessions/captures/out.mitm", "Accept", "*/*", 404, "404 page not found\n"},
		{"/sessions/captures/pipe", "Accept", "*/*", 404, "404 page not found\n"},
		{"/sessions/captures/sub/", "Accept", "*/*", 200, ""},
	}
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
	var dialed atomic.Int64
	transport := &http.Transport{
		MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections, DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed.Add(1)
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			for n := next.Add(1); n <= requests; n = next.Add(1) {
				kind := kinds[n%int64(len(kinds))]
				r, err := http.NewRequest("GET", "http://"+listener.Addr().String()+kind.path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set(kind.name, kind.value)
				resp, err := transport.RoundTrip(r)
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != kind.status || kind.body != "" && string(body) != kind.body {
					t.Errorf("%s: %d, %q, %v", kind.path, resp.StatusCode, body, err)
					return
				}
			}
		})
	}
	workers.Wait()
	if n := dialed.Load(); n > connections {
		t.Errorf("%d connections were made, want %d: some were closed on the way", n, connections)
	}
	// While the server runs on, without its clients: it and its listener are left.
	transport.CloseIdleConnections()
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
