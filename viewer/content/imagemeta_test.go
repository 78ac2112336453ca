package content

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

// TestImageMetadata compares with what mitmproxy reads of the same pictures.
func TestImageMetadata(t *testing.T) {
	const (
		author      = "Willem A.J. van Schaik\n(willem@schaik.com)"
		copyright   = "Copyright Willem van Schaik, Singapore 1995-96"
		description = "A compilation of a set of images created to test the\nvarious color-types of the PNG format. Included are\n" +
			"black&white, color, paletted, with alpha channel, with\ntransparency formats. All bit-depths allowed according\n" +
			"to the spec are present."
		software = `Created on a NeXTstation color using "pnmtopng".`
	)
	icon := func(side string) string {
		const indent = "\n                  "
		return "Size: " + side + " x " + side + indent + "Bits per pixel: 24" + indent + "PNG: False"
	}
	png := []string{"Format", "Portable network graphics", "Size", "32 x 32 px", "gamma"}
	jpeg := []string{"Format", "JPEG (ISO 10918)", "jfif_version", "(1, 1)", "jfif_density"}
	gif := []string{"Format", "Compuserve GIF", "Version", "GIF89a", "Size"}
	for name, want := range map[string][]string{
		"image_parser/ct0n0g04.png": append(png, "1.0"),
		"image_parser/g07n0g16.png": append(png, "0.7"),
		"image_parser/ct1n0g04.png": append(png, "1.0", "Title", "PngSuite", "Author", author, "Copyright", copyright,
			"Description", description, "Software", software, "Disclaimer", "Freeware."),
		"image_parser/ctzn0g04.png": append(png, "1.0", "Title", "PngSuite", "Author", author, "Copyright", copyright,
			"Description", description, "Software", software, "Disclaimer", "Freeware."),
		"image_parser/cten0g04.png": append(png, "1.0", "Title", "PngSuite", "Author", strings.Replace(author[:6]+author[11:], "\n", " ", 1),
			"Copyright", "Copyright Willem van Schaik, Canada 2011", "Description", strings.ReplaceAll(description, "\n", " "),
			"Software", software, "Disclaimer", "Freeware."),
		"image_parser/aspect.png": {"Format", "Portable network graphics", "Size", "1280 x 798 px", "aspect", "72 x 72",
			"date:create", "2012-07-11T14:04:52-07:00", "date:modify", "2012-07-11T14:04:52-07:00"},
		"image_parser/hopper.gif":  append(gif, "128 x 128 px", "background", "0", "comment", `b'File written by Adobe Photoshop\xa8 4.0'`),
		"image_parser/chi.gif":     append(gif, "320 x 240 px", "background", "248", "comment", "b'Created with GIMP'"),
		"image_parser/iss634.gif":  append(gif, "245 x 245 px", "background", "0"),
		"image.gif":                append(gif, "16 x 16 px", "background", "15"),
		"image_parser/example.jpg": append(jpeg, "(96, 96)", "jfif_unit", "1", "Size", "256 x 256 px"),
		"image_parser/comment.jpg": append(jpeg, "(96, 96)", "jfif_unit", "1", "comment", "mitmproxy test image", "Size", "256 x 256 px"),
		"image_parser/app1.jpeg": append(jpeg, "(72, 72)", "jfif_unit", "1", "make", "Canon", "model", "Canon PowerShot A60",
			"modify_date", "2004:07:16 18:46:04", "Size", "717 x 558 px"),
		"image.ico": {"Format", "ICO", "Number of images", "3", "Image 1", icon("48"), "Image 2", icon("32"), "Image 3", icon("16")},
	} {
		said := newFields()
		for i := 0; i < len(want); i += 2 {
			said.addText(want[i], want[i+1])
		}
		got := shown(imageView(), Metadata{}, string(corpus.File(t, "contentviews/"+name)))
		if _, yaml, _ := strings.Cut(got, "\n"); yaml != yamlOf(t, yamlRuamel, said.yaml) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	got := shown(imageView(), Metadata{}, string(corpus.File(t, "contentviews/image_parser/all.jpeg")))
	for _, part := range []string{"jfif_density: (300, 300)\njfif_unit: '1'\ncomment: \"BARTOLOMEO DI FRUOSINO\\r\\n(b. ca. 1366", `Biblioth\\xe8que`, "\nSize: 750 x 1055 px\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("all.jpeg:\n%s\nlacks %q", got, part)
		}
	}
}

// pngOf returns a PNG file of chunks, by kind and data in turns.
func pngOf(chunks ...string) string {
	file := []byte(pngMagic)
	for i := 0; i < len(chunks); i += 2 {
		file = binary.BigEndian.AppendUint32(file, uint32(len(chunks[i+1])))
		file = append(file, chunks[i]+chunks[i+1]+"\x00\x00\x00\x00"...)
	}
	return string(file)
}

func deflated(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPNGTexts(t *testing.T) {
	const ihdr = "\x00\x00\x00\x02\x00\x00\x00\x03\x08\x00\x00\x00\x00"
	for _, test := range []struct {
		chunks []string
		want   string
	}{
		{[]string{"IHDR", ihdr, "IEND", ""}, "Size: 2 x 3 px\n"},
		{[]string{"gAMA", "\x00\x00\xb1\x8f", "gAMA", "\x00\x00\x00\x01", "gAMA", "\x00"}, "gamma:\n- '0.45455'\n- '1e-05'\n"},
		{[]string{"pHYs", "\x00\x00\x0b\x12\x00\x00\x0b\x13\x01"}, "aspect: 2834 x 2835\n"},
		{[]string{"tEXt", "k\xe9\x00v\xff", "tEXt", "none", "tEXt", "k\xe9\x00"}, "ké:\n- vÿ\n- ''\n"},
		{[]string{"zTXt", "k\x00\x00" + deflated(t, "v\xe9"), "zTXt", "k\x00", "zTXt", "bad\x00\x00xyz"}, "k:\n- vé\n- ''\nbad: ''\n"},
		{[]string{"iTXt", "k\x00\x00\x00en\x00K\x00v\u00e9\xff"}, `k: vé\xff` + "\n"},
		{[]string{"iTXt", "k\x00\x01\x00\x00\x00" + deflated(t, "v\u00e9"), "iTXt", "short\x00\x01"}, "k: vé\nshort: ''\n"},
		{[]string{"sRGB", "\x00", "Format", "x"}, ""},
	} {
		got := shown(imageView(), Metadata{}, pngOf(test.chunks...))
		if want := "# PNG Image\nFormat: Portable network graphics\n" + test.want; got != want {
			t.Errorf("%q:\n%s\nwant\n%s", test.chunks, got, want)
		}
	}
	bomb := shown(imageView(), Metadata{}, pngOf("zTXt", "k\x00\x00"+deflated(t, strings.Repeat("x", 10<<20))))
	if len(bomb) > 6<<20 {
		t.Errorf("a text of %d bytes is decompressed", len(bomb))
	}
}

func TestGIFBlocks(t *testing.T) {
	const (
		screen  = "GIF89a\x01\x00\x02\x00\x80\x05\x00" + "colors"
		picture = ",\x00\x00\x00\x00\x01\x00\x02\x00\x81" + "more colors!" + "\x02\x02ab\x01c\x00"
		head    = "# GIF Image\nFormat: Compuserve GIF\nVersion: GIF89a\nSize: 1 x 2 px\nbackground: '5'\n"
	)
	for blocks, want := range map[string]string{
		"":                                    "",
		";!\xfe\x01a\x00":                     "",
		"!\xfe\x01a\x02it\x00;":               "comment:\n- b'a'\n- b'it'\n",
		"!\xf9\x01a\x00!\xfe\x02\n\x00\x00":   "comment: b'\\n\\x00'\n",
		picture + "!\xfe\x04it's\x00":         "comment: b\"it's\"\n",
		picture[:8]:                           "",
		"!\xfe\x05'a\"b\\\x00":                `comment: b'\'a"b\\'` + "\n",
		"!\xfe\x09a":                          "",
		strings.Repeat("!\xfe\x01a\x00", 2):   "comment:\n- b'a'\n- b'a'\n",
		"!\xfe\x01a\x00" + picture + "x!\xfe": "comment: b'a'\n",
	} {
		if got := shown(imageView(), Metadata{}, screen+blocks); got != head+want {
			t.Errorf("%q:\n%s\nwant\n%s", blocks, got, head+want)
		}
	}
	if got := shown(imageView(), Metadata{}, screen+"!\xfe"+strings.Repeat("\x01a", 10*maxTexts)); strings.Count(got, "b'a'") != maxTexts {
		t.Errorf("%d bytes", len(got))
	}
}

func TestExif(t *testing.T) {
	const (
		little = "Exif\x00\x00II*\x00\x08\x00\x00\x00\x03\x00" + "\x0f\x01\x02\x00\x03\x00\x00\x00Me\x00\x00" +
			"\x1a\x01\x05\x00\x01\x00\x00\x00\x32\x00\x00\x00" + "\x98\x82\x02\x00\x06\x00\x00\x00\x32\x00\x00\x00" + "\x00\x00\x00\x00" + "\xa9\xc3\xa9 x\x00"
		big = "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02" + "\x12\x34\x00\x02\x00\x00\x00\x01a\x00\x00\x00" + "\x01\x0e\x00\x02\x00\x00\x00\x05\xff\xff\xff\xff"
	)
	for segment, want := range map[string]string{
		little:                         "make: Me\ncopyright: \\xa9é x\n",
		little[:30]:                    "make: Me\n",
		big:                            "tag_4660: a\n",
		big[:14]:                       "",
		"Exif\x00\x00":                 "",
		"http://ns.adobe.com/xap/1.0/": "",
	} {
		file := "\xff\xd8\xff\xe1\x00" + string(rune(len(segment)+2)) + segment + "\xff\xd9"
		got := shown(imageView(), Metadata{}, file)
		if want = "# JPEG Image\nFormat: JPEG (ISO 10918)\n" + want; got != want {
			t.Errorf("%q:\n%s\nwant\n%s", segment, got, want)
		}
	}
}

func TestIcons(t *testing.T) {
	const directory = "\x00\x00\x01\x00\x03\x00" + "\x00\x10\x00\x00\x01\x00\x20\x00\x01\x00\x00\x00\x26\x00\x00\x00" + "\x10\x00\x00\x00\x01\x00\x04\x00\x01\x00\x00\x00\xff\xff\xff\xff"
	got := shown(imageView(), Metadata{}, directory+pngMagic)
	said := newFields()
	said.addText("Format", "ICO")
	said.addText("Number of images", "3")
	const indent = "\n                  "
	said.addText("Image 1", "Size: 256 x 16"+indent+"Bits per pixel: 32"+indent+"PNG: True")
	said.addText("Image 2", "Size: 16 x 256"+indent+"Bits per pixel: 4"+indent+"PNG: False")
	want := "# ICO Image\n" + yamlOf(t, yamlRuamel, said.yaml)
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
