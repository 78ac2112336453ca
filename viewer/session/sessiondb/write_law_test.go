package sessiondb

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
)

// whole returns f as bytes, with its bodies in it, and without what differs
// from file to file: where they lie, and which file it is.
func whole(t testing.TB, flows session.Flows, f *flowpb.Flow) []byte {
	t.Helper()
	g := detached(f)
	for _, b := range bodiesOf(g) {
		ref := *b.ref
		if ref == nil {
			continue
		}
		if *b.content == nil {
			src, err := flows.Body(ref)
			if err != nil {
				t.Fatal(err)
			}
			if *b.content, err = blob.ReadAll(src); err != nil {
				t.Fatal(err)
			}
		}
		*b.ref = nil
		if ref.GetDecoded() {
			*b.ref = &flowpb.Body{Decoded: new(true)}
		}
	}
	if g.Kind == nil {
		g.Kind = new(flowpb.Kind_HTTP)
	}
	return g.Append(nil)
}

// listed reads a packed file.
func listed(t testing.TB, file []byte) (*Reader, *session.List) {
	t.Helper()
	r, err := Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, issue := range l.Issues {
		t.Errorf("issue: %v", issue)
	}
	return r, l
}

// checkLaw writes flows, reads them, and fails unless they are the same, in
// each of the ways in which they can be read.
func checkLaw(t *testing.T, given session.Flows) []byte {
	t.Helper()
	file := packedFile(t, given)
	sound(t, openSQLite(t, file))
	r, l := listed(t, file)
	var want []*flowpb.Flow
	for f, err := range given.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, f)
	}
	if len(l.Flows) != len(want) {
		t.Fatalf("%d flows, want %d", len(l.Flows), len(want))
	}
	for i, f := range l.Flows {
		if got, want := whole(t, l, f), whole(t, given, want[i]); !bytes.Equal(got, want) {
			t.Fatalf("flow %d:\n%.2000q, want\n%.2000q", i, got, want)
		}
		for b := f; b != nil; b = b.Backup {
			if b.Source != nil {
				t.Errorf("flow %d is said to be of source %d", i, *b.Source)
			}
		}
		again, err := r.Flow(i)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Append(nil), f.Append(nil)) {
			t.Errorf("flow %d by its number:\n%.2000q, want\n%.2000q", i, again.Append(nil), f.Append(nil))
		}
	}
	checkSummaries(t, r, l, want)
	return file
}

// checkSummaries fails unless the columns say what the flows say.
func checkSummaries(t *testing.T, r *Reader, l *session.List, given []*flowpb.Flow) {
	t.Helper()
	n := 0
	var names flow.Keys
	for c, err := range r.Summaries() {
		if err != nil {
			t.Fatal(err)
		}
		keys, err := r.Keys(c)
		if err != nil {
			t.Fatal(err)
		}
		if c.First != n || len(keys) != len(c.Summaries) || len(c.Sources) != len(c.Summaries) {
			t.Fatalf("chunk of flow %d, want %d, with %d summaries, %d keys, %d sources", c.First, n, len(c.Summaries), len(keys), len(c.Sources))
		}
		for i, got := range c.Summaries {
			if want := flow.Summarize(l.Flows[n]); !reflect.DeepEqual(got, want) {
				t.Errorf("summary %d:\n%+v, want\n%+v", n, got, want)
			}
			if want := names.Next(string(l.Flows[n].Id)); keys[i] != want {
				t.Errorf("key %d: %q, want %q", n, keys[i], want)
			}
			if got, want := c.Sources[i], given[n].GetSource(); got != want {
				t.Errorf("source of %d: %d, want %d", n, got, want)
			}
			n++
		}
	}
	if n != len(l.Flows) {
		t.Errorf("%d summaries of %d flows", n, len(l.Flows))
	}
}

// inMemory are flows whose references are numbers of bodies.
type inMemory struct {
	session.List
	bodies  [][]byte
	about   map[uint32]*flowpb.About
	sources []session.Source
}

func (m *inMemory) Body(b *flowpb.Body) (blob.Source, error) {
	if b.GetOffset() >= uint64(len(m.bodies)) {
		return nil, fmt.Errorf("body %d of %d", b.GetOffset(), len(m.bodies))
	}
	return blob.Bytes(m.bodies[b.GetOffset()]), nil
}

func (m *inMemory) About(source uint32) *flowpb.About { return m.about[source] }
func (m *inMemory) Sources() []session.Source         { return m.sources }

// ref returns a reference to a new body.
func (m *inMemory) ref(content []byte) *flowpb.Body {
	m.bodies = append(m.bodies, content)
	return &flowpb.Body{Source: new(uint32(3)), Offset: new(uint64(len(m.bodies) - 1)), Length: new(uint64(len(content)))}
}

func (m *inMemory) decodedRef(content []byte) *flowpb.Body {
	b := m.ref(content)
	b.Decoded = new(true)
	return b
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// noise is text that does not compress to nothing.
func noise(n int) []byte {
	m := newMaker()
	b := []byte{}
	for len(b) < n {
		b = append(b, m.word()...)
	}
	return b[:n]
}

// everything returns flows of all kinds, with bodies of all kinds.
func everything() *inMemory {
	m := new(inMemory)
	add := func(f *flowpb.Flow) { m.Flows = append(m.Flows, f) }
	exchange := func(id string, request, response []byte, encoding string) *flowpb.Flow {
		return &flowpb.Flow{
			Id: []byte(id), Kind: new(flowpb.Kind_HTTP),
			Request: &flowpb.HTTPRequest{
				Method: []byte("POST"), Host: []byte("shop.test"), Port: new(int32(8080)), Scheme: []byte("http"), Path: []byte("/p?q"),
				Headers: fields("Host", "shop.test", "Content-Encoding", encoding), Content: request, TimestampStart: new(1e9 + 0.25),
			},
			Response: &flowpb.HTTPResponse{
				StatusCode: new(int32(200)), Headers: fields("Content-Type", "text/html; x=y", "content-type", "", "Content-Encoding", encoding),
				Content: response, TimestampEnd: new(1e9 + 1.125),
			},
		}
	}
	for i, size := range []int{0, 1, 999, 1000, 1001, 3000, 4061, 4062, 9000, 70_000} {
		plain := noise(size)
		add(exchange(fmt.Sprint("inline", i), plain, plain, "identity"))
		add(exchange(fmt.Sprint("gzip", i), gzipped(plain), plain, "gzip"))
		f := exchange(fmt.Sprint("reference", i), nil, nil, "gzip")
		f.Request.Body, f.Response.Body = m.ref(plain), m.ref(gzipped(plain))
		add(f)
		f = exchange(fmt.Sprint("decoded", i), plain, nil, "gzip")
		f.Request.Body, f.Response.Body = m.decodedRef(plain), m.decodedRef(plain)
		add(f)
	}
	add(exchange("bare", nil, nil, "br"))
	add(exchange("zeros", []byte{}, gzipped(make([]byte, 100_000)), "gzip"))
	addOthers(m)
	return m
}

// addOthers adds flows that 2018 did not know.
func addOthers(m *inMemory) {
	connections := func(f *flowpb.Flow) *flowpb.Flow {
		cert := bytes.Repeat([]byte("cert"), 1000)
		f.ClientConn = &flowpb.ClientConnection{Id: []byte("c"), Mitmcert: cert, ProxyMode: []byte("regular"), Common: &flowpb.Connection{Tls: new(true)}}
		f.ServerConn = &flowpb.ServerConnection{
			Id: []byte("s"), Cert: cert, Address: &flowpb.Address{Host: []byte("h\xff"), Port: new(int32(443)), ScopeId: new(uint32(3))},
			Via: &flowpb.ServerConnection{Sni: []byte("up\xfe")}, Common: &flowpb.Connection{CertificateList: [][]byte{cert, {}}},
		}
		return f
	}
	for _, f := range []*flowpb.Flow{
		{Id: []byte("ws"), Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{Path: []byte("/")}, Websocket: &flowpb.WebSocket{
			CloseCode: new(int64(1000)), Messages: []*flowpb.WebSocketMessage{
				{Type: new(int32(1)), Content: noise(5000)}, {Body: m.ref(noise(20))}, {Body: m.ref(noise(2000))}, {}, {Content: []byte{}, Dropped: new(true)},
			},
		}},
		{Id: []byte("tcp"), Kind: new(flowpb.Kind_TCP), Messages: []*flowpb.Message{{Content: noise(1001)}, {Body: m.ref(noise(1))}, {FromClient: new(true), Content: noise(2)}}},
		{Id: []byte("udp"), Kind: new(flowpb.Kind_UDP), Messages: []*flowpb.Message{{Content: []byte("\xff\x00")}}},
		{Id: []byte("dns"), Kind: new(flowpb.Kind_DNS), DnsRequest: &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{{Name: []byte("x.test")}}, Timestamp: new(5.5)}},
		{Kind: new(flowpb.Kind_HTTP)},
		{Id: []byte{}, Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{}, Response: &flowpb.HTTPResponse{}},
		{Id: []byte("ws"), Kind: new(flowpb.Kind_TCP), Comment: []byte("same id"), Marker: []byte("★"), Source: new(uint32(2))},
		{Id: []byte("ws~2"), Kind: new(flowpb.Kind_TCP), Comment: []byte{}, Marker: []byte{}, Marked: new(false)},
		{Id: []byte("b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6"), Marker: []byte(":bug:"), Marked: new(true), Kind: new(flowpb.Kind_HTTP), Error: &flowpb.Error{Msg: []byte("lost\xff"), Timestamp: new(3.0)}},
		{Id: []byte("B9A8F13E-7cd1-43d3-a93d-a69c719e3ae6"), Kind: new(flowpb.Kind_HTTP), TimestampCreated: new(-0.1), Request: &flowpb.HTTPRequest{TimestampStart: new(1e300)}},
		{Id: []byte(strings.Repeat("long", 5000)), Kind: new(flowpb.Kind_HTTP), IsReplay: []byte("request"), Request: &flowpb.HTTPRequest{Path: bytes.Repeat([]byte("/x"), 20_000)}},
		{
			Id: []byte("edited"), Kind: new(flowpb.Kind_HTTP), Metadata: &flowpb.Value{Text: []byte("annotations")}, FormatVersion: new(int32(21)),
			Request: &flowpb.HTTPRequest{Content: []byte("now"), Headers: fields("X\xe9", "caf\xe9"), Trailers: &flowpb.Headers{}},
			Backup: &flowpb.Flow{
				Id: []byte("edited"), Source: new(uint32(1)), Request: &flowpb.HTTPRequest{Content: noise(3000)}, Response: &flowpb.HTTPResponse{Body: m.ref(noise(4))},
				ClientConn: &flowpb.ClientConnection{Id: []byte("old")},
				Backup:     &flowpb.Flow{Request: &flowpb.HTTPRequest{Body: m.decodedRef(noise(5))}},
			},
			Har: &flowpb.HAR{Url: []byte("http://x.test/"), Timings: &flowpb.HAR_Timings{Wait: new(1.5)}, Extra: []byte(`{"_x":1}`)},
		},
	} {
		m.Flows = append(m.Flows, f, connections(&flowpb.Flow{Id: f.Id, Kind: f.Kind, Messages: f.Messages}))
	}
}

func TestLaw(t *testing.T) {
	m := everything()
	m.about = map[uint32]*flowpb.About{2: {HarLog: []byte(`{"x":1}`)}}
	m.sources = []session.Source{{Name: "a.har", Format: "har", Size: 12}, {}, {Name: "c.mitm", Format: "mitm", Size: 1 << 40}}
	file := checkLaw(t, m)
	r, _ := listed(t, file)
	if got := string(r.About().GetHarLog()); got != `{"x":1}` {
		t.Errorf("about: %q", got)
	}
	conn := openSQLite(t, file)
	if got := strings.Join(ask(t, conn, "SELECT * FROM source"), " "); got != "0|a.har|har|12|1 1|||0|1 2|c.mitm|mitm|1099511627776|1" {
		t.Errorf("sources: %q", got)
	}
	if got := strings.Join(ask(t, conn, "SELECT flow_id, type, content FROM annotation"), " "); got !=
		"ws~3|comment|same id ws~3|marker|★ b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6|marker|:bug:" {
		t.Errorf("annotations: %q", got)
	}
	// Each connection is there once: all flows share two.
	if got := ask(t, conn, "SELECT count(*) FROM connection"); got[0] != "2" {
		t.Errorf("%s connections", got[0])
	}
	// What was written is written again the same.
	r, l := listed(t, file)
	if again := packedFile(t, l); len(again) == 0 || r.fresh != true {
		t.Error("not written again")
	}
	checkLaw(t, l)
}

func TestLawOfTheCorpus(t *testing.T) {
	for _, name := range []string{
		"captured/captured-8.1.1.mitm", "captured/versions/captured-v21.mitm", "captured/versions/captured-v07.mitm",
		"golden/vectors/flows_v21.mitm", "golden/vectors/session2018.sqlite", "golden/vectors/flows_v21.expected.har",
	} {
		t.Run(name, func(t *testing.T) {
			file := corpus.File(t, name)
			format := map[string]session.Format{".mitm": mitm.Format, ".sqlite": Format, ".har": har.Format}[filepath.Ext(name)]
			r, err := format.Open(context.Background(), blob.Bytes(file))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			l, err := session.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Flows) < 10 {
				t.Fatalf("%d flows", len(l.Flows))
			}
			packed := checkLaw(t, l)
			t.Logf("%d flows, %d bytes packed from %d", len(l.Flows), len(packed), len(file))
		})
	}
}
