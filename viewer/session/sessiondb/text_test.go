package sessiondb

import (
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// TestText: text of a column is UTF-8, in whichever encoding the database has
// it; bytes are as they are.
func TestText(t *testing.T) {
	const text = "ä€ 😀\x00z"
	for _, encoding := range []string{"UTF-8", "UTF-16le", "UTF-16be"} {
		file := build(t, do("PRAGMA encoding = '"+encoding+"'"), do(tables),
			do("INSERT INTO flow VALUES ('a', ?)", stored("a", 1, none, none)),
			do("INSERT INTO body VALUES (7, 'a', 1, ?)", text), do("INSERT INTO body VALUES (8, 'a', 2, ?)", []byte(text)),
			do("INSERT INTO annotation VALUES (1, 'a', 'note', ?)", text), do("INSERT INTO annotation VALUES (2, 'a', 'marker', ?)", []byte(text)),
			do("INSERT INTO annotation VALUES (3, 'a', 'other', 12)"))
		l := list2018(t, file)
		if len(l.flows) != 1 || len(l.issues) > 0 {
			t.Fatalf("%s: %d flows, issues %q", encoding, len(l.flows), l.issues)
		}
		f := l.flows[0]
		checkTexts(t, encoding, l, text)
		pair := f.Metadata.Dict.Pairs[0].Value.List.Items[0].List.Items
		if got := []string{string(f.Comment), string(f.Marker), string(pair[1].Bytes)}; !slices.Equal(got, []string{text, text, "12"}) {
			t.Errorf("%s: annotations %q", encoding, got)
		}
	}
}

func checkTexts(t *testing.T, encoding string, l *listing, want string) {
	t.Helper()
	f := l.flows[0]
	for i, ref := range []*flowpb.Body{f.Request.Body, f.Response.Body} {
		src, err := l.r.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		b, err := blob.ReadAll(src)
		if err != nil || string(b) != want || ref.GetLength() != uint64(len(want)) {
			t.Errorf("%s: body %d is %q of %d bytes, %v, want %q", encoding, i, b, ref.GetLength(), err, want)
		}
	}
}
