package bundle

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"regexp"
	"testing"
	"unicode/utf16"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A page in one file holds what it takes to make it again.
func TestWhole(t *testing.T) {
	markup, program := packed(t, "<head>"+StartTag+"</head>"+ProgramMark+SessionsTag+"</body>"), []byte("</script>the program")
	page, err := Whole(markup, program)
	if err != nil {
		t.Fatal(err)
	}
	units := make([]uint16, len(page)/2)
	if err := binary.Read(bytes.NewReader(page), binary.LittleEndian, units); err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`^` + ByteOrderMark + `<head>.*</head><script id="file-program" type="application/gzip">([^<]*)</script>\n<script id="file-markup" type="application/gzip">([^<]*)</script>\n<!--sessions--></body>$`).
		FindStringSubmatch(string(utf16.Decode(units)))
	if found == nil {
		t.Fatalf("the page is %q", string(utf16.Decode(units)))
	}
	part := func(i int) []byte { return decode(utf16.Encode([]rune(found[i]))) }
	again, err := Whole(part(2), part(1))
	if err != nil || !bytes.Equal(again, page) {
		t.Errorf("made again it has %d bytes in the place of %d: %v", len(again), len(page), err)
	}
	if err := HTML(io.Discard, page, Share{}); err != nil {
		t.Error(err)
	}
}

func TestWholeOfDamage(t *testing.T) {
	good := packed(t, ProgramMark)
	for name, markup := range map[string][]byte{
		"nothing": nil, "half": good[:len(good)-6], "no gzip": []byte(ProgramMark), "no place": packed(t, StartTag), "two places": packed(t, ProgramMark+ProgramMark),
	} {
		if _, err := Whole(markup, nil); err == nil {
			t.Errorf("%s was taken for the markup of a page", name)
		}
	}
}
