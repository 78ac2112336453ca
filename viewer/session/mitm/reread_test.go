package mitm

import (
	"context"
	"errors"
	"io"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// scanned is what a Scan yields, encoded at once: the flow itself does not last.
type scanned struct {
	flow  string
	at    session.Place
	pair  bool // of two records
	issue string
}

func scanAll(t *testing.T, r *reader) (all []scanned) {
	t.Helper()
	for {
		f, at, err := r.Scan()
		var issue *session.Issue
		switch {
		case err == io.EOF:
			return all
		case errors.As(err, &issue):
			all = append(all, scanned{issue: issue.Error()})
		case err != nil:
			t.Fatal(err)
		default:
			all = append(all, scanned{flow: string(f.Append(nil)), at: at, pair: f.Websocket != nil && f.GetFormatVersion() <= lastApart || isHandshake(f.Metadata)})
		}
	}
}

// sameScanned compares what Scan yields with what Next yields, and each flow
// with what is read again where it lies. Only the two records of a WebSocket
// lie apart.
func sameScanned(t *testing.T, src blob.Source, whole int64) {
	t.Helper()
	flows, issues := collect(t, newReader(context.Background(), src, whole))
	r := newReader(context.Background(), src, whole)
	walker := session.Walk(r)
	var n, refused int
	for _, s := range scanAll(t, r) {
		if s.issue != "" {
			same(t, "issue", s.issue, issues[refused].Error())
			refused++
			continue
		}
		same(t, "flow", s.flow, string(flows[n].Append(nil)))
		n++
		if s.at == (session.Place{}) {
			same(t, "lies apart", true, s.pair)
			continue
		}
		f, err := r.Reread(s.at)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "flow read again", string(f.Append(nil)), s.flow)
		walked, err := walker.At(s.at)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "flow walked to", string(walked.Append(nil)), s.flow)
		sameBodies(t, r, walker, walked)
	}
	same(t, "flows", n, len(flows))
	same(t, "issues", refused, len(issues))
}

// sameBodies compares the bodies of a flow that was walked to with those that
// others read.
func sameBodies(t *testing.T, r *reader, w session.Walker, f *flowpb.Flow) {
	t.Helper()
	for _, ref := range []*flowpb.Body{f.GetRequest().GetBody(), f.GetResponse().GetBody(), f.GetBackup().GetResponse().GetBody()} {
		if ref == nil {
			continue
		}
		src, err := r.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		want, err := blob.ReadAll(src)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Bytes(ref)
		if err != nil || string(got) != string(want) {
			t.Errorf("body of %d bytes, want %d, %v", len(got), len(want), err)
		}
	}
}

// TestScan holds every dump of the corpus to that.
func TestScan(t *testing.T) {
	for _, test := range dumps {
		t.Run(test.file, func(t *testing.T) {
			src := blob.Bytes(corpus.File(t, test.file))
			for _, whole := range []int64{maxWhole, 0} {
				sameScanned(t, src, whole)
			}
		})
	}
}

// TestRereadElsewhere: a place that is not one is an error.
func TestRereadElsewhere(t *testing.T) {
	dump := sample()
	size := int64(len(dump))
	for _, whole := range []int64{maxWhole, 0} {
		r := newReader(context.Background(), blob.Bytes([]byte(dump)), whole)
		for _, at := range []session.Place{{}, {Offset: -1, Length: 5}, {Offset: size, Length: 1}, {Offset: 1, Length: size}, {Offset: 3, Length: 10}, {Length: size - 1}} {
			if f, err := r.Reread(at); err == nil && at.Length != size-1 {
				t.Errorf("%v is %v", at, f)
			}
			if f, err := session.Walk(r).At(at); err == nil && at.Length != size-1 {
				t.Errorf("%v is %v to a walker", at, f)
			}
		}
	}
}

// TestRereadGone: a file that became shorter is gone.
func TestRereadGone(t *testing.T) {
	dump := sample()
	r := newReader(context.Background(), blob.Bytes([]byte(dump)), maxWhole)
	at := scanAll(t, r)[0].at
	r.cached = gone{blob.Bytes([]byte(dump))}
	if _, err := r.Reread(at); !errors.Is(err, blob.ErrGone) {
		t.Error(err)
	}
}
