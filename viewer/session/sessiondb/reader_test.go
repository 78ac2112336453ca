package sessiondb

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// stored is a flow as the writer of 2018 would have stored it. nil content is
// absent.
func stored(id string, start float64, request, response []byte) []byte {
	f := &flowpb.Flow{
		Id:      []byte(id),
		Request: &flowpb.HTTPRequest{Method: []byte("GET"), Host: []byte("shop.test"), Content: request, TimestampStart: &start},
	}
	if response != nil {
		f.Response = &flowpb.HTTPResponse{StatusCode: new(int32(200)), Content: response}
	}
	return f.Append(nil)
}

func flowRow(id string, content []byte) statement {
	return do("INSERT INTO flow (id, content) VALUES (?, ?)", id, content)
}

func bodyOf(id string, kind int, content []byte) statement {
	return do("INSERT INTO body (flow_id, type_id, content) VALUES (?, ?, ?)", id, kind, content)
}

func note(id, kind, content string) statement {
	return do("INSERT INTO annotation (flow_id, type, content) VALUES (?, ?, ?)", id, kind, []byte(content))
}

// TestForeignBodies shows that references which a file brings along lead
// nowhere: they could name any other file that is open.
func TestForeignBodies(t *testing.T) {
	ref := func() *flowpb.Body { return &flowpb.Body{Source: new(uint32(3)), Length: new(uint64(9))} }
	inner := &flowpb.Flow{Messages: []*flowpb.Message{{Body: ref()}}}
	f := &flowpb.Flow{
		Id:        []byte("f"),
		Request:   &flowpb.HTTPRequest{Body: ref()},
		Response:  &flowpb.HTTPResponse{Content: []byte("here"), Body: ref()},
		Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Body: ref()}}},
		Backup:    inner,
	}
	l := list2018(t, build(t, do(tables), flowRow("f", f.Append(nil))))
	if want := []string{"row 1: 3 bodies lie in another file"}; !slices.Equal(l.issues, want) {
		t.Errorf("issues %q, want %q", l.issues, want)
	}
	got := l.byID["f"]
	if got.Request.Body != nil || got.Websocket.Messages[0].Body != nil || got.Backup.Messages[0].Body != nil {
		t.Error("a reference was kept")
	}
	if b := l.response(t, "f"); string(b) != "here" {
		t.Errorf("response %q", b)
	}
}

// TestConnections reads the connections of a file that package store wrote.
func TestConnections(t *testing.T) {
	client := (&flowpb.ClientConnection{Id: []byte("client"), Sni: []byte("shop.test")}).Append(nil)
	f := func(id string, client, server uint64) statement {
		return flowRow(id, (&flowpb.Flow{Id: []byte(id), ClientRef: &client, ServerRef: &server}).Append(nil))
	}
	l := list2018(t, build(t, do(tables), do("CREATE TABLE connection (id INTEGER PRIMARY KEY, content BLOB)"),
		do("INSERT INTO connection VALUES (1, ?)", client), do("INSERT INTO connection VALUES (2, x'')"),
		do("INSERT INTO connection VALUES (3, x'ff')"), f("good", 1, 2), f("bad", 3, 4)))
	good, bad := l.byID["good"], l.byID["bad"]
	if string(good.ClientConn.GetSni()) != "shop.test" || good.ServerConn == nil || good.ClientRef != nil || bad.ServerRef != nil || bad.ClientConn != nil {
		t.Errorf("client %v, server %v", good.ClientConn, good.ServerConn)
	}
	want := []string{"row 2: connection 3: flow.ClientConnection: field 0: unexpected EOF", "row 2: connection 4: it is listed but not there"}
	if !slices.Equal(l.issues, want) {
		t.Errorf("issues %q, want %q", l.issues, want)
	}
}

func TestRefused(t *testing.T) {
	good := build(t, do(tables))
	wal := build(t, do("PRAGMA journal_mode = wal"), do("CREATE TABLE t (x)"))
	wal = append([]byte(nil), wal[:4096]...)
	clear(wal[100:]) // as if all else were still in the -wal file
	copy(wal[100:], []byte{13, 0, 0, 0, 0, 0x10, 0})
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"other tables", build(t, do("CREATE TABLE a (x); CREATE TABLE flow (x)")), "sessiondb: not a session database: it has the tables a, flow, and neither flow, body and annotation nor FLOWS"},
		{"case", build(t, do("CREATE TABLE Flow (x); CREATE TABLE body (x); CREATE TABLE annotation (x)")), "sessiondb: table flow: "},
		{"views", build(t, do("CREATE TABLE flow (x); CREATE TABLE body (x); CREATE VIEW annotation AS SELECT 1")), "it has the tables body, flow, and neither"},
		{"columns", build(t, do("CREATE TABLE flow (x); CREATE TABLE body (x); CREATE TABLE annotation (x)")), "table flow: "},
		{"handler", build(t, do("CREATE TABLE FLOWS (id INTEGER PRIMARY KEY, content BLOB)")), "sessiondb: table FLOWS: "},
		{"no tables", build(t, do("CREATE TABLE x (x); DROP TABLE x")), "no tables"},
		{"wal", wal, "-wal file"},
		{"text", []byte(strings.Repeat("text ", 100)), "does not begin"},
		{"short", good[:50], "header is cut"},
		{"schema", func() []byte { b := bytes.Clone(good); clear(b[100:4096]); return b }(), "malformed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := Open(context.Background(), blob.Bytes(test.file))
			if err == nil {
				r.Close()
				t.Fatal("it opened")
			}
			if !strings.HasPrefix(err.Error(), "sessiondb: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestSniff(t *testing.T) {
	good := build(t, do(tables))[:session.SniffLen]
	if err := Format.Sniff(good); err != nil {
		t.Error(err)
	}
	for _, change := range []func(b []byte) []byte{
		func(b []byte) []byte { b[3] = 'x'; return b },
		func(b []byte) []byte { return b[:99] },
		func(b []byte) []byte { b[16], b[17] = 0, 2; return b },
		func(b []byte) []byte { b[16], b[17] = 3, 0; return b },
		func(b []byte) []byte { b[22] = 33; return b },
	} {
		if err := Format.Sniff(change(bytes.Clone(good))); err == nil {
			t.Error("a bad header was accepted")
		}
	}
}

// TestWAL opens a database that was in use when it was copied.
func TestWAL(t *testing.T) {
	l := list2018(t, build(t, do("PRAGMA journal_mode = wal"), do(tables), flowRow("a", stored("a", 1, none, none))))
	if len(l.flows) != 1 || len(l.issues) != 1 || !strings.HasPrefix(l.issues[0], "header: ") {
		t.Errorf("%d flows, issues %q", len(l.flows), l.issues)
	}
}

// TestCut opens databases that end too early: flows before the cut are there.
func TestCut(t *testing.T) {
	statements := []statement{do(tables)}
	for i := range 200 {
		id := fmt.Sprint("flow", i)
		statements = append(statements, flowRow(id, stored(id, float64(i), none, bytes.Repeat([]byte("x"), 900))))
	}
	whole := build(t, statements...)
	last := 0
	for _, size := range []int{len(whole) / 4, len(whole) / 2, len(whole) - 5000} {
		l := list2018(t, whole[:size])
		if len(l.flows) <= last || len(l.flows) == 200 {
			t.Errorf("%d of %d bytes: %d flows", size, len(whole), len(l.flows))
		}
		last = len(l.flows)
		if len(l.issues) < 2 || !strings.HasPrefix(l.issues[0], fmt.Sprintf("byte %d: the file is cut", size)) {
			t.Errorf("issues %q", l.issues)
		}
	}
}

// TestNoFlow: a row that is no flow is an issue.
func TestNoFlow(t *testing.T) {
	l := list2018(t, build(t, do(tables), do("INSERT INTO flow VALUES ('a', x'ff')")))
	if len(l.flows) != 0 || len(l.issues) == 0 {
		t.Errorf("%d flows, issues %q", len(l.flows), l.issues)
	}
}

func TestBadReferences(t *testing.T) {
	l := list2018(t, oddities(t))
	for _, ref := range []*flowpb.Body{
		{},
		{Encoding: new(flowpb.Body_JSON)},
		{Encoding: new(flowpb.Body_ROW), Offset: new(uint64(999))},
		{Encoding: new(flowpb.Body_ROW), Offset: new(uint64(4))}, // NULL
		{Encoding: new(flowpb.Body_INLINE), Offset: new(uint64(999))},
		{Encoding: new(flowpb.Body_INLINE), Offset: new(uint64(9 << 1))}, // damaged
	} {
		if _, err := l.r.Body(ref); err == nil {
			t.Errorf("%v has a body", ref.Append(nil))
		}
	}
}
