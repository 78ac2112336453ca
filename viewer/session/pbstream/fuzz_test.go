package pbstream

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// seeds are streams of every kind that the tests know.
func seeds(f *testing.F) [][]byte {
	all := [][]byte{
		delimited(kinds()...),
		kinds()[1].Append(nil),
		slices.Concat(delimited(web("a", nil, big)), []byte{0, 0, 0xff, 0xff}, delimited(web("b", []byte("x"), nil))),
		delimited(web("cut", nil, big))[:900],
		delimited(&flowpb.Flow{Id: []byte("edited"), Kind: new(flowpb.Kind_HTTP), Backup: &flowpb.Flow{Id: []byte("edited")}}),
	}
	for i, seed := range all {
		if l := read(f, seed); len(l.Flows)+len(l.Issues) == 0 || Format.Sniff(seed[:min(len(seed), session.SniffLen)]) != nil {
			f.Fatalf("seed %d says nothing", i)
		}
	}
	return all
}

// FuzzReader reads anything: it ends, at the end of the file, references lie
// in the file, and what was read is written and read as the same.
func FuzzReader(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_ = Format.Sniff(file)
		r, err := Format.Open(context.Background(), blob.Bytes(file))
		if err != nil {
			t.Fatal(err)
		}
		list, err := session.ReadAll(r)
		if err != nil || r.Progress() != int64(len(file)) || len(list.Flows)+len(list.Issues) > 2*len(file) {
			t.Fatalf("%d of %d bytes, %d flows, %d issues, %v", r.Progress(), len(file), len(list.Flows), len(list.Issues), err)
		}
		law(t, r, list)
	})
}

func law(t *testing.T, r session.Reader, list *session.List) {
	var out bytes.Buffer
	if err := Writer.Write(context.Background(), &out, list); err != nil {
		t.Fatal(err)
	}
	again, err := session.ReadAll(streamed(t, out.Bytes()))
	if err != nil || len(again.Flows) != len(list.Flows) || len(again.Issues) > 0 {
		t.Fatalf("%d flows read again as %d, %v, %v", len(list.Flows), len(again.Flows), again.Issues, err)
	}
	second := streamed(t, out.Bytes())
	for i, f := range list.Flows {
		load(t, r, f)
		load(t, second, again.Flows[i])
	}
	sameFlows(t, again.Flows, list.Flows)
}

// streamed reads a file as a stream, even if it does not look like one.
func streamed(t *testing.T, file []byte) session.Reader {
	r, err := newReader(context.Background(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	r.single = false
	return r
}

// FuzzFlow: what is read off the wire without its contents is what decoding
// all of it gives.
func FuzzFlow(f *testing.F) {
	for _, flow := range kinds() {
		f.Add(flow.Append(nil))
	}
	if len(kinds()) == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		r := &reader{src: blob.Bytes(message)}
		got, err := r.copier.flow(blob.NewStream(t.Context(), r.src), int64(len(message)))
		var want flowpb.Flow
		if wantErr := want.Unmarshal(message); (err == nil) != (wantErr == nil) && !errors.Is(err, errNested) {
			if err == nil || errors.Is(err, io.EOF) {
				t.Fatalf("%v, want %v", err, wantErr)
			}
		}
		if err != nil {
			return
		}
		load(t, r, got)
		plain(&want, want.Kind == nil)
		sameFlows(t, []*flowpb.Flow{got}, []*flowpb.Flow{&want})
	})
}

// plain makes of a decoded flow what a reader yields.
func plain(f *flowpb.Flow, decoded bool) {
	dropPrivate(f)
	if f.Kind == nil {
		f.Kind = new(flowpb.Kind_HTTP)
	}
	eachBody(f, func(content *[]byte, ref **flowpb.Body) {
		yes := decoded || (*ref).GetDecoded()
		if *ref = nil; *content != nil && yes {
			*ref = &flowpb.Body{Decoded: new(true)}
		}
	})
	if f.Backup != nil {
		plain(f.Backup, decoded)
	}
}
