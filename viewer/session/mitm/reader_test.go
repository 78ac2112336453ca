package mitm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// read reads a dump, and fails where its flows lead to bytes that the dump
// does not have.
func read(t testing.TB, dump string) (ids []string, issues []string) {
	t.Helper()
	r := open(blob.Bytes([]byte(dump)))
	flows, found := collect(t, r)
	for _, f := range flows {
		ids = append(ids, string(f.Id))
		for _, b := range bodies(f) {
			content(t, r, nil, b)
		}
	}
	for _, issue := range found {
		issues = append(issues, issue.Error())
	}
	same(t, "progress", r.Progress(), int64(len(dump)))
	return ids, issues
}

// bodies returns all references in f.
func bodies(f *flowpb.Flow) []*flowpb.Body {
	refs := []*flowpb.Body{f.GetRequest().GetBody(), f.GetResponse().GetBody()}
	for _, m := range f.Messages {
		refs = append(refs, m.Body)
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		refs = append(refs, m.Body)
	}
	if f.Backup != nil {
		refs = append(refs, bodies(f.Backup)...)
	}
	return slices.DeleteFunc(refs, func(b *flowpb.Body) bool { return b == nil })
}

func TestEverythingIsKept(t *testing.T) {
	for _, whole := range []int64{maxWhole, 0} {
		body := strings.Repeat("body ", 40)
		meta := dict{"b", []any{1, -2, 3.5, nil, true, []byte("x"), "é"}, "a", "first in memory"}
		dump := tnet(httpDict("flow-1", []byte{}, []byte(body)).with("metadata", meta).with("marked", "x").with("backup", tcpDict("old", "m")))
		r := newReader(context.Background(), blob.Bytes([]byte(dump)), whole)
		flows, issues := collect(t, r)
		if len(flows) != 1 || len(issues) != 0 {
			t.Fatal(len(flows), issues)
		}
		f := flows[0]
		q, p := f.Request, f.Response
		same(t, "format", f.GetFormatVersion(), 21)
		same(t, "absent is not empty", q.Content != nil && len(q.Content) == 0 && q.Body == nil, true)
		same(t, "trailers", q.Trailers != nil && p.Trailers == nil, true)
		same(t, "integers", [3]uint32{f.GetIntegral(), q.GetIntegral(), p.GetIntegral()}, [3]uint32{1, 2, 1})
		same(t, "reference", p.Body != nil && p.Content == nil, true)
		same(t, "offset", p.Body.GetOffset(), uint64(strings.Index(dump, body)))
		same(t, "body", string(content(t, r, nil, p.Body)), body)
		same(t, "header", string(p.Headers[1].Value), "\xff")
		same(t, "marks", f.GetMarked() && string(f.Marker) == "x", true)
		same(t, "backup", string(f.Backup.Id)+string(f.Backup.Messages[0].Content)+string(f.Backup.Error.Msg), "oldmreset")
		same(t, "backup error", f.Backup.GetIntegral(), 2)
		same(t, "metadata", tnet(plainInts(plain(f.Metadata))), tnet(meta))
		c, s := f.ClientConn, f.ServerConn
		same(t, "client", string(c.Id)+string(c.ProxyMode)+string(c.CipherName)+string(c.Common.AlpnOffers[0]), "client-1regularAh2")
		same(t, "client integers", c.Common.GetIntegral(), 1)
		same(t, "server", string(s.ViaSpec.Scheme)+string(s.ViaSpec.Address.Host)+string(s.Common.Error), "httpsproxy.testuntrusted")
		same(t, "server address", s.IpAddress.GetFlowinfo()*10+s.IpAddress.GetScopeId(), 79)
		same(t, "certificates", string(bytes.Join(s.Common.CertificateList, nil)), "PEM 1PEM 2")
		same(t, "start of the server", s.GetTimestampStart(), 4)
	}
}

// plainInts turns the integers of plain into those of tnet.
func plainInts(v any) any {
	switch v := v.(type) {
	case dict:
		out := dict{}
		for _, item := range v {
			out = append(out, plainInts(item))
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, plainInts(item))
		}
		return out
	case interface{ Int64() (int64, error) }:
		n, _ := v.Int64()
		return int(n)
	}
	return v
}

func TestConnectionsAreShared(t *testing.T) {
	other := serverDict().with("timestamp_end", 10)
	dump := sample() + tnet(tcpDict("flow-5", "m").with("server_conn", other)) + tnet(tcpDict("flow-6", "m").with("version", 20))
	flows, _ := collect(t, open(blob.Bytes([]byte(dump))))
	if len(flows) != 6 {
		t.Fatal(len(flows))
	}
	same(t, "shared", flows[0].ServerConn == flows[3].ServerConn && flows[0].ClientConn == flows[4].ClientConn, true)
	same(t, "another", flows[4].ServerConn == flows[0].ServerConn, false)
	same(t, "of another format", flows[5].ServerConn == flows[0].ServerConn, false)
	cert := func(i int) *byte { return &flows[i].ServerConn.Common.CertificateList[0][0] }
	same(t, "certificates are shared", cert(0), cert(4))
}

// TestTruncated cuts a dump at every byte: all whole flows are there, and one
// issue tells of the rest.
func TestTruncated(t *testing.T) {
	dump := sample()
	var ends []int
	for at := 0; at < len(dump); {
		_, size, err := scan([]byte(dump[at:]), 0)
		if err != nil {
			t.Fatal(err)
		}
		at += size
		ends = append(ends, at)
	}
	for cut := range len(dump) {
		whole, start := 0, 0
		for whole < len(ends) && ends[whole] <= cut {
			start = ends[whole]
			whole++
		}
		ids, issues := read(t, dump[:cut])
		want := 1
		if start == cut {
			want = 0
		}
		if len(ids) != whole || len(issues) != want {
			t.Fatalf("cut at %d: %d flows, want %d; issues %q", cut, len(ids), whole, issues)
		}
		if want == 1 && !strings.HasPrefix(issues[0], session.AtByte(int64(start), errors.New("cut off")).Error()) {
			t.Fatalf("cut at %d: %q", cut, issues[0])
		}
		if cut > 0 {
			if err := sniff([]byte(dump[:cut])); err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	a, b, c := tnet(tcpDict("a", "1")), tnet(tcpDict("b", strings.Repeat("2", 5000))), tnet(tcpDict("c", "3"))
	damaged := func(old, new string) string { return a + strings.Replace(b, old, new, 1) + c }
	tooLong := strings.Replace(b, "6", "9", 1)
	backup := tnet(tcpDict("b", "2").with("backup", tcpDict("not a record", "x")))
	for _, test := range []struct {
		name, dump string
		ids        string
		issue      string
	}{
		{"bad type", damaged("4:type;3:tcp;", "4:type;3:tcq;"), "a c", `unknown flow type "tcq"`},
		{"bad value", damaged("3:8.5^", "3:8,5^"), "a c", "messages.0: not a number"},
		{"bad nested", damaged("11:cipher_list;8:", "11:cipher_list;9:"), "a c", "client_conn.cipher_list: "},
		{"newer", damaged("7:version;2:21#", "7:version;2:99#"), "a c", "flow format 99 is newer than this viewer reads (up to 21, mitmproxy 13)"},
		{"no version", damaged("7:version;2:21#", "7:versiom;2:21#"), "a c", "it does not say its flow format"},
		{"a dict of nothing", a + "0:}" + c, "a c", "it does not say its flow format"},
		{"no dict", a + "5:hello," + c, "a c", "it does not end as a dict (8 bytes were passed over)"},
		{"garbage", a + "garbage 12:30 \x00\xff 3:abc; 7:version;" + c, "a c", "no record begins here: missing or invalid length (34 bytes were passed over)"},
		{"digits", a + "99999999" + c, "a c", ""},
		{"length too short", a + "1" + b[2:] + c, "a c", "no record begins here"},
		{"length too long", a + tooLong + c, "a c", "cut off: "},
		{"garbage at the end", a + c + "zzz", "a c", "no record begins here: missing or invalid length (3 bytes were passed over)"},
		{"garbage alone", "zzz", "", "(3 bytes were passed over)"},
		{"a backup is no record", a + "x" + backup[5:] + c, "a c", "no record begins here"},
		{"long garbage", a + strings.Repeat("1234:x 7:version;", 40000) + c, "a c", "(680,000 bytes were passed over)"},
		{"absurd", a + "1234567890123:" + c, "a c", "absurdly long (14 bytes were passed over)"},
	} {
		ids, issues := read(t, test.dump)
		if strings.Join(ids, " ") != test.ids || len(issues) != 1 || !strings.Contains(issues[0], test.issue) {
			t.Errorf("%s: flows %q, issues %q", test.name, ids, issues)
		}
		if len(issues) > 0 && test.ids != "" && test.name != "garbage at the end" && !strings.HasPrefix(issues[0], session.AtByte(int64(len(a)), errors.New("")).Error()) {
			t.Errorf("%s: %q", test.name, issues[0])
		}
	}
}

// shortReads is a Source that never gives more than n bytes at once.
type shortReads struct {
	blob.Source
	n int
}

func (s shortReads) ReadAt(p []byte, offset int64) (int, error) {
	n, err := s.Source.ReadAt(p[:min(len(p), s.n)], offset)
	for n < len(p) && err == nil {
		var more int
		more, err = s.Source.ReadAt(p[n:min(len(p), n+s.n)], offset+int64(n))
		n += more
	}
	return n, err
}

// TestLarge: records that reach over chunks of the stream, and bodies larger
// than one, read the same as small ones, and the bodies are not read.
func TestLarge(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 5<<16) // 5 MiB
	dump := sample() + tnet(httpDict("large", large, []byte("small"))) +
		tnet(tcpDict("stream", string(large[:1<<20]), "x", string(large[:100]))) +
		tnet(httpDict("more", nil, bytes.Repeat(large, 4))) + sample()
	src := &counting{Source: blob.Bytes([]byte(dump))}
	r := open(src)
	flows, issues := collect(t, r)
	if len(flows) != 11 || len(issues) != 0 {
		t.Fatalf("%d flows, %v", len(flows), issues)
	}
	if n := src.bytes.Load(); n > int64(len(dump))*3/4 {
		t.Errorf("%d of %d bytes were read", n, len(dump))
	}
	same(t, "large body", sum(content(t, r, nil, flows[4].Request.Body)), sum(large))
	same(t, "small body", string(flows[4].Response.Content), "small")
	same(t, "first message", flows[5].Messages[0].Body.GetLength(), 1<<20)
	same(t, "inline message", string(flows[5].Messages[1].Content), "x")
	same(t, "last message", string(content(t, r, nil, flows[5].Messages[2].Body)), string(large[:100]))
	same(t, "absent body", flows[6].Request.Content == nil && flows[6].Request.Body == nil, true)
	for i := range 4 {
		a, b := flows[i], flows[7+i]
		for _, ref := range bodies(b) {
			*ref.Offset -= uint64(len(dump) - len(sample()))
		}
		same(t, "the flow behind", string(a.Append(nil)), string(b.Append(nil)))
	}
	same(t, "progress", r.Progress(), int64(len(dump)))
}

type counting struct {
	blob.Source
	bytes atomic.Int64
}

func (c *counting) ReadAt(p []byte, offset int64) (int, error) {
	c.bytes.Add(int64(len(p)))
	return c.Source.ReadAt(p, offset)
}

// TestSkeletons reads every record by its skeleton: whatever the way, the
// flows are the same.
func TestSkeletons(t *testing.T) {
	for cut := 0; cut < len(sample()); cut += 7 {
		dump := sample()[:cut] + sample()[min(cut+3, len(sample())):]
		var want []string
		for _, whole := range []int64{maxWhole, 0} {
			var got []string
			flows, issues := collect(t, newReader(context.Background(), shortReads{blob.Bytes([]byte(dump)), 1000}, whole))
			for _, f := range flows {
				got = append(got, string(f.Append(nil)))
			}
			for _, issue := range issues {
				got = append(got, issue.Place)
			}
			if whole == maxWhole {
				want = got
			} else if !slices.Equal(got, want) {
				t.Fatalf("without bytes %d to %d: %d flows and issues, want %d", cut, cut+3, len(got), len(want))
			}
		}
	}
}

// TestNoForgedReference: a file cannot say where a body lies.
func TestNoForgedReference(t *testing.T) {
	const forged = "16:\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01@"
	for _, d := range []dict{httpDict("a", []byte("................"), nil), tcpDict("a", "................")} {
		dump := strings.Replace(tnet(d), "16:................,", forged, 1)
		for _, whole := range []int64{maxWhole, 0} {
			flows, issues := collect(t, newReader(context.Background(), blob.Bytes([]byte(dump)), whole))
			if len(flows) != 0 || len(issues) != 1 || !strings.HasSuffix(issues[0].Error(), "unknown tag '@'") {
				t.Errorf("%d flows, %v", len(flows), issues)
			}
		}
	}
}

func TestBody(t *testing.T) {
	r := open(blob.Bytes([]byte(sample())))
	offset, length, huge := uint64(1), uint64(len(sample())), uint64(1<<63)
	encoding := flowpb.Body_JSON
	for _, b := range []*flowpb.Body{
		{Offset: &offset, Length: &length},
		{Offset: &huge, Length: &length},
		{Offset: &offset, Length: &huge},
		{Offset: &offset, Length: &offset, Encoding: &encoding},
	} {
		if _, err := r.Body(b); err == nil {
			t.Errorf("there is a body at %v", b)
		}
	}
}

// TestSourceFails: an error of the source is final, and is not taken for the
// end.
func TestSourceFails(t *testing.T) {
	for _, whole := range []int64{maxWhole, 0} {
		r := newReader(context.Background(), gone{blob.Bytes([]byte(sample()))}, whole)
		f, err := r.Next()
		if f != nil || !errors.Is(err, blob.ErrGone) {
			t.Fatalf("%v, %v", f, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := newReader(ctx, blob.Bytes([]byte(sample())), maxWhole).Next(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type gone struct{ blob.Source }

func (gone) ReadAt([]byte, int64) (int, error) { return 0, blob.ErrGone }

func TestSniff(t *testing.T) {
	for _, head := range []string{sample(), "5", "0:}", "1234:", "1234:7:vers", "9:7:version;2:21#}", tnet(dict{[]byte("version"), []any{0, 18}})} {
		if err := sniff([]byte(head)); err != nil {
			t.Errorf("%.20q: %v", head, err)
		}
	}
	for head, want := range map[string]error{
		`{"log": {}}`:              errJSON,
		"\xef\xbb\xbf {}":          errJSON,
		"SQLite format 3\x00":      errNoRecord,
		"\x1f\x8b\x08\x00":         errNoRecord,
		"[1, 2]":                   errNoRecord,
		"GET / HTTP/1.1\r\n":       errNoRecord,
		"1234567890123:7:version;": errNoRecord,
		"12:30 we met":             errNoKey,
		"5:12345#":                 errNoKey,
		"200:5:12345#":             errNoKey,
		"200:7:VERSION;2:21#":      errNoKey,
	} {
		if err := sniff([]byte(head)); err != want {
			t.Errorf("%q: %v, want %v", head, err, want)
		}
	}
}

func TestDetect(t *testing.T) {
	format, err := session.Detect(blob.Bytes([]byte(sample())), []session.Format{Format})
	if err != nil || format.Name != "mitm" {
		t.Fatal(format.Name, err)
	}
	r, err := format.Open(t.Context(), blob.Bytes(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("an empty file: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestNothingIsBorrowed: a flow keeps no bytes of the buffer that it was read
// from.
func TestNothingIsBorrowed(t *testing.T) {
	for _, record := range []string{tnet(httpDict("a", []byte("x"), []byte{}).with("metadata", dict{"k", []any{[]byte("v"), 1}})), tnet(tcpDict("b", "m")), tnet(socketDict("s", "a"))} {
		b := []byte(record)
		d := newDecoder()
		e, _, err := scan(b, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, _, err := d.flow(e)
		if err != nil {
			t.Fatal(err)
		}
		before := string(f.Append(nil))
		for i := range b {
			b[i] = '#'
		}
		same(t, "flow", string(f.Append(nil)), before)
	}
}
