package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func TestSpans(t *testing.T) {
	var s spans
	for _, test := range []struct {
		offset, length int64
		ok             bool
	}{
		{10, 10, true}, {10, 10, false}, {0, 10, true}, {20, 5, true}, {19, 1, false}, {24, 1, false}, {5, 100, false}, {-5, 6, false}, {30, 1, true}, {25, 5, true}, {25, 6, false},
	} {
		if ok := s.add(test.offset, test.length); ok != test.ok {
			t.Errorf("%d bytes at %d: %v", test.length, test.offset, ok)
		}
	}
}

// TestSharedContent: of many members that have one content, one is read.
func TestSharedContent(t *testing.T) {
	content := linesMagic + strings.Repeat("flow\n", 20)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var entries []entry
		for _, name := range []string{"a.flow", "b.flow", "c.flow"} {
			entries = append(entries, entry{name, content, method, 0})
		}
		file := zipOf(t, entries...)
		at := bytes.LastIndex(file, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(file[at+42:], 0) // where the list says that the last one lies
		l, err := read(t, file)
		if err != nil || len(l.bodies) != 40 || len(l.issues) != 1 || !strings.Contains(l.issues[0], "c.flow: it lies over another member") {
			t.Errorf("%d flows, %q, %v", len(l.bodies), l.issues, err)
		}
	}
}
