package mitm

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// seeds are dumps of every kind that the tests know.
func seeds(f *testing.F) []string {
	all := []string{
		sample(),
		tnet(oldDict("a", dict{"websocket", true})) + tnet(socketDict("s", "a")) + tnet(socketDict("s", "b")),
		tnet(httpDict("a", nil, []byte{}).with("version", 99)) + "zzz" + tnet(tcpDict("b", "1")),
		sample()[:len(sample())-20],
		strings.Replace(sample(), "4:type;3:tcp;", "4:type;3:udp;", 1),
		olderSocket(timelessSocket("a"), 3) + tnet(older(timelessDict("b").with("backup", older(timelessDict("c"), oldest)), 9)),
		"garbage" + tnet(older(timelessDict("a").with("response", nil), zero+15)),
	}
	for format := oldest; format < newest; format++ {
		all = append(all, tnet(older(timelessDict("a"), format))+tnet(older(timelessTCP("b"), format)))
	}
	for _, dump := range all {
		if flows, issues := collect(f, open(blob.Bytes([]byte(dump)))); len(flows)+len(issues) == 0 {
			f.Fatal("a seed says nothing")
		}
	}
	return all
}

// FuzzReader reads anything. Nothing panics, every byte is passed, and
// references lie in the file.
func FuzzReader(f *testing.F) {
	for _, dump := range seeds(f) {
		f.Add([]byte(dump), false)
		f.Add([]byte(dump), true)
	}
	f.Fuzz(func(t *testing.T, dump []byte, skeletons bool) {
		whole := int64(maxWhole)
		if skeletons {
			whole = 0
		}
		r := newReader(context.Background(), blob.Bytes(dump), whole)
		flows, _ := collect(t, r)
		for _, f := range flows {
			for _, ref := range bodies(f) {
				content(t, r, nil, ref)
			}
		}
		if r.Progress() != int64(len(dump)) {
			t.Fatalf("read %d of %d bytes", r.Progress(), len(dump))
		}
		sameScanned(t, blob.Bytes(dump), whole)
	})
}

// FuzzSkeleton: what a record reads as by its skeleton, it reads as in place.
// Skeletons may refuse more: they look at parts that a type of flow has no use
// for. An element of tagRef is left out: a skeleton does not mind one whose
// value nobody looks at.
func FuzzSkeleton(f *testing.F) {
	for _, dump := range seeds(f) {
		f.Add([]byte(dump))
	}
	f.Fuzz(func(t *testing.T, dump []byte) {
		large, largeRole, err := newReader(context.Background(), blob.Bytes(dump), 0).read()
		if err != nil || bytes.IndexByte(dump, tagRef) >= 0 {
			return
		}
		small, smallRole, err := newReader(context.Background(), blob.Bytes(dump), maxWhole).read()
		if err != nil || smallRole != largeRole || !bytes.Equal(small.Append(nil), large.Append(nil)) {
			t.Fatalf("%v by its skeleton; in place %v, %v", large, small, err)
		}
	})
}

// FuzzTnetstring: what reads as a value is written as the same value.
func FuzzTnetstring(f *testing.F) {
	for _, seed := range []string{
		"0:~", "4:true!", "5:12345#", "3:1.5^", "2:\x00\xff,", "3:★;", "0:}", "12:1:1#0:~0:]0:}]", tnet(tcpDict("a", "b")),
		"51:5:hello,39:11:12345678901#4:this,4:true!0:~4:\x00\x00\x00\x00,]}",
		"51:11:12345678901#4:this,8:true!0:~,4:true!0:]4:\x00,~}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decodeValue(b)
		if err != nil {
			return
		}
		written := tnet(plainInts(plain(v)))
		again, err := decodeValue([]byte(written))
		if err != nil {
			t.Fatalf("%q was written as %q: %v", b, written, err)
		}
		if got := tnet(plainInts(plain(again))); got != written {
			t.Fatalf("%q, then %q", written, got)
		}
		if len(b) > 0 && bytes.HasSuffix(b, []byte{tagRef}) {
			t.Fatalf("%q is a reference", b)
		}
	})
}
