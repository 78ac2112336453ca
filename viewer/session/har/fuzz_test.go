package har

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// seeds are the files of all producers.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	names, err := filepath.Glob("testdata/*.har*")
	if err != nil {
		f.Fatal(err)
	}
	var all [][]byte
	for _, name := range names {
		if filepath.Ext(name) == ".golden" {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, b)
	}
	if len(all) < 17 {
		f.Fatalf("%d seeds", len(all))
	}
	return all
}

// FuzzReader reads anything. Nothing panics, and reading ends. What a flow
// keeps of the JSON is JSON, a body that is inline is that in the file, and
// bytes that come in drips read the same.
func FuzzReader(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	long := file(simple, strings.Replace(simple, `"request":{`, `"request":{"postData":{"text":"`+strings.Repeat("long", maxInline)+`"},`, 1))
	f.Add(long)
	f.Add(long[:len(long)/2]) // cut in a body that stays in the file
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || len(b) > 8<<10 {
			return
		}
		sniff(b)
		src := playwrightFolder(blob.Bytes(b))
		r, l, err := readAll(t, src)
		if err == nil && len(l.Issues) == 0 && r.Progress() != int64(len(b)) {
			t.Fatalf("read %d of %d bytes", r.Progress(), len(b))
		}
		for _, f := range l.Flows {
			for _, kept := range [][]byte{f.Har.Extra, f.Har.Request, f.Har.Response, f.Har.Cache, f.Har.Initiator, f.Har.Priority, f.Har.ResourceType} {
				if kept != nil && !json.Valid(kept) {
					t.Fatalf("%q is no JSON", kept)
				}
			}
		}
		if about := r.About(); about != nil && !json.Valid(about.HarLog) {
			t.Fatalf("%q is no JSON", about.HarLog)
		}
		whole, dripped := describe(t, src, len(b)), describe(t, src, 5)
		if whole != dripped {
			t.Fatalf("whole:\n%s\nin drips:\n%s", whole, dripped)
		}
		sameScanned(t, "file", src)
	})
}

// FuzzPieces: a body in pieces is the body in memory, however it is cut.
func FuzzPieces(f *testing.F) {
	for _, seed := range []string{`é\ud83d\ude00\"☃\u00e9\ud83dx\udc80\q\u12`, `QUJDRE\/VGR\n0hJ=SktM\u0041Q`} {
		f.Add([]byte(seed), uint8(3))
	}
	f.Fuzz(func(t *testing.T, inside []byte, n uint8) {
		for _, base64 := range []bool{false, true} {
			decode := coder(unescape)
			if base64 {
				decode = debase64
			}
			var got []byte
			for rest, size := inside, int(n); len(rest) > 0; {
				size = min(size, len(rest))
				text, used := decode(nil, rest[:size], size == len(rest))
				if used == 0 { // it needs more at once
					size++
					continue
				}
				again, _ := decode(nil, rest[:used], true)
				if string(again) != string(text) {
					t.Fatalf("%q is %q, and %q alone", rest[:used], text, again)
				}
				got, rest, size = append(got, text...), rest[used:], int(n)
			}
			if want := appendText(nil, inside, base64); string(got) != string(want) {
				t.Fatalf("%q is %q in pieces, %q whole", inside, got, want)
			}
		}
	})
}

var _ session.Describer = (*reader)(nil)
