package httpblob

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall/js"

	"flowpane/viewer/blob"
	"flowpane/wasm/promise"
)

// headSize is how much the first request asks for: what a session database
// needs to be opened and to show its first rows, or the header and the first
// chunk of one that is encrypted.
const headSize = 65 << 10

// What a Source reads at a time where little of it is wanted. A request costs a
// round trip, and what is not wanted costs as much as what is.
const (
	blockSize = 64 << 10
	runLength = 4
)

// Open returns a Source over url. Requests carry neither credentials nor a
// referrer.
func Open(url string) (blob.Source, error) {
	if err := sameOrigin(url); err != nil {
		return nil, err
	}
	r, err := ask(url, 0, headSize, "default")
	if err != nil {
		return nil, err
	}
	if r.status == 416 {
		return blob.Bytes(nil), nil
	}
	if size, ok := r.size(); ok && r.status == 200 {
		a := blob.NewArriving(size)
		go r.download(a)
		return a, nil
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	if r.status == 200 {
		return blob.Bytes(r.body), nil
	}
	_, total, found := strings.Cut(r.header("Content-Range"), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if !found || err != nil {
		return nil, fmt.Errorf("%s: the host does not say how large the file is (Content-Range %q)", url, r.header("Content-Range"))
	}
	return &source{url: url, size: size, head: r.body, tag: r.tag()}, nil
}

// sameOrigin refuses what the page's policy would not let through, with words
// that say so.
func sameOrigin(url string) error {
	here, urls := js.Global().Get("location"), js.Global().Get("URL")
	if !urls.Call("canParse", url, here.Get("href")).Bool() {
		return fmt.Errorf("%s: this is no address", url)
	}
	origin := urls.New(url, here.Get("href")).Get("origin").String()
	if own := here.Get("origin").String(); origin != own {
		return fmt.Errorf("%s: it lies at %s, and this viewer opens addresses of its own site alone (%s): save the file and drop it here", url, origin, own)
	}
	return nil
}

type source struct {
	url  string
	size int64
	head []byte
	tag  string
	// grown: it is written to, so that its tag says little.
	grown bool
}

func (s *source) Size() int64 { return s.size }

// Grows implements blob.Growing.
func (s *source) Grows() bool { return true }

// Grow implements blob.Growing. It asks for the last byte, and is told of how
// many bytes that is one.
func (s *source) Grow(context.Context) (int64, error) {
	r, err := get(s.url, s.size-1, 1, "no-store")
	if err != nil {
		return 0, err
	}
	_, total, _ := strings.Cut(r.header("Content-Range"), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if err != nil || size < s.size {
		return 0, blob.ErrGone
	}
	if size > s.size {
		s.size, s.tag, s.grown = size, r.tag(), true
	}
	return size, nil
}

// Blocks implements blob.Blocked.
func (s *source) Blocks() (size, run int) { return blockSize, runLength }

func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= s.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), s.size-offset)
	if offset+want <= int64(len(s.head)) {
		return s.end(p, copy(p[:want], s.head[offset:]))
	}
	r, err := get(s.url, offset, want, "default")
	if err != nil {
		return 0, err
	}
	if r.status != 206 || r.tag() != s.tag && !s.grown || int64(len(r.body)) != want {
		return 0, blob.ErrGone
	}
	return s.end(p, copy(p, r.body))
}

func (s *source) end(p []byte, n int) (int, error) {
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

type response struct {
	url    string
	value  js.Value
	status int
	body   []byte
}

func (r response) header(name string) string {
	v := r.value.Get("headers").Call("get", name)
	if v.IsNull() {
		return ""
	}
	return v.String()
}

// tag tells versions of the file apart, where the host does.
func (r response) tag() string { return r.header("ETag") + " " + r.header("Last-Modified") }

// maxWhole is up to how many bytes a host without ranges may send: they are
// held in memory.
const maxWhole = 1 << 30

// size returns how many bytes the whole file has, if the host says so of the
// file and not of what it makes of it on the way.
func (r response) size() (int, bool) {
	if r.header("Content-Encoding") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(r.header("Content-Length"))
	return n, err == nil && n <= maxWhole
}

// download reads the whole file into a, as it comes.
func (r response) download(a *blob.Arriving) {
	reader := r.value.Get("body").Call("getReader")
	for {
		piece, err := promise.Await(reader.Call("read"))
		if err != nil {
			a.End(r.brokeOff(err))
			return
		}
		if piece.Get("done").Bool() {
			a.End(nil)
			return
		}
		a.Came(js.CopyBytesToGo(a.Room(), piece.Get("value")))
	}
}

func (r response) brokeOff(err error) error {
	return fmt.Errorf("%s: the download broke off: %w", r.url, err)
}

// read reads the body.
func (r *response) read() error {
	buffer, err := promise.Await(r.value.Call("arrayBuffer"))
	if err != nil {
		return r.brokeOff(err)
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	r.body = make([]byte, array.Length())
	js.CopyBytesToGo(r.body, array)
	return nil
}

// get asks for a range of url, and reads it.
func get(url string, offset, length int64, cache string) (response, error) {
	r, err := ask(url, offset, length, cache)
	if err == nil {
		err = r.read()
	}
	return r, err
}

// ask asks for a range of url. A cache is as in the options of fetch: one that
// answers would not know of what came since.
func ask(url string, offset, length int64, cache string) (response, error) {
	last := strconv.FormatInt(offset+length-1, 10)
	v, err := promise.Await(js.Global().Call("fetch", url, map[string]any{
		"headers":        map[string]any{"Range": "bytes=" + strconv.FormatInt(offset, 10) + "-" + last},
		"cache":          cache,
		"credentials":    "omit",
		"referrerPolicy": "no-referrer",
	}))
	if err != nil {
		return response{}, fmt.Errorf("%s: cannot be fetched: %w", url, err)
	}
	r := response{url: url, value: v, status: v.Get("status").Int()}
	if r.status == 416 && offset == 0 {
		return r, nil // an empty file has no first byte
	}
	if r.status != 200 && r.status != 206 {
		return r, fmt.Errorf("%s: the host answered %d %s", url, r.status, v.Get("statusText").String())
	}
	return r, nil
}
