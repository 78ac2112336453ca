package pbstream

import (
	"bytes"
	"context"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

var big = bytes.Repeat([]byte("0123456789"), 500)

// web is a flow with a request and a response of these contents.
func web(id string, request, response []byte) *flowpb.Flow {
	return &flowpb.Flow{
		Kind: new(flowpb.Kind_HTTP), Id: []byte(id),
		Request: &flowpb.HTTPRequest{
			Method: []byte("POST"), Host: []byte("shop.test"), Path: []byte("/"), Content: request,
			Trailers: &flowpb.Headers{Fields: []*flowpb.HTTPHeader{{Name: []byte("a"), Value: []byte("b")}}},
		},
		Response: &flowpb.HTTPResponse{StatusCode: new(int32(200)), Content: response},
	}
}

// kinds is a flow of each kind, with long and short contents everywhere.
func kinds() []*flowpb.Flow {
	socket := web("socket", nil, []byte{})
	socket.Websocket = &flowpb.WebSocket{CloseCode: new(int64(1000)), Messages: []*flowpb.WebSocketMessage{
		{Type: new(int32(1)), FromClient: new(true), Content: []byte("short"), Timestamp: new(1.5)},
		{Type: new(int32(2)), Content: big},
	}}
	edited := web("edited", []byte("new"), big)
	edited.Backup = web("edited", big, []byte("old"))
	full := web("full", big, big)
	full.ClientConn = &flowpb.ClientConnection{Id: []byte("c"), Sni: []byte("shop.test")}
	full.Metadata = &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{{Key: &flowpb.Value{Text: []byte("k")}, Value: &flowpb.Value{Number: new(2.5)}}}}}
	full.Har = &flowpb.HAR{Initiator: []byte("{}"), Extra: bytes.Repeat([]byte(" "), 5000)}
	return []*flowpb.Flow{
		web("plain", []byte("q"), []byte("p")), full, socket, edited,
		{Kind: new(flowpb.Kind_TCP), Id: []byte("tcp"), Messages: []*flowpb.Message{
			{FromClient: new(true), Content: []byte{}}, {Content: big}, {},
		}},
		{Kind: new(flowpb.Kind_DNS), Id: []byte("dns"), DnsRequest: &flowpb.DNSMessage{Id: new(int32(7)), Query: new(true)}},
	}
}

func delimited(flows ...*flowpb.Flow) []byte {
	var b []byte
	for _, f := range flows {
		b = protowire.AppendBytes(b, f.Append(nil))
	}
	return b
}

func open(t testing.TB, file []byte) session.Reader {
	t.Helper()
	r, err := Format.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// listing is what a file holds, with all contents in their flows.
type listing struct {
	*session.List
	referred int // how many contents were references
}

func read(t testing.TB, file []byte) listing {
	t.Helper()
	r := open(t, file)
	list, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if r.Progress() != int64(len(file)) {
		t.Errorf("progress at the end is %d of %d bytes", r.Progress(), len(file))
	}
	l := listing{List: list}
	for _, f := range list.Flows {
		l.referred += load(t, r, f)
	}
	return l
}

// load puts contents in place of references, of which it leaves whether they
// are decoded.
func load(t testing.TB, r session.Reader, f *flowpb.Flow) (referred int) {
	t.Helper()
	eachBody(f, func(content *[]byte, ref **flowpb.Body) {
		if *ref == nil {
			return
		}
		src, err := r.Body(*ref)
		if err != nil {
			t.Fatal(err)
		}
		b, err := blob.ReadAll(src)
		if err != nil || uint64(len(b)) != (*ref).GetLength() {
			t.Fatalf("%d bytes of %d, %v", len(b), (*ref).GetLength(), err)
		}
		if *content == nil {
			referred++
		} else if !bytes.Equal(*content, b) || !(*ref).GetDecoded() {
			t.Errorf("content %.20q beside a reference to %.20q", *content, b)
		}
		*content = b
		if !(*ref).GetDecoded() {
			*ref = nil
			return
		}
		*ref = &flowpb.Body{Decoded: new(true)}
	})
	if f.Backup != nil {
		referred += load(t, r, f.Backup)
	}
	return referred
}

func (l listing) issues() (texts []string) {
	for _, i := range l.Issues {
		texts = append(texts, i.Error())
	}
	return texts
}

func (l listing) ids() (ids []string) {
	for _, f := range l.Flows {
		ids = append(ids, string(f.Id))
	}
	return ids
}

func sameFlows(t *testing.T, got, want []*flowpb.Flow) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d flows, want %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(got[i].Append(nil), want[i].Append(nil)) {
			t.Errorf("flow %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}
