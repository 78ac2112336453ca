package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
)

// capture is bytes that bodies refer to.
var capture = bytes.Repeat([]byte("0123456789abcdef"), 300_000)

func reference(offset, length uint64) *flowpb.Body {
	return &flowpb.Body{Offset: &offset, Length: &length, Encoding: new(flowpb.Body_RAW)}
}

func openCapture(ref *flowpb.Body) (blob.Source, error) {
	return blob.Section(blob.Bytes(capture), int64(ref.GetOffset()), int64(ref.GetLength()))
}

// withBodies returns a flow whose bodies lie elsewhere: a short one, a longer
// one, one that is encoded, one that was decoded, and one longer than a piece.
func withBodies(i int) *flowpb.Flow {
	f := sample(4 * i)
	f.Request.Body = reference(3, 10)
	f.Response.Body = reference(uint64(i), 2000)
	f.Response.Headers = []*flowpb.HTTPHeader{{Name: []byte("Content-Encoding"), Value: []byte("gzip")}}
	long, decoded := reference(16, 3<<20), reference(1, 1500)
	decoded.Decoded = new(true)
	f.Websocket = &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{
		{Body: long}, {Content: []byte("here")}, {Body: reference(0, 0)}, {Body: decoded}, {Body: &flowpb.Body{Offset: new(uint64(5)), Length: new(uint64(20)), Decoded: new(true)}},
	}}
	f.Backup = &flowpb.Flow{Request: &flowpb.HTTPRequest{Body: reference(32, 1600)}}
	return f
}

func keepAll(t testing.TB, s *Store, flows ...*flowpb.Flow) {
	t.Helper()
	var batch []Kept
	for i, f := range flows {
		batch = append(batch, Kept{key(i), f, Index{Number: int64(i), Summary: flow.Summarize(f)}})
	}
	if n, err := s.Keep(t.Context(), batch, openCapture); err != nil || n > 0 {
		t.Fatalf("%d left out, %v", n, err)
	}
}

func bytesOf(t testing.TB, content []byte, ref *flowpb.Body, open func(*flowpb.Body) (blob.Source, error)) string {
	t.Helper()
	if content != nil || ref == nil {
		return fmt.Sprintf("%t %s", content != nil, content)
	}
	src, err := open(ref)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	return "true " + string(b)
}

// TestKeep: what was kept is what was there, also in another program.
func TestKeep(t *testing.T) {
	name := t.TempDir() + "/kept"
	s, err := Open(t.Context(), Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	want := []*flowpb.Flow{withBodies(0), sample(1), withBodies(2), sample(3)}
	keepAll(t, s, want...)
	if err := s.SetAbout(0, &flowpb.About{HarLog: []byte(`{"version":"1.2"}`)}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), Options{Name: name}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, w := range want {
		_, got, err := s.At(int64(i))
		if err != nil {
			t.Fatal(err)
		}
		given, kept := flow.Bodies(w), flow.Bodies(got)
		for j := range given {
			if got, want := bytesOf(t, *kept[j].Content, *kept[j].Ref, s.Body), bytesOf(t, *given[j].Content, *given[j].Ref, openCapture); got != want {
				t.Errorf("flow %d, body %d: %.60q, want %.60q", i, j, got, want)
			}
			if (*kept[j].Ref).GetDecoded() != (*given[j].Ref).GetDecoded() {
				t.Errorf("flow %d, body %d: decoded is %t", i, j, !(*given[j].Ref).GetDecoded())
			}
			*kept[j].Content, *kept[j].Ref = nil, nil
		}
		w = flow.WithBodies(w)
		for _, b := range flow.Bodies(w) {
			*b.Content, *b.Ref = nil, nil
		}
		w.ClientRef, w.ServerRef = nil, nil
		if string(got.Append(nil)) != string(w.Append(nil)) {
			t.Errorf("flow %d: %v, want %v", i, got, w)
		}
	}
	if got := ask(t, s.conn, "SELECT group_concat(DISTINCT type_id) FROM (SELECT * FROM body ORDER BY type_id)"); got[0] != "0" {
		t.Errorf("bodies of type %s: a response that is encoded is none of 2018", got[0])
	}
	about, err := s.About(0)
	if err != nil || string(about.GetHarLog()) != `{"version":"1.2"}` {
		t.Errorf("about %v, %v", about, err)
	}
	if about, err := s.About(1); about != nil || err != nil {
		t.Errorf("about another source: %v, %v", about, err)
	}
	if n, size, err := s.Stored(); n != 4 || size < 6<<20 || err != nil {
		t.Errorf("%d flows, %d bytes, %v", n, size, err)
	}
}

// TestKeepAllOrNothing: a batch that cannot be kept leaves nothing.
func TestKeepAllOrNothing(t *testing.T) {
	s := memory(t)
	keepAll(t, s, withBodies(0))
	batch := []Kept{{key(1), withBodies(1), row(1)}, {key(2), withBodies(2), row(2)}}
	calls := 0
	_, err := s.Keep(t.Context(), batch, func(ref *flowpb.Body) (blob.Source, error) {
		if calls++; calls == 9 {
			return nil, blob.ErrGone
		}
		return openCapture(ref)
	})
	if !errors.Is(err, blob.ErrGone) || !strings.Contains(err.Error(), "flow "+key(2)) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Keep(ctx, batch, openCapture); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n, _, err := s.Stored(); n != 1 || err != nil {
		t.Errorf("%d flows, %v", n, err)
	}
	if got := ask(t, s.conn, "SELECT count(DISTINCT flow_id) FROM body"); got[0] != "1" {
		t.Errorf("bodies of %s flows", got[0])
	}
	keepAll(t, s, withBodies(0), withBodies(1)) // again, with more
}

// TestBodyElsewhere: what is no body of the store is an error, and ends of one
// are ends.
func TestBodyElsewhere(t *testing.T) {
	s := memory(t)
	keepAll(t, s, withBodies(0))
	if _, err := s.Body(reference(0, 5)); err == nil {
		t.Error("a reference into a file")
	}
	for _, ref := range []*flowpb.Body{{Offset: new(uint64(99))}, {Offset: new(uint64(1)), Length: new(uint64(7))}} {
		ref.Encoding = new(flowpb.Body_ROW)
		src, err := s.Body(ref)
		if err == nil {
			_, err = src.ReadAt(make([]byte, 1), 0)
		}
		if err == nil || err == io.EOF {
			t.Errorf("%v: %v", ref, err)
		}
	}
	_, f, err := s.At(0)
	if err != nil {
		t.Fatal(err)
	}
	src, err := s.Body(f.Response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for offset, want := range map[int64]int{-1: 0, 2000: 0, 1990: 10} {
		if n, err := src.ReadAt(make([]byte, 20), offset); n != want || err != io.EOF {
			t.Errorf("at %d: %d, %v", offset, n, err)
		}
	}
}

// TestList: the index gives back the summaries, all of their texts.
func TestList(t *testing.T) {
	s := memory(t)
	var want []flow.Summary
	var keys []string
	for i := range 2*listed + 7 {
		f := sample(i)
		switch {
		case i == 3:
			f.Comment, f.Marker, f.IsReplay = []byte("c\xff"), []byte(":grapes:"), []byte("request")
		case f.Request != nil && i%3 == 0:
			f.Request.Headers = append(f.Request.Headers, &flowpb.HTTPHeader{Name: []byte("content-type"), Value: []byte{}})
			f.Response.Headers = []*flowpb.HTTPHeader{{Name: []byte("Content-Type"), Value: []byte("A/b")}, {Name: []byte("content-type"), Value: []byte("c\xfe")}}
		case f.Request != nil && i%5 == 0:
			f.Request.Method, f.Request.Host = []byte("CONNECT"), []byte("h\xff")
			f.Request.TimestampStart, f.Response.TimestampEnd = new(1.5), new(1.75)
		}
		x := Index{Number: int64(i), Source: i % 2, Summary: flow.Summarize(f)}
		s.Put(key(i), f, x)
		keys, want = append(keys, key(i)), append(want, x.Summary)
	}
	flush(t, s)
	var parts, n int
	for p, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		parts++
		for i := range p.Keys {
			if p.Keys[i] != keys[n] || !reflect.DeepEqual(p.Summaries[i], want[n]) {
				t.Fatalf("flow %d: %s %+v, want %+v", n, p.Keys[i], p.Summaries[i], want[n])
			}
			n++
		}
	}
	if n != len(want) || parts != 3 {
		t.Errorf("%d flows in %d parts", n, parts)
	}
}

// TestAnnotate: what is said of a flow is in the index, and said once.
func TestAnnotate(t *testing.T) {
	s := memory(t)
	keepAll(t, s, sample(0), sample(1), sample(2))
	for _, a := range []Annotation{{Marker: new(":grapes:"), Comment: new("first")}, {Comment: new("é\x00'")}} {
		if err := s.Annotate(1, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Annotate(2, Annotation{Marker: new(""), Comment: new("")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Annotate(3, Annotation{Marker: new("x")}); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no flow: %v", err)
	}
	got, err := s.Annotations()
	want := map[string]Annotation{key(1): {new(":grapes:"), new("é\x00'")}, key(2): {new(""), new("")}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if got := ask(t, s.conn, "SELECT flow_id, type, typeof(content) FROM annotation ORDER BY 1, 2"); !slices.Equal(got, []string{
		"flow1|comment|blob", "flow1|marker|blob", "flow2|comment|blob", "flow2|marker|blob",
	}) {
		t.Errorf("rows %q", got)
	}
	for p := range s.List(t.Context()) {
		one, two := p.Summaries[1], p.Summaries[2]
		if one.Marker != ":grapes:" || one.Comment != "é\x00'" || !one.Flags.Has(flow.FlagMarked) || two.Marker != "" || two.Comment != "" || two.Flags.Has(flow.FlagMarked) {
			t.Errorf("listed as %+v, %+v", one, two)
		}
	}
}

// endless is a body that is too long to be kept, and is not read.
type endless struct{ blob.Source }

func (endless) Size() int64 { return maxBody + 1 }

func (endless) ReadAt([]byte, int64) (int, error) { panic("it is read") }

// TestKeepTooLong leaves out a body that is too long, and keeps the rest.
func TestKeepTooLong(t *testing.T) {
	s := memory(t)
	f := &flowpb.Flow{Id: []byte("a"), Request: &flowpb.HTTPRequest{Body: &flowpb.Body{Length: new(uint64(maxBody + 1))}}}
	n, err := s.Keep(t.Context(), []Kept{{Key: "a", Flow: f, Index: row(0)}}, func(*flowpb.Body) (blob.Source, error) { return endless{}, nil })
	if err != nil || n != 1 {
		t.Fatalf("%d are left out, %v", n, err)
	}
	if got := ask(t, s.conn, "SELECT count(*) FROM flow"); got[0] != "1" {
		t.Errorf("%s flows are kept", got)
	}
}
