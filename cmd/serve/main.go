// Command serve serves the viewer to one machine, on loopback unless told
// otherwise. It sees no capture but those it is told to serve.
//
//	serve [-addr 127.0.0.1:8080] [-open] [-log] [-cors path=origin]… [session or folder…]
//	serve -export folder [-secrets] [session…]
//
// Its first line names the address: "Flowpane at http://127.0.0.1:8080/". Each
// session is served beside the viewer; a further line names the address that
// opens it. Of a folder it names the page that lists the sessions in it.
//
// With -export it serves nothing, and writes a folder that any static host can
// serve: the viewer, with the sessions as session databases without what package
// redact finds secret in them, or with -secrets as they are.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks a second time does not want to wait
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code, 2 for a wrong
// call and 1 for what fails later.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		return 2
	}
	if o.export != "" {
		return failed(export(ctx, o, stdout), 1, stderr)
	}
	sessions, err := named(o.paths)
	if err != nil {
		return failed(err, 2, stderr)
	}
	return failed(serve(ctx, o, sessions, stdout, stderr), 1, stderr)
}

// failed says what went wrong, if anything did, and returns the exit code.
func failed(err error, code int, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "serve:", err)
	return code
}

// options are what the command was called with.
type options struct {
	addr  string
	open  bool
	log   bool
	cors  grants
	paths []string // files and folders

	export  string // the folder to write in place of serving; empty: none
	secrets bool   // they stay in what is exported
}

// parse reads the arguments. What is wrong with them it says on stderr.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`host:port` to listen on; port 0 picks a free one")
	flags.BoolVar(&o.open, "open", false, "open the first session, or the viewer, in a browser")
	flags.BoolVar(&o.log, "log", false, "write a line on standard error for each request")
	flags.Func("cors", "let pages of another origin read a path: `path=origin`, as in\n"+
		"/sessions/public/=https://viewer.example; a path that ends in / is all below it,\n"+
		"the origin * is everybody; may be repeated", o.cors.add)
	flags.StringVar(&o.export, "export", "", "write the viewer and the sessions into a new `folder`, for any static host, and serve nothing")
	flags.BoolVar(&o.secrets, "secrets", false, "with -export, copy the sessions as they are, with all passwords, cookies and tokens in them")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: serve [-addr host:port] [-open] [-log] [-cors path=origin]… [session or folder…]")
		fmt.Fprintln(stderr, "       serve -export folder [-secrets] [session…]")
		flags.PrintDefaults()
	}
	err := flags.Parse(args)
	o.paths = flags.Args()
	return o, err
}
