package har

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// readAll reads src as a file of this format.
func readAll(t testing.TB, src blob.Source) (*reader, *session.List, error) {
	t.Helper()
	r := newReader(context.Background(), src)
	l, err := session.ReadAll(r)
	return r, l, err
}

// bodyBytes returns the bytes of a body, read from the file. What is inline
// has to be the same.
func bodyBytes(t testing.TB, r session.Reader, inline []byte, ref *flowpb.Body) []byte {
	t.Helper()
	if ref == nil {
		return inline
	}
	src, err := r.Body(ref)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	if inline != nil && !bytes.Equal(b, inline) {
		t.Errorf("%q is inline, %q in the file", inline, b)
	}
	return b
}

// What mitmproxy loads of a HAR, as far as a HAR says it.
type expected struct {
	Comment  string
	Error    *string
	Client   struct{ Peername []any }
	Server   struct{ Address []any }
	Request  *expectedMessage
	Response *expectedMessage
	End      bool `json:"_end"`
	Failure  string
}

type expectedMessage struct {
	Method, Scheme, Authority, Host, Path, Reason string
	Port                                          int32
	PrettyURL                                     string `json:"pretty_url"`
	HTTPVersion                                   string `json:"http_version"`
	Status                                        int32
	Headers                                       [][2]string
	Trailers                                      [][2]string
	TimestampStart                                *float64 `json:"timestamp_start"`
	TimestampEnd                                  *float64 `json:"timestamp_end"`
	Len                                           *int64
	Sha256                                        string
}

// golden returns what mitmproxy loads of a file, and whether it gave up.
func golden(t testing.TB, name string) (flows []expected, gaveUp bool) {
	t.Helper()
	f, err := os.Open(corpus.Path(t, "golden/flows/"+name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e expected
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.End {
			return flows, e.Error != nil
		}
		flows = append(flows, e)
	}
	t.Fatalf("%s has no end: %v", name, lines.Err())
	return nil, false
}

// A difference is a field in which a flow is not what mitmproxy makes of it.
type difference struct{ field, got, want string }

// differences compares a flow with what mitmproxy loads of the same entry.
func differences(t testing.TB, r session.Reader, f *flowpb.Flow, e expected) (all []difference) {
	t.Helper()
	differ := func(field, got, want string) {
		if got != want {
			all = append(all, difference{field, got, want})
		}
	}
	differ("comment", textOf(f.Comment), e.Comment)
	differ("error", textOf(f.GetError().GetMsg()), deref(e.Error))
	differ("client.peername", addressText(f.GetClientConn().GetAddress()), show(e.Client.Peername))
	differ("server.address", addressText(f.GetServerConn().GetAddress()), show(e.Server.Address))
	if e.Server.Address != nil {
		differ("server.peername", show(textOf(f.GetServerConn().GetIpAddress().GetHost())), show(e.Server.Address[0]))
	}

	q, eq := f.GetRequest(), e.Request
	differ("method", textOf(q.Method), eq.Method)
	differ("scheme", textOf(q.Scheme), eq.Scheme)
	differ("authority", textOf(q.Authority), eq.Authority)
	differ("host", textOf(q.Host), eq.Host)
	differ("port", show(q.GetPort()), show(eq.Port))
	differ("path", textOf(q.Path), eq.Path)
	url, _ := flow.PrettyURL(f)
	differ("pretty_url", textOf([]byte(url)), eq.PrettyURL)
	differ("request.http_version", textOf(q.HttpVersion), eq.HTTPVersion)
	all = append(all, headerDifferences("request", pairs(q.Headers), eq.Headers)...)
	differ("request.trailers", show(trailerPairs(q.Trailers)), show(eq.Trailers))
	differ("request.timestamp_start", show(q.TimestampStart), show(eq.TimestampStart))
	differ("request.timestamp_end", show(q.TimestampEnd), show(eq.TimestampEnd))
	all = append(all, bodyDifference("request", bodyBytes(t, r, q.Content, q.Body), eq)...)

	p, ep := f.GetResponse(), e.Response
	if (p == nil) != (ep == nil) {
		return append(all, difference{"response", show(p != nil), show(ep != nil)})
	}
	if p == nil {
		return all
	}
	differ("status", show(p.GetStatusCode()), show(ep.Status))
	differ("reason", textOf(p.Reason), ep.Reason)
	differ("response.http_version", textOf(p.HttpVersion), ep.HTTPVersion)
	all = append(all, headerDifferences("response", pairs(p.Headers), ep.Headers)...)
	differ("response.trailers", show(trailerPairs(p.Trailers)), show(ep.Trailers))
	differ("response.timestamp_start", show(p.TimestampStart), show(ep.TimestampStart))
	differ("response.timestamp_end", show(p.TimestampEnd), show(ep.TimestampEnd))
	return append(all, bodyDifference("response", bodyBytes(t, r, p.Content, p.Body), ep)...)
}

// headerDifferences compares those apart that mitmproxy adapts to the body.
func headerDifferences(side string, got, want [][2]string) (all []difference) {
	for _, name := range []string{"content-length", "content-encoding"} {
		var gotOne, wantOne [][2]string
		gotOne, got = cutHeader(got, name)
		wantOne, want = cutHeader(want, name)
		if show(gotOne) != show(wantOne) {
			all = append(all, difference{side + "." + name, show(gotOne), show(wantOne)})
		}
	}
	if show(got) != show(want) {
		all = append(all, difference{side + ".headers", show(got), show(want)})
	}
	return all
}

// cutHeader returns the lines of one name, and the others.
func cutHeader(headers [][2]string, name string) (cut, others [][2]string) {
	for _, h := range headers {
		if strings.EqualFold(h[0], name) {
			cut = append(cut, h)
		} else {
			others = append(others, h)
		}
	}
	return cut, others
}

// bodyDifference compares a body with the decoded one of mitmproxy.
func bodyDifference(side string, got []byte, e *expectedMessage) []difference {
	sum := sha256.Sum256(got)
	if got != nil && e.Len != nil && hex.EncodeToString(sum[:]) == e.Sha256 || got == nil && e.Len == nil {
		return nil
	}
	if got == nil && *e.Len == 0 {
		return []difference{{side + ".body (absent)", "absent", "0"}}
	}
	d := difference{side + ".body", "absent", "absent"}
	if got != nil {
		d.got = show(len(got))
	}
	if e.Len != nil {
		d.want = show(*e.Len)
	}
	return []difference{d}
}

func pairs(headers []*flowpb.HTTPHeader) [][2]string {
	out := [][2]string{}
	for _, h := range headers {
		out = append(out, [2]string{textOf(h.Name), textOf(h.Value)})
	}
	return out
}

func trailerPairs(t *flowpb.Headers) [][2]string {
	if t == nil {
		return nil
	}
	return pairs(t.Fields)
}

func addressText(a *flowpb.Address) string {
	if a == nil {
		return "null"
	}
	return show([]any{textOf(a.Host), a.GetPort()})
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// textOf returns bytes as the golden files have them: what is no UTF-8 is a
// surrogate, which JSON in Go reads as U+FFFD.
func textOf(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError {
			return '\ufffd'
		}
		return r
	}, string(b))
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
