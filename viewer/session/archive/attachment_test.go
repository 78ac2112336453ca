package archive

import (
	"archive/zip"
	"strings"
	"testing"
)

// TestLargeAttachment: a member that says that it is too large is not decompressed.
func TestLargeAttachment(t *testing.T) {
	f := &zip.File{FileHeader: zip.FileHeader{Name: "film.mp4", Method: zip.Deflate, UncompressedSize64: maxAttachment + 1}}
	s := inFolder{folder: &folder{files: map[string]*zip.File{"film.mp4": f}}}
	if _, err := s.Sibling("film.mp4"); err == nil || !strings.Contains(err.Error(), "268435457 bytes are too many to be decompressed: unpack the archive, and open the folder as a zip without compression") {
		t.Errorf("%v", err)
	}
	f.UncompressedSize64--
	if _, err := s.Sibling("film.mp4"); err != nil {
		t.Errorf("one that is not too large: %v", err)
	}
}
