package redact

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// Pieces are all of the bytes, bounded, and each goes on in the last one.
func TestPieces(t *testing.T) {
	const longest = 1000
	for name, b := range map[string][]byte{
		"one word":   bytes.Repeat([]byte("%41"), 4<<20),
		"words":      bytes.Repeat([]byte("some words, "), 1<<20),
		"long words": bytes.Repeat([]byte(strings.Repeat("x", 3<<20)+" "), 4),
		"short":      []byte("short"),
		"empty":      nil,
	} {
		end, n := 0, 0
		eachPiece(piece{b: b, whole: true}, longest, func(p piece) {
			from := end
			if n > 0 {
				from -= spread * longest
			}
			if from+len(p.b) > len(b) || !bytes.Equal(p.b, b[from:from+len(p.b)]) {
				t.Fatalf("%s: piece %d is not what follows", name, n)
			}
			if p.whole != (n == 0) || p.cut && parts(b[from-1]) {
				t.Errorf("%s: piece %d is whole %v, cut %v", name, n, p.whole, p.cut)
			}
			if len(p.b) > pieceSize+longestWord {
				t.Errorf("%s: piece %d has %d bytes", name, n, len(p.b))
			}
			end = from + len(p.b)
			n++
		})
		if end != len(b) {
			t.Errorf("%s: of %d bytes %d are in pieces", name, len(b), end)
		}
	}
}

const planted = "pl4nted/Secret+Value?"

func watching() *Watch {
	r := New(Policy{})
	r.known.add(Fields, planted, prefix+"field-1", false)
	return r.Watch()
}

// What it takes to look through escapes within escapes is in all a few times what
// is looked at, however many they are.
func TestWatchAllocates(t *testing.T) {
	const size = 4 << 20
	for _, unit := range []string{"%2541", "%2541b ", `\u0041`, "&amp;#65;"} {
		b := bytes.Repeat([]byte(unit), size/len(unit))
		w := watching()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w.layers(b, "", 0)
		runtime.ReadMemStats(&after)
		if w.err != nil {
			t.Errorf("%s: %v", unit, w.err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4*size {
			t.Errorf("%s: %d MB were looked through with %d MB", unit, size>>20, took>>20)
		}
	}
}

// everyByte escapes all bytes of a text, so that no finder knows it as it stands.
func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

// A value that lies across the end of a piece is found, in layers of escapes and in
// Base64 whose begin is far away.
func TestWatchFindsAcrossPieces(t *testing.T) {
	text := everyByte(everyByte(planted))
	plain := bytes.Repeat([]byte("plain text "), (pieceSize+len(text))/10)
	for at := pieceSize - len(text) - 5; at < pieceSize+10; at += 7 {
		b := append(append(bytes.Clone(plain[:at]), text...), plain[at:]...)
		w := watching()
		if w.layers(b, "", 0); w.err == nil {
			t.Fatalf("it is not found at %d", at)
		}
	}
	// Base64 with escapes in it, of a word longer than a piece.
	const border = pieceSize + longestWord
	inner := base64.RawStdEncoding.EncodeToString([]byte("filler???///" + everyByte(planted) + "???filler"))
	if !strings.Contains(inner, "/") {
		t.Fatal("there is nothing to escape")
	}
	for _, at := range []int{0, border * 3 / 4, border - 40, border, border + 40} {
		b := append(append([]byte(" "), bytes.Repeat([]byte("QUJD"), at/4)...), inner...)
		w := watching()
		if w.layers(bytes.ReplaceAll(b, []byte("/"), []byte(`\/`)), "", 0); w.err == nil {
			t.Errorf("it is not found in a word %d bytes behind its begin", at)
		}
	}
}
