package archive

import (
	"archive/zip"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

func TestSiblings(t *testing.T) {
	l, err := read(t, zipOf(t,
		deflated("x/a.lines", linesMagic+"@b.png\n@sub/../c.txt\n@/d\n@nowhere\n@../up.txt\n@large\n"),
		deflated("x/b.png", "the png"), deflated("x/c.txt", "stored"), deflated("x/d", "d"),
		entry{name: "up.txt", content: "above", method: zip.Store},
		deflated("b.png", "another png"),
	))
	if want := []string{"the png", "stored", "d", "above"}; err != nil || !slices.Equal(l.bodies, want) {
		t.Errorf("%q, want %q, %v", l.bodies, want, err)
	}
	want := []string{
		`x/a.lines: byte 31: archive: it has no "x/nowhere"`,
		`x/a.lines: byte 51: archive: it has no "x/large"`,
	}
	if !slices.Equal(l.issues, want) {
		t.Errorf("issues %q, want %q", l.issues, want)
	}
}

// TestAttachments takes no member for a capture that is named as a body,
// unless there is nothing else.
func TestAttachments(t *testing.T) {
	body := deflated("resources/"+strings.Repeat("0123abcdef", 4)+".txt", ab)
	log := deflated(strings.Repeat("0123cdef", 4)+".jsonl", ab)
	if l, err := read(t, zipOf(t, body, log, deflated("a.lines", ab))); err != nil || len(l.bodies) != 2 {
		t.Errorf("%q, %v", l.bodies, err)
	}
	if l, err := read(t, zipOf(t, body)); err != nil || len(l.bodies) != 2 {
		t.Errorf("alone: %q, %v", l.bodies, err)
	}
	if l, err := read(t, zipOf(t, deflated("0123", ab), deflated("a.lines", ab))); err != nil || len(l.bodies) != 4 {
		t.Errorf("named otherwise: %q, %v", l.bodies, err)
	}
}

// TestKept reads attachments again and again, from several goroutines: of
// those that were decompressed only so much is kept.
func TestKept(t *testing.T) {
	const each = 20 << 20
	entries := []entry{deflated("a.lines", linesMagic+"@0\n@1\n@2\n@3\n@4\n12345678901234567890\n")}
	for i := range 5 {
		entries = append(entries, deflated(fmt.Sprint(i), strings.Repeat(fmt.Sprint(i), each)))
	}
	file := zipOf(t, entries...)
	r, err := Format([]session.Format{lines}).Open(t.Context(), blob.Bytes(file))
	if err != nil {
		t.Fatal(err)
	}
	list, err := session.ReadAll(r)
	if err != nil || len(list.Issues) > 0 {
		t.Fatal(err, list.Issues)
	}
	var all sync.WaitGroup
	for i, f := range list.Flows[:5] {
		all.Go(func() {
			src, err := r.Body(f.Response.Body)
			if err != nil || src.Size() != each {
				t.Errorf("attachment %d: %v", i, err)
				return
			}
			p := make([]byte, 3)
			if _, err := src.ReadAt(p, each-3); err != nil || string(p) != strings.Repeat(fmt.Sprint(i), 3) {
				t.Errorf("attachment %d is %q, %v", i, p, err)
			}
		})
	}
	all.Wait()
	d := r.(*reader).opened[0].Reader.(*lineReader).src.(inFolder).folder
	held := int64(0)
	for _, u := range d.kept {
		held += u.size
	}
	if held > keep || len(d.kept) != keep/each {
		t.Errorf("%d attachments of %d bytes are kept", len(d.kept), held)
	}
}
