package content

import (
	"context"
	"strings"
)

// imageView says what kind of picture a body is, and that it may be drawn. It
// goes by the first bytes alone. SVG is text, for the other views.
//
// The text is mitmproxy's: what the file says of itself, as YAML. Unlike there
// the size of progressive JPEG is known too, and a file that is cut off shows
// as far as it goes.
func imageView() View {
	return View{
		Name:  "image",
		Label: "Image",
		About: "Picture, its size and what it says of itself",
		Priority: func(meta Metadata, _ []byte) float64 {
			if strings.HasPrefix(meta.MediaType, "image/") && !strings.HasSuffix(meta.MediaType, "+xml") {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			p := sniff(data)
			said := newFields()
			if p.describe != nil {
				p.describe(&cursor{data: data}, said)
			}
			text, err := writeYAML(ctx, yamlRuamel, said.yaml)
			return Rendered{Text: "# " + p.name + " Image\n" + text, Image: p.preview}, err
		},
	}
}

// picture is a format of pictures.
type picture struct {
	name     string
	preview  string // media type if browsers draw it and nothing else
	describe func(c *cursor, said *fields)
}

// sniff returns the format that data begins like.
func sniff(data []byte) picture {
	at := func(offset int, magic ...string) bool {
		for _, m := range magic {
			if len(data) >= offset+len(m) && string(data[offset:offset+len(m)]) == m {
				return true
			}
		}
		return false
	}
	switch {
	case at(0, "\xff\xd8\xff"):
		return picture{"JPEG", "image/jpeg", describeJPEG}
	case at(0, pngMagic):
		return picture{"PNG", "image/png", describePNG}
	case at(0, "GIF87a", "GIF89a"):
		return picture{"GIF", "image/gif", describeGIF}
	case at(0, "RIFF") && at(8, "WEBP"):
		return picture{"WEBP", "image/webp", nil}
	case at(4, "ftypavif", "ftypavis"):
		return picture{"AVIF", "image/avif", nil}
	case at(0, "\x00\x00\x01\x00"):
		return picture{"ICO", "image/x-icon", describeICO}
	case at(0, "BM"):
		return picture{"BMP", "image/bmp", nil}
	case at(0, "MM\x00*", "II*\x00"):
		return picture{"TIFF", "", nil}
	}
	return picture{"Unknown", "", nil}
}
