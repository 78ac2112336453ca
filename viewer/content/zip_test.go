package content

import (
	"archive/zip"
	"bytes"
	"testing"
)

func TestZIP(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  string
	}{
		{nil, "(empty zip file)"},
		{[]string{"a.txt", "dir/", "dir/b: c.txt", "123", "nl\nx", "yes"}, "- a.txt\n- dir/\n- 'dir/b: c.txt'\n- '123'\n- \"nl\\nx\"\n- yes\n"},
		{[]string{"é.txt", "\x82.txt"}, "- é.txt\n- é.txt\n"},
		{[]string{"../../etc/passwd", ""}, "- ../../etc/passwd\n- ''\n"},
	} {
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		for _, name := range test.names {
			if _, err := w.CreateHeader(&zip.FileHeader{Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := shown(zipView(), Metadata{}, archive.String()); got != test.want {
			t.Errorf("%q: %q, want %q", test.names, got, test.want)
		}
		if got := shown(zipView(), Metadata{}, archive.String()[:archive.Len()-1]); got[0] != '[' {
			t.Errorf("%q, cut off: %q", test.names, got)
		}
	}
	if v := choose(Describe("application/zip"), []byte("PK")); v.Name != "zip archive" {
		t.Errorf("auto takes %s", v.Name)
	}
}
