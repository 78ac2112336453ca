package main

import (
	"io"
	"log"
	"math"
	"net/http"
	"strconv"
	"time"
)

// A client that takes less than a piece of an answer within a stall is let go:
// it would hold a file open for ever.
const (
	piece = 1 << 20
	stall = time.Minute
)

// patient sends an answer for as long as the client takes it.
type patient struct{ http.ResponseWriter }

func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// wait gives the next piece its time. A writer that knows no deadlines, as
// that of a test, has none.
func (p *patient) wait() {
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(time.Now().Add(stall))
}

// Write implements io.Writer. It is called with what fits a buffer.
func (p *patient) Write(b []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(b)
}

// ReadFrom implements io.ReaderFrom. The pieces are limits of the file itself,
// so that the system can send it without copying.
func (p *patient) ReadFrom(r io.Reader) (n int64, err error) {
	whole, limited := r.(*io.LimitedReader)
	if !limited {
		whole = &io.LimitedReader{R: r, N: math.MaxInt64}
	}
	for whole.N > 0 {
		p.wait()
		sent, err := io.CopyN(p.ResponseWriter, whole.R, min(piece, whole.N))
		n, whole.N = n+sent, whole.N-sent
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// counted notes what is answered.
type counted struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *counted) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// ReadFrom implements io.ReaderFrom.
func (c *counted) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(c.ResponseWriter, r)
	c.bytes += n
	return n, err
}

// logged writes a line for each answer, once it is sent: when it was asked for,
// by whom, what for, the status, bytes of the body and how long it took.
//
//	2026-11-23T10:30:00.000Z 127.0.0.1:50412 GET "/sessions/a b.mitm" 206 65536 1.204ms
//
// What the client chose is quoted, in ASCII: it can begin no line and move no
// cursor.
func logged(h http.Handler, to *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		c := &counted{ResponseWriter: w}
		defer func() {
			if c.status == 0 {
				c.status = http.StatusOK
			}
			to.Printf("%s %s %s %s %d %d %v", begun.UTC().Format("2006-01-02T15:04:05.000Z"), r.RemoteAddr, token(r.Method),
				strconv.QuoteToASCII(r.URL.Path), c.status, c.bytes, time.Since(begun).Round(time.Microsecond))
		}()
		h.ServeHTTP(c, r)
	})
}

// token returns a method, quoted unless it is a plain word.
func token(method string) string {
	for _, c := range method {
		if (c < 'A' || c > 'Z') && c != '-' {
			return strconv.QuoteToASCII(method)
		}
	}
	return method
}
