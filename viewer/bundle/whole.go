package bundle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
)

// ProgramMark is where the program stands in the markup of a page in one file.
const ProgramMark = `<!--program-->`

// Whole returns the page in one file without a session, which is what [HTML] takes
// for a template. program is both halves of the viewer in one, and markup all the
// rest, both compressed with gzip. The page holds the two as they are given, so
// that it can make others like itself where there is nothing beside it: these are
// the same, byte for byte.
func Whole(markup, program []byte) ([]byte, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(markup))
	if err != nil {
		return nil, fmt.Errorf("bundle: the markup of the page: %w", err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("bundle: the markup of the page: %w", err)
	}
	before, after, ok := strings.Cut(string(text), ProgramMark)
	if !ok || strings.Contains(after, ProgramMark) {
		return nil, errNoStart
	}
	page := bytes.NewBuffer(Encode(ByteOrderMark + before))
	for _, part := range [...]struct {
		id      string
		content []byte
	}{{"file-program", program}, {"file-markup", markup}} {
		page.Write(Encode(fmt.Sprintf(`<script id="%s" type="application/gzip">`, part.id)))
		packed := NewTextWriter(page)
		if _, err := packed.Write(part.content); err != nil {
			return nil, err
		}
		if err := packed.Close(); err != nil {
			return nil, err
		}
		page.Write(Encode("</script>\n"))
	}
	page.Write(Encode(after))
	return page.Bytes(), nil
}
