package har

import (
	"bytes"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// A writeSeed is what FuzzWrite makes flows of.
type writeSeed struct {
	name, value, body []byte
	extra             []byte
	binary            bool
}

func writeSeeds(f *testing.F) []writeSeed {
	seeds := []writeSeed{
		{[]byte("content-type"), []byte("text/html; charset=utf-8"), []byte("<p>é\ud7ff"), []byte(`{"time":"1","_x":[1,{"a":null}]}`), false},
		{[]byte("Content-Type"), []byte("text/plain; charset=gbk"), []byte("\xc4\xe3"), []byte(`{"timings":{"send":null},"pageref":1}`), false},
		{[]byte("content-encoding"), []byte("deflate"), []byte("\xcb\x48\xcd\xc9\xc9\x07\x00"), []byte(`{"a":1`), true},
		{[]byte("\xff\"\\"), []byte("\xed\xa0\x80\x00\x1f\u2028"), []byte("\xf0\x9f\x98"), []byte(`{"cache":{"beforeRequest":5},"entries":[]}`), true},
		{nil, nil, nil, nil, false},
		{[]byte("Content-Type"), []byte("a/b; charset=latin1"), bytes.Repeat([]byte("é\xff"), 17_000), []byte(`{"request":7,"response":null}`), false},
	}
	for i, seed := range seeds {
		if len(members(seed.extra)) == 0 && i != 2 && i != 4 {
			f.Fatalf("seed %d has nothing in it", i)
		}
	}
	return seeds
}

// FuzzWrite writes flows of any bytes: as valid HAR, which reads as the same
// flows, and is written as the same file.
func FuzzWrite(f *testing.F) {
	for _, s := range writeSeeds(f) {
		f.Add(s.name, s.value, s.body, s.extra, s.binary)
	}
	f.Fuzz(func(t *testing.T, name, value, body, extra []byte, binary bool) {
		head := []*flowpb.HTTPHeader{{Name: name, Value: value}}
		plain := exchange()
		plain.Request.Headers, plain.Response.Headers = head, head
		plain.Request.Method, plain.Request.Path, plain.Request.Content = []byte("POST"), append([]byte("/"), value...), append([]byte{}, body...)
		plain.Response.Content, plain.Response.Reason, plain.Comment = body, value, name
		plain.Websocket = &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Type: new(int32(1)), FromClient: new(binary), Content: append([]byte{}, body...)}}}
		if binary {
			plain.Websocket.Messages[0].Type = new(int32(2))
		}
		kept := exchange()
		kept.Response.Content = append([]byte{}, body...)
		kept.Har = &flowpb.HAR{Extra: extra, Request: extra, Response: extra, Cache: extra, Priority: value, Started: value, Pageref: value, Url: name}
		c := capture{flows: []*flowpb.Flow{plain, kept}, abouts: map[uint32]string{0: string(extra)}}
		file := written(t, c)
		r, l, err := readAll(t, blob.Bytes(file))
		if err != nil || len(l.Flows) != 2 {
			t.Fatalf("%d flows, %v in %q", len(l.Flows), err, file)
		}
		sameFuzzed(t, c, plain, r, l.Flows[0])
		if again := written(t, l); !bytes.Equal(again, file) && len(members(extra)) == 0 {
			t.Fatalf("written twice, it differs: %s", firstDifference(file, again))
		}
	})
}

// sameFuzzed compares what FuzzWrite put into a flow.
func sameFuzzed(t *testing.T, c capture, a *flowpb.Flow, r *reader, b *flowpb.Flow) {
	t.Helper()
	q, p := b.GetRequest(), b.GetResponse()
	for what, pair := range map[string][2][]byte{
		"request headers":  {flow.HeaderBlock(a.Request.Headers), flow.HeaderBlock(q.GetHeaders())},
		"response headers": {flow.HeaderBlock(a.Response.Headers), flow.HeaderBlock(p.GetHeaders())},
		"reason":           {a.Response.Reason, p.GetReason()},
		"comment":          {a.Comment, b.Comment},
		"request body":     {decoded(t, c, a.Request.Content, nil, a.Request.Headers), bodyBytes(t, r, q.GetContent(), q.GetBody())},
		"response body":    {decoded(t, c, a.Response.Content, nil, a.Response.Headers), bodyBytes(t, r, p.GetContent(), p.GetBody())},
		"message":          {a.Websocket.Messages[0].Content, bodyBytes(t, r, b.Websocket.GetMessages()[0].Content, b.Websocket.Messages[0].Body)},
	} {
		if !bytes.Equal(pair[0], pair[1]) {
			t.Errorf("%s %q became %q", what, pair[0], pair[1])
		}
	}
}
