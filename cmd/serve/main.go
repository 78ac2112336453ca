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
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

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
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	bound := listener.Addr().(*net.TCPAddr)
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if !bound.IP.IsLoopback() {
		fmt.Fprintf(stderr, "serve: %s is not loopback: anyone who reaches it can read the sessions served here\n", bound)
	}
	if host == "" || bound.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	root := fmt.Sprintf("http://%s/", net.JoinHostPort(host, fmt.Sprint(bound.Port)))
	fmt.Fprintf(stdout, "Flowpane at %s\n", root)
	first := root
	for i, s := range sessions {
		link := root + "#url=" + url.PathEscape("sessions") + "/" + url.PathEscape(s.name)
		fmt.Fprintf(stdout, "%s at %s\n", s.path, link)
		if i == 0 {
			first = link
		}
	}
	if open {
		if err := browse(first); err != nil {
			fmt.Fprintln(stderr, "serve: no browser could be opened:", err)
		}
	}
	server := &http.Server{
		Handler:           handler(dist, sessions, bound.IP.IsLoopback()),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
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
