// Command serve serves the viewer to one machine, on loopback unless told
// otherwise. It sees no capture but those it is told to serve.
//
//	serve [-addr 127.0.0.1:8080] [-open] [session…]
//
// Its first line names the address: "Flowpane at http://127.0.0.1:8080/". Each
// session is served beside the viewer; a further line names the address that
// opens it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"flowpane/static"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code, 2 for a wrong
// call and 1 for what fails later.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "`host:port` to listen on; port 0 picks a free one")
	open := flags.Bool("open", false, "open the viewer in a browser")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: serve [-addr host:port] [-open] [session…]")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	sessions, err := named(flags.Args())
	if err != nil {
		fmt.Fprintln(stderr, "serve:", err)
		return 2
	}
	if err := serve(ctx, *addr, *open, sessions, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "serve:", err)
		return 1
	}
	return 0
}

func serve(ctx context.Context, addr string, open bool, sessions []session, stdout, stderr io.Writer) error {
	dist, err := static.Dist()
	if err != nil {
		return err
	}
	built, err := newPage(dist)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	bound := listener.Addr().(*net.TCPAddr)
	if !bound.IP.IsLoopback() {
		fmt.Fprintf(stderr, "serve: %s is not loopback: anyone who reaches it can read the sessions served here\n", bound)
	}
	first := announce(stdout, root(addr, bound), sessions)
	if open {
		if err := browse(first); err != nil {
			fmt.Fprintln(stderr, "serve: no browser could be opened:", err)
		}
	}
	return serveUntil(ctx, listener, handler(built, sessions, bound.IP.IsLoopback()))
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
		link := root + "#url=" + s.link()
		fmt.Fprintf(stdout, "%s at %s\n", printable(s.path), link)
		if i == 0 {
			first = link
		}
	}
	return first
}

// grace is how long requests that have begun may take after the end was asked
// for. Browsers hold connections that they never use, so there is an end to it.
const grace = 2 * time.Second

// serveUntil serves until ctx is done, and lets what has begun finish.
func serveUntil(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if server.Shutdown(last) != nil {
		return server.Close()
	}
	return nil
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
// line or what reads it.
func printable(path string) string {
	if strings.IndexFunc(path, func(c rune) bool { return !unicode.IsPrint(c) }) >= 0 {
		return strconv.Quote(path)
	}
	return path
}
