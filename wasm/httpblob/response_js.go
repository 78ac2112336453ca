package httpblob

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"syscall/js"
	"time"

	"flowpane/viewer/blob"
	"flowpane/wasm/promise"
)

type response struct {
	address
	value  js.Value
	status int
	part   string // that was asked for; empty is all
	body   []byte
	// unanswered: there is none, or not all of it.
	unanswered bool
	// settled is to be called when it is read, or is not to be, answered when it
	// comes.
	settled  func() bool
	answered func()
}

// everything is the value of a header Range that asks for all of a file. No host
// compresses a part on its way, so that its length is that of the file.
const everything = "bytes=0-"

// span is the value of a header Range that asks for a part.
func span(offset, length int64) string {
	return "bytes=" + strconv.FormatInt(offset, 10) + "-" + strconv.FormatInt(offset+length-1, 10)
}

// get asks for a range, and reads it, unless ctx ends before.
func (a address) get(ctx context.Context, offset, length int64, cache string) (response, error) {
	r, err := a.ask(ctx, span(offset, length), cache)
	if err == nil {
		err = r.read()
	}
	return r, err
}

// ask asks for a part, or for all if that is empty. A cache is as in the options
// of fetch: one that answers would not know of what came since. With ctx ends the
// wait for an answer, and the answer.
func (a address) ask(ctx context.Context, part, cache string) (response, error) {
	headers := map[string]any{}
	if part != "" {
		headers["Range"] = part
	}
	aborter := js.Global().Get("AbortController").New()
	settled := context.AfterFunc(ctx, func() { aborter.Call("abort") })
	answered := a.noteSilence(ctx)
	v, err := promise.Await(js.Global().Call("fetch", a.url, map[string]any{
		"headers":        headers,
		"cache":          cache,
		"mode":           a.mode(),
		"credentials":    "omit",
		"referrerPolicy": "no-referrer",
		"signal":         aborter.Get("signal"),
	}))
	if err != nil {
		answered()
		settled()
		if gone := ctx.Err(); gone != nil {
			return response{address: a}, gone
		}
		return response{address: a, unanswered: true}, a.unanswered(err)
	}
	r := response{address: a, value: v, status: v.Get("status").Int(), part: part, settled: settled, answered: answered}
	switch r.status {
	case 429, 502, 503, 504:
		r.unanswered = true // by the host itself
	case 200, 206:
		return r, nil
	case 416:
		if part == span(0, headSize) {
			return r, nil // an empty file has no first byte
		}
	}
	r.drop()
	text := strconv.Itoa(r.status) + " " + v.Get("statusText").String()
	if note := r.note(); note != "" {
		text += ", " + note
	}
	return r, fmt.Errorf("%s: the host answered %s", a.url, text)
}

// silence is for how long a host may say nothing until a person is told.
const silence = 3 * time.Second

// noteSilence tells whoever asked for it, again and again, if the host does not
// answer for a while. What it returns is to be called when it has.
func (a address) noteSilence(ctx context.Context) (answered func()) {
	waiting, end := context.WithCancel(ctx)
	ended := make(chan bool)
	go func() {
		told := false
		for {
			select {
			case <-waiting.Done():
				ended <- told
				return
			case <-time.After(silence):
				told = true
				blob.Waits(ctx, errors.New(a.origin+": still waiting for an answer"))
			}
		}
	}()
	return sync.OnceFunc(func() {
		if end(); <-ended {
			blob.Waits(ctx, nil)
		}
	})
}

// header returns a header, or nothing: other sites let a page see few.
func (r response) header(name string) string {
	v := r.value.Get("headers").Call("get", name)
	if v.IsNull() {
		return ""
	}
	return v.String()
}

// tag tells versions of the file apart, where the host does.
func (r response) tag() string { return r.header("ETag") + " " + r.header("Last-Modified") }

// note says which site answered, if it is another than was asked.
func (r response) note() string {
	url := r.value.Get("url").String()
	if url == "" { // it came from no site
		return ""
	}
	origin := js.Global().Get("URL").New(url).Get("origin").String()
	if origin == r.origin {
		return ""
	}
	return r.origin + " led on to " + origin + ", and that answered"
}

// drop says that the rest is not wanted.
func (r response) drop() {
	r.answered()
	r.settled()
	if body := r.value.Get("body"); body.Truthy() {
		body.Call("cancel")
	}
}

// maxWhole is up to how many bytes a host without ranges may send: they are
// held in memory.
const maxWhole = 1 << 30

// size returns how many bytes the whole file has, if the host says so of the
// file and not of what it makes of it on the way: of which another site need not
// let this page know.
func (r response) size() (int, bool) {
	if r.header("Content-Encoding") != "" || r.abroad() && r.part == "" {
		return 0, false
	}
	n, err := strconv.Atoi(r.header("Content-Length"))
	return n, err == nil && n <= maxWhole
}

// passing returns err, of r, as what may be over the next time, if it may.
func (r response) passing(err error) error {
	switch {
	case err == nil || !r.unanswered:
		return err
	case !js.Global().Get("navigator").Get("onLine").Bool():
		return fmt.Errorf("%s: %w (this browser is offline)", r.origin, blob.ErrUnreachable)
	}
	return fmt.Errorf("%s: %w", r.origin, blob.ErrUnreachable)
}

// whole returns all of the file, as it comes where its size is known.
func (r response) whole(ctx context.Context) (blob.Source, error) {
	if r.status == 416 {
		r.drop()
		return blob.Bytes(nil), nil
	}
	if n, err := strconv.ParseInt(r.header("Content-Length"), 10, 64); err == nil && n > maxWhole {
		r.drop()
		return nil, fmt.Errorf("%s: the host sends files as a whole, and this one has %d MB: up to %d MB are opened so. Save the file and drop it here", r.url, n>>20, maxWhole>>20)
	}
	if size, ok := r.size(); ok && size > 0 {
		if err := r.checkEnd(ctx, size); err != nil {
			r.drop()
			return nil, err
		}
		a := blob.NewArriving(size)
		go r.download(ctx, a)
		return coming{a, r.note()}, nil
	}
	err := r.read()
	if err == nil {
		err = r.checkEnd(ctx, len(r.body))
	}
	return here{blob.Bytes(r.body), r.note()}, err
}

// coming is a Source that is on its way into memory, here one that is there.
type (
	coming struct {
		*blob.Arriving
		note string
	}
	here struct {
		blob.Source
		note string
	}
)

// Note implements blob.Noted.
func (c coming) Note() string { return c.note }

// Note implements blob.Noted.
func (h here) Note() string { return h.note }

var (
	errLonger = errors.New("the host sends more than it says: it may compress the file on its way; save the file and drop it here")
	errPart   = errors.New("the host sent a part of the file alone, and does not let this page know which: save the file and drop it here")
)

// download reads the whole file into a, as it comes. Where it breaks off, the
// file is asked for again, and what came is passed over, unless that brings
// nothing new several times. The last byte is there when it is known that it is
// the last.
func (r response) download(ctx context.Context, a *blob.Arriving) {
	d := &download{response: r, to: a, room: a.Room()}
	a.End(blob.Patiently(ctx, func() error { return d.goOn(ctx) }))
}

// A download is one that is under way.
type download struct {
	response
	to     *blob.Arriving
	room   []byte
	at     int // how much of room is there
	over   bool
	rounds blob.Rounds
}

// goOn reads what is still to come. It fails by [blob.ErrUnreachable] where that
// breaks off.
func (d *download) goOn(ctx context.Context) error {
	skip := 0
	if d.over {
		again, err := d.ask(ctx, d.part, "default")
		if err != nil {
			return again.passing(err)
		}
		if size, ok := again.size(); again.status != d.status || again.tag() != d.tag() || !ok || size != len(d.room) {
			again.drop()
			return blob.ErrGone
		}
		d.response, skip = again, d.at
	}
	d.over = true
	d.answered()
	defer d.settled()
	reader := d.value.Get("body").Call("getReader")
	for {
		piece, err := promise.Await(reader.Call("read"))
		if err != nil {
			if vain := d.rounds.BrokeOff(d.at); vain != nil {
				return d.brokeOff(vain)
			}
			d.unanswered = true
			return d.passing(d.brokeOff(err))
		}
		if piece.Get("done").Bool() {
			break
		}
		bytes := piece.Get("value")
		if skip > 0 {
			passed := min(skip, bytes.Length())
			skip -= passed
			bytes = bytes.Call("subarray", passed)
		}
		if !d.take(bytes) {
			reader.Call("cancel")
			return d.brokeOff(errLonger)
		}
		if err := ctx.Err(); err != nil {
			reader.Call("cancel")
			return err
		}
	}
	if d.at == len(d.room) {
		d.to.Came(1)
	}
	return nil
}

// take takes the next bytes, and reports whether there is room for them.
func (d *download) take(bytes js.Value) bool {
	n := js.CopyBytesToGo(d.room[d.at:], bytes)
	last := len(d.room) - 1
	d.to.Came(min(d.at+n, last) - min(d.at, last))
	d.at += n
	return n == bytes.Length()
}

// checkEnd makes sure that a file that comes as a part of itself ends after size
// bytes: of its last byte and the next there is one.
func (r response) checkEnd(ctx context.Context, size int) error {
	if r.status != 206 || size == 0 {
		return nil
	}
	last, err := r.get(ctx, int64(size)-1, 2, "no-store") // a cache would have it wait for the rest of the file
	if err == nil && (last.status != 206 || len(last.body) != 1) {
		err = fmt.Errorf("%s: %w", r.url, errPart)
	}
	return err
}

func (r response) brokeOff(err error) error {
	return fmt.Errorf("%s: the download broke off: %w", r.url, err)
}

// read reads the body.
func (r *response) read() error {
	defer r.settled()
	defer r.answered()
	buffer, err := promise.Await(r.value.Call("arrayBuffer"))
	if err != nil {
		r.unanswered = true
		return r.brokeOff(err)
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	r.body = make([]byte, array.Length())
	js.CopyBytesToGo(r.body, array)
	return nil
}
