package har

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/mitm"
)

// written returns flows as a HAR file, which has to be valid.
func written(t testing.TB, flows session.Flows) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Writer.Write(context.Background(), &out, flows); err != nil {
		t.Fatal(err)
	}
	if wrong := invalidities(out.Bytes()); len(wrong) > 0 {
		t.Fatalf("%d things are wrong, first %q in %.2000q", len(wrong), wrong[0], out.Bytes())
	}
	return out.Bytes()
}

// reread reads a file that was written, in which nothing is to be reported but
// what allowed begins with.
func reread(t testing.TB, file []byte, allowed ...string) (*reader, *session.List) {
	t.Helper()
	r, l, err := readAll(t, blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, issue := range l.Issues {
		ok := false
		for _, a := range allowed {
			ok = ok || strings.HasPrefix(issue.Err.Error(), a)
		}
		if !ok {
			t.Errorf("read again: %v", issue)
		}
	}
	return r, l
}

// corpusOf calls do with each file of the corpus that a format accepts, in
// order, and the name by which the corpus knows it.
func corpusOf(t *testing.T, format session.Format, do func(t *testing.T, name string, file []byte)) {
	root := corpus.Path(t, ".")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := os.ReadFile(path)
		if err != nil || len(file) == 0 || format.Sniff(file[:min(len(file), session.SniffLen)]) != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		t.Run(filepath.ToSlash(name), func(t *testing.T) { do(t, filepath.ToSlash(name), file) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWriteDumps writes the dumps of the corpus, and reads what was written.
func TestWriteDumps(t *testing.T) {
	files, total := 0, 0
	corpusOf(t, mitm.Format, func(t *testing.T, name string, file []byte) {
		r, err := mitm.Format.Open(context.Background(), blob.Bytes(file))
		if err != nil {
			t.Fatal(err)
		}
		l, _ := session.ReadAll(r) // what was read before an error stands
		files++
		total += rewrite(t, l)
	})
	const wantFiles, want = 37, 4511
	if files != wantFiles || total != want {
		t.Errorf("%d files with %d HTTP flows, want %d with %d", files, total, wantFiles, want)
	}
}

// rewrite writes flows of mitmproxy, reads them, and compares what HAR can
// hold. It returns how many there are.
func rewrite(t *testing.T, l *session.List) int {
	file := written(t, l)
	r, again := reread(t, file)
	i := 0
	for _, f := range l.Flows {
		if flow.Kind(f) != flowpb.Kind_HTTP {
			continue
		}
		if i == len(again.Flows) {
			t.Fatalf("only %d flows", i)
		}
		where := fmt.Sprintf("flow %d, %s", i, urlOf(f))
		if want, _ := flow.PrettyURL(f); urlOf(f) != want && flow.FirstLineFormat(f.Request) != "authority" && flow.Host(f) != "::1" {
			t.Errorf("%s: its URL is %s", where, want)
		}
		sameHTTP(t, where, f, again.Flows[i])
		sameBodies(t, where, l, f, r, again.Flows[i])
		if lost := losses(again.Flows[i]); len(lost) > 0 {
			t.Errorf("%s: the writer says that it loses %q of what the reader gave", where, lost)
		}
		i++
	}
	if i != len(again.Flows) {
		t.Errorf("%d flows became %d", i, len(again.Flows))
	}
	if second := written(t, again); !bytes.Equal(second, file) {
		t.Errorf("written twice, it differs: %s", firstDifference(file, second))
	}
	return i
}

// sameHTTP compares what HAR has a place for, but bodies.
func sameHTTP(t *testing.T, where string, a, b *flowpb.Flow) {
	t.Helper()
	for _, c := range [...]struct {
		what string
		a, b any
	}{
		{"method", string(a.Request.Method), string(b.Request.GetMethod())},
		{"version", string(a.Request.HttpVersion), string(b.Request.GetHttpVersion())},
		{"headers", string(flow.HeaderBlock(a.Request.Headers)), string(flow.HeaderBlock(b.Request.GetHeaders()))},
		{"trailers", string(flow.HeaderBlock(a.Request.Trailers.GetFields())), string(flow.HeaderBlock(b.Request.Trailers.GetFields()))},
		{"response", a.Response != nil, b.Response != nil},
		{"status", a.Response.GetStatusCode(), b.Response.GetStatusCode()},
		{"reason", string(a.Response.GetReason()), string(b.Response.GetReason())},
		{"response version", string(a.Response.GetHttpVersion()), string(b.Response.GetHttpVersion())},
		{"response headers", string(flow.HeaderBlock(a.Response.GetHeaders())), string(flow.HeaderBlock(b.Response.GetHeaders()))},
		{"response trailers", string(flow.HeaderBlock(a.Response.GetTrailers().GetFields())), string(flow.HeaderBlock(b.Response.GetTrailers().GetFields()))},
		{"comment", string(a.Comment), string(b.Comment)},
		{"error", string(a.Error.GetMsg()), string(b.Error.GetMsg())},
		{"peer", peerIP(a), peerIP(b)},
		{"peer's port", a.ServerConn.GetIpAddress().GetPort(), b.ServerConn.GetIpAddress().GetPort()},
		{"client", flow.FormatAddress(flow.Client(a)), flow.FormatAddress(flow.Client(b))},
		{"TLS", string(a.ServerConn.GetTlsVersion()), string(b.ServerConn.GetTlsVersion())},
		{"messages", len(a.Websocket.GetMessages()), len(b.Websocket.GetMessages())},
		{"close code", a.Websocket.GetCloseCode(), b.Websocket.GetCloseCode()},
	} {
		if c.a != c.b {
			t.Errorf("%s: %s %q became %q", where, c.what, c.a, c.b)
		}
	}
	if d := b.Request.GetTimestampStart() - a.Request.GetTimestampStart(); a.Request.TimestampStart != nil && (d > 1e-6 || d < -1e-6) {
		t.Errorf("%s: it began %v s later", where, d)
	}
}

// peerIP returns the address of the server, if it is one.
func peerIP(f *flowpb.Flow) string {
	ip, err := netip.ParseAddr(string(f.ServerConn.GetIpAddress().GetHost()))
	if err != nil {
		return ""
	}
	return ip.String()
}

// sameBodies compares bodies, those of b as decoded.
func sameBodies(t *testing.T, where string, from session.Flows, a *flowpb.Flow, r session.Reader, b *flowpb.Flow) {
	t.Helper()
	compare := func(what string, want, got []byte) {
		if !bytes.Equal(want, got) {
			t.Errorf("%s: %s %.60q of %d bytes became %.60q of %d", where, what, want, len(want), got, len(got))
		}
	}
	q, p := a.Request, a.Response
	compare("request body", decoded(t, from, q.Content, q.Body, q.Headers), bodyBytes(t, r, b.Request.Content, b.Request.Body))
	compare("response body", decoded(t, from, p.GetContent(), p.GetBody(), p.GetHeaders()), bodyBytes(t, r, b.Response.GetContent(), b.Response.GetBody()))
	for i, m := range a.Websocket.GetMessages() {
		n := b.Websocket.Messages[i]
		compare("message", decoded(t, from, m.Content, m.Body, nil), bodyBytes(t, r, n.Content, n.Body))
		if m.GetFromClient() != n.GetFromClient() || m.GetType() != n.GetType() || m.GetTimestamp() != n.GetTimestamp() {
			t.Errorf("%s: message %+v became %+v", where, m, n)
		}
	}
}

// decoded returns a body without its content encoding, if that can be undone.
func decoded(t *testing.T, from session.Flows, content []byte, ref *flowpb.Body, headers []*flowpb.HTTPHeader) []byte {
	t.Helper()
	if content == nil && ref != nil {
		src, err := from.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		if content, err = blob.ReadAll(src); err != nil {
			t.Fatal(err)
		}
	}
	if encoding, ok := flow.Value(headers, "content-encoding"); ok && !ref.GetDecoded() {
		if b, err := flow.Decode(content, encoding, maxDecoded); err == nil {
			return b
		}
	}
	return content
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-100)
	return fmt.Sprintf("at %d %q became %q", i, a[from:min(len(a), i+100)], b[from:min(len(b), i+100)])
}
