package sessiondb

import (
	"context"
	"errors"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
)

// TestFindsRemotely counts requests and bytes of the first rows of a session and
// of one of its flows, with its longer body, wherever in the file it lies. All
// trees that a search goes through have three levels. Where what is in front of
// the columns is more than the first request brings, one more brings it.
func TestFindsRemotely(t *testing.T) {
	const most, mostBytes = 6, 1 << 20
	file := written(t, synthetic{flows: 9000})
	for _, tree := range []string{"flow", "body", keyIndex} {
		if depth := depthOf(t, file, tree); depth != 3 {
			t.Errorf("%s has %d levels", tree, depth)
		}
	}
	want, _ := keysOf(t, file)
	var worst, sum int64
	flows := []int{0, 499, 500, 1, 4500, 8998, 8999}
	for n := 250; n < len(want); n += 500 {
		flows = append(flows, n)
	}
	for _, n := range flows {
		src := newRemote(file)
		body := findRemotely(t, src, want, n)
		requests, bytes := src.asked()
		if requests > most || bytes > mostBytes {
			t.Errorf("flow %d, with a body of %d bytes, takes %d requests for %d bytes", n, body, requests, bytes)
		}
		worst, sum = max(worst, requests), sum+requests

		short := remote{&counted{Source: file}, 4 << 10}
		findRemotely(t, short, want, n)
		if more, _ := short.asked(); more != requests+1 {
			t.Errorf("flow %d takes %d requests, and %d where the first is short", n, requests, more)
		}
	}
	t.Logf("%d bytes: a flow takes %.1f requests, %d at the most", file.Size(), float64(sum)/float64(len(flows)), worst)
}

// findRemotely reads the first rows of a session, then a flow by its key, and its
// longer body, of which it returns the length.
func findRemotely(t *testing.T, src remote, keys []string, n int) (body int64) {
	t.Helper()
	r, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, err := range r.List() {
		if err != nil {
			t.Fatal(err)
		}
		break // the first rows
	}
	number, f, err := r.Find(keys[n])
	if err != nil || number != n || flow.ID(f) != keys[n] {
		t.Fatalf("flow %d is found as %d, %v", n, number, err)
	}
	return readLonger(t, r, f)
}

// depthOf returns how many levels a tree has.
func depthOf(t *testing.T, file blob.Source, name string) (depth int) {
	t.Helper()
	r, err := Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s, _, err := r.db.conn.Prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.BindText(1, name); err != nil || !s.Step() {
		t.Fatalf("no tree %s: %v", name, err)
	}
	for number := s.ColumnInt64(0); ; depth++ {
		page := make([]byte, writtenPage)
		if _, err := file.ReadAt(page, (number-1)*writtenPage); err != nil {
			t.Fatal(err)
		}
		if kind(page[0]) == tableLeaf || kind(page[0]) == indexLeaf {
			return depth + 1
		}
		number = int64(page[8])<<24 | int64(page[9])<<16 | int64(page[10])<<8 | int64(page[11])
	}
}

// keysOf returns the keys of a session, in their order, and its flows.
func keysOf(t *testing.T, file blob.Source) (keys []string, flows []flow.Summary) {
	t.Helper()
	r, err := Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for part, err := range r.List() {
		if err != nil {
			t.Fatal(err)
		}
		keys, flows = append(keys, part.Keys...), append(flows, part.Summaries...)
	}
	return keys, flows
}

// readLonger reads the longer body of f, and returns how long it is.
func readLonger(t *testing.T, r *Reader, f *flowpb.Flow) int64 {
	t.Helper()
	ref := f.GetRequest().GetBody()
	if other := f.GetResponse().GetBody(); other.GetLength() > ref.GetLength() {
		ref = other
	}
	if ref == nil {
		return 0
	}
	src, err := r.Body(ref)
	if err == nil {
		_, err = blob.ReadAll(src)
	}
	if err != nil {
		t.Fatal(err)
	}
	return src.Size()
}

// TestFindsWhatIsListed compares what is found by each key with what is listed:
// of flows whose ids repeat too, in files as they are written and as they were.
func TestFindsWhatIsListed(t *testing.T) {
	file := packedFile(t, everything())
	older := refreshed(edited(t, file, do("DELETE FROM flow_nodes WHERE name = ?", keyIndex), do("DELETE FROM flow_columns WHERE name = ?", keyColumn)))
	for name, file := range map[string][]byte{"written": file, "older": older} {
		src := newRemote(blob.Bytes(file))
		r, err := Open(context.Background(), src)
		if err != nil {
			t.Fatal(err)
		}
		keys, summaries := keysOf(t, src)
		repeated := false
		for i, key := range keys {
			number, f, err := r.Find(key)
			if err != nil || number != i {
				t.Fatalf("%s: key %q of flow %d is that of flow %d: %v", name, key, i, number, err)
			}
			listed, err := r.Flow(i)
			if err != nil || !slices.Equal(f.Append(nil), listed.Append(nil)) || flow.Summarize(f).URL != summaries[i].URL {
				t.Errorf("%s: flow %d found is another: %v", name, i, err)
			}
			repeated = repeated || key != flow.ID(f)
		}
		if !repeated {
			t.Errorf("%s: no id repeats", name)
		}
		for _, key := range []string{"", "no", "ws~99", keys[0] + " "} {
			if n, _, err := r.Find(key); !errors.Is(err, session.ErrNoFlow) {
				t.Errorf("%s: key %q is that of flow %d: %v", name, key, n, err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFindsNothingElse: a row whose flow has another id is not what the key
// means, and in a file that was changed keys are not what they were.
func TestFindsNothingElse(t *testing.T) {
	file := packedFile(t, wordy(5))
	for _, test := range []struct {
		file []byte
		want string
	}{
		{refreshed(edited(t, file, do("UPDATE flow SET id = 'x' WHERE id = '4'"), do("UPDATE flow SET id = '4' WHERE id = '3'"))), "sessiondb: key 4: flow 3 has another id"},
		{edited(t, file, do("DELETE FROM flow WHERE id = '1'")), ErrNotPacked.Error()},
	} {
		r, err := Open(context.Background(), blob.Bytes(test.file))
		if err != nil {
			t.Fatal(err)
		}
		if n, _, err := r.Find("4"); err == nil || err.Error() != test.want {
			t.Errorf("found flow %d, %v, want %s", n, err, test.want)
		}
		r.Close()
		if _, _, err := r.Find("4"); !errors.Is(err, errClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}
