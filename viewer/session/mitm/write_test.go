package mitm

import (
	"bytes"
	"context"
	"os"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// rewritten reads a dump and writes what was read.
func rewritten(t testing.TB, dump []byte) []byte {
	t.Helper()
	r := open(blob.Bytes(dump))
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return writtenDump(t, l)
}

func writtenDump(t testing.TB, flows session.Flows) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Writer.Write(context.Background(), &out, flows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sameBytes fails unless got is want, and shows where they differ.
func sameBytes(t testing.TB, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	around := func(b []byte) []byte { return b[max(0, min(i-100, len(b))):min(i+100, len(b))] }
	t.Fatalf("%d bytes, want %d; they differ at byte %d:\n%q\nwant\n%q", len(got), len(want), i, around(got), around(want))
}

// TestWriteIdentical: what mitmproxy wrote in the newest format is written byte
// for byte as it was.
func TestWriteIdentical(t *testing.T) {
	shop, err := os.ReadFile("../../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("shop.mitm", func(t *testing.T) { sameBytes(t, rewritten(t, shop), shop) })
	for _, name := range []string{newestDump, "golden/vectors/flows_v21.mitm", "mitmproxy/flows/corrupted_gzip_body.mitm"} {
		t.Run(name, func(t *testing.T) {
			dump := corpusFile(t, name)
			sameBytes(t, rewritten(t, dump), dump)
		})
	}
}
