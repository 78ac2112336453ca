package archive

import (
	"archive/zip"
	"slices"
	"strings"
	"testing"
)

// TestBesideACapture: what bears the name of a capture and cannot be read is
// told, though others can; what is only packed once more is read.
func TestBesideACapture(t *testing.T) {
	file := zipOf(t,
		deflated("a.lines", ab),
		entry{"b.har", linesMagic + "a secret that nobody can read\n", zip.Deflate, 1},
		deflated("c.mitm", "this is neither a dump nor anything else"),
		deflated("notes.txt", "nobody would take this for a capture"),
		deflated("d.har.gz", string(pack(t, gzipped, linesMagic+"what was packed twice\n"))),
		deflated("0123456789abcdef0123456789abcdef.gz", string(pack(t, gzipped, linesMagic+"a body of somebody\n"))),
	)
	l, err := read(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"first of the two lines", "second", "what was packed twice"}; !slices.Equal(l.bodies, want) {
		t.Errorf("read %q, want %q", l.bodies, want)
	}
	if len(l.issues) != 2 || l.issues[0] != "b.har: it is encrypted" || !strings.HasPrefix(l.issues[1], "c.mitm: no known capture format") {
		t.Errorf("issues %q", l.issues)
	}
}
