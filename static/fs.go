// Package static holds the files of the page: the sources beside this file,
// and dist, which static/pack makes of them and of the two wasm binaries.
package static

import (
	"embed"
	"errors"
	"io/fs"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt means that the binary was built before the page was.
var ErrNotBuilt = errors.New("the page is not built: run `make build`")

// Dist returns the built page: index.html and everything it asks for, with
// .br and .gz variants beside what compresses. Names that hold a hash of their
// content never change their content.
func Dist() (fs.FS, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(sub, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return sub, nil
}

// PolicyOf returns the Content-Security-Policy that the answer for a path on this
// site is to carry: Policy, but for the engine's worker.
func PolicyOf(name string) string {
	if worker, _ := path.Match("/worker.*js", name); worker {
		return WorkerPolicy
	}
	return Policy
}

// Policy is the Content-Security-Policy of the page. Nothing may be loaded
// from elsewhere, no captured text can become script, and the two scripts that
// start wasm do so through the one Trusted Types policy they declare. Styles
// within a document and frames of the page's own data are for previews of
// captured markup, which are subject to this policy and a stricter one.
const Policy = "default-src 'none'; " +
	"script-src 'self' 'wasm-unsafe-eval'; " +
	"worker-src 'self'; " +
	"connect-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; " +
	"frame-src blob:; " +
	"img-src 'self' blob: data:; " +
	"media-src blob:; " +
	"manifest-src 'self'; " +
	"base-uri 'none'; " +
	"form-action 'none'; " +
	"require-trusted-types-for 'script'; " +
	"trusted-types flowpane"

// WholePolicy is the Content-Security-Policy of the page in one file, with the
// hashes of its scripts. Nothing can be asked for, of nobody: what starts
// workers and shows pictures are pieces of the page itself.
func WholePolicy(scripts ...string) string {
	return "default-src 'none'; " +
		"script-src " + strings.Join(scripts, " ") + " 'wasm-unsafe-eval'; " +
		"worker-src blob:; " +
		"style-src 'unsafe-inline'; " +
		"frame-src blob:; " +
		"img-src blob: data:; " +
		"media-src blob:; " +
		"base-uri 'none'; " +
		"form-action 'none'; " +
		"require-trusted-types-for 'script'; " +
		"trusted-types flowpane"
}

// WorkerPolicy is that of the engine's worker, which draws nothing and asks
// other sites for sessions, once a person has agreed to that. The document, which
// shows what was captured, cannot. Where a host sends no headers a worker has no
// policy: that of the document is not its own.
const WorkerPolicy = "default-src 'none'; " +
	"script-src 'self' 'wasm-unsafe-eval'; " +
	"worker-src 'self'; " +
	"connect-src http: https:; " +
	"require-trusted-types-for 'script'; " +
	"trusted-types flowpane"
