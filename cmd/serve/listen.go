package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"flowpane/static"
)

// serve serves the page and the sessions until ctx is done.
func serve(ctx context.Context, o options, sessions []session, stdout, stderr io.Writer) error {
	dist, err := static.Dist()
	if err != nil {
		return err
	}
	built, err := newPage(dist)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	bound := listener.Addr().(*net.TCPAddr)
	if !bound.IP.IsLoopback() {
		fmt.Fprintf(stderr, "serve: %s is not loopback: anyone who reaches it can read the sessions served here\n", bound)
	}
	first := announce(stdout, root(o.addr, bound), sessions)
	if o.open {
		if err := browse(first); err != nil {
			fmt.Fprintln(stderr, "serve: no browser could be opened:", err)
		}
	}
	h := handler(site{built, sessions, o.cors, bound.IP.IsLoopback()})
	if o.log {
		h = logged(h, log.New(stderr, "", 0))
	}
	return serveUntil(ctx, listener, h)
}

// root is the address of the viewer, by the name that was asked for where that
// is the name of one host.
func root(addr string, bound *net.TCPAddr) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host == "" || bound.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(bound.Port)) + "/"
}

// announce says where the viewer and each session are, and returns the address
// to open first.
func announce(stdout io.Writer, root string, sessions []session) string {
	fmt.Fprintf(stdout, "Flowpane at %s\n", root)
	first := root
	for i, s := range sessions {
		link := root + s.address()
		fmt.Fprintf(stdout, "%s at %s\n", printable(s.path), link)
		if i == 0 {
			first = link
		}
	}
	return first
}

// How long a client may take. Whole files have no limit, for they may be large
// and the way long: see stall.
const (
	headerTime = 10 * time.Second // to say what it wants
	bodyTime   = 30 * time.Second // to send a body, which nobody reads
	idleTime   = 2 * time.Minute  // to come back on the same connection
	grace      = 30 * time.Second // to take what it has begun, once the end was asked for
)

// maxHeader is how many bytes of headers are read. Browsers send one thousand.
const maxHeader = 32 << 10

// serveUntil serves until ctx is done, and lets what has begun finish.
func serveUntil(ctx context.Context, listener net.Listener, h http.Handler) error {
	var fresh unused
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ConnState:         fresh.note,
		// "OPTIONS *" is answered by the handler, as everything is.
		DisableGeneralOptionsHandler: true,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	server.RegisterOnShutdown(fresh.close)
	if server.Shutdown(last) != nil {
		return server.Close()
	}
	return nil
}

// unused are the connections on which nothing was asked yet. Browsers open some
// ahead, and the end need not wait for these.
type unused struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
}

// note follows the states of a connection, as http.Server.ConnState.
func (u *unused) note(conn net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(u.conns, conn)
	case u.ended:
		conn.Close()
	case u.conns == nil:
		u.conns = map[net.Conn]bool{conn: true}
	default:
		u.conns[conn] = true
	}
}

// close closes them, and those to come.
func (u *unused) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ended = true
	for conn := range u.conns {
		conn.Close()
	}
}

// browse opens address in the browser that the system prefers.
func browse(address string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.Command("open", address).Start()
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", address).Start()
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display")
	}
	return exec.Command("xdg-open", address).Start()
}

// printable returns a path as it stands, or quoted where it would break the
// line, turn it round, or not be text.
func printable(path string) string {
	if !utf8.ValidString(path) || strings.IndexFunc(path, func(c rune) bool { return !unicode.IsPrint(c) }) >= 0 {
		return strconv.Quote(path)
	}
	return path
}
