package content

import (
	"context"
	"errors"
	"strings"
	"unicode/utf16"

	"flowpane/viewer/flow"
)

// fontView says what a font says of itself, and that a browser may draw with it.
// mitmproxy has no such view.
//
// Source: https://learn.microsoft.com/typography/opentype/spec/otff,
// https://www.w3.org/TR/WOFF/, https://www.w3.org/TR/WOFF2/
func fontView() View {
	return View{
		Name:  "font",
		Label: "Font",
		About: "Font: its names, and text drawn with it",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			named := strings.HasPrefix(meta.MediaType, "font/") || strings.Contains(meta.MediaType, "-font") || strings.Contains(meta.MediaType, "/font-")
			if fontFormat(data) == "" {
				return 0
			}
			if named {
				return 1
			}
			return 0.6
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			format := fontFormat(data)
			if format == "" {
				return Rendered{}, errors.New("no font begins so")
			}
			said := newFields()
			for _, table := range []struct {
				name string
				read func(*cursor, *fields)
			}{{"name", fontNames}, {"head", fontHead}, {"maxp", fontGlyphs}} {
				table.read(&cursor{data: fontTable(data, table.name)}, said)
			}
			text, err := writeYAML(ctx, yamlRuamel, said.yaml)
			return Rendered{Text: "# " + format + " font\n" + text, Font: true}, err
		},
	}
}

// fontFormat returns the format that data begins like, or "".
func fontFormat(data []byte) string {
	if len(data) < 12 {
		return ""
	}
	switch string(data[:4]) {
	case "\x00\x01\x00\x00", "true":
		if data[4] == 0 && data[5] > 0 && data[5] < 64 { // so many tables
			return "TrueType"
		}
	case "OTTO":
		return "OpenType"
	case "wOFF":
		return "WOFF"
	case "wOF2":
		return "WOFF2"
	}
	return ""
}

// maxTable bounds what is decompressed of one table of a font, in bytes.
const maxTable = 1 << 20

// fontTable returns a table of a font, or nothing. Those of WOFF2 are compressed
// all together, and not looked at.
func fontTable(data []byte, name string) []byte {
	c := &cursor{data: data, at: 4}
	packed := string(data[:4]) == "wOFF"
	if packed {
		c.at = 12
	}
	count, _ := c.uint(2)
	if c.at = 12; packed {
		c.at = min(44, len(data))
	}
	for range count {
		tag, err := c.take(4)
		if err != nil || string(data[:4]) == "wOF2" {
			return nil
		}
		if !packed {
			c.uint(4) // the checksum
		}
		offset, _ := c.uint(4)
		length, err := c.uint(4)
		whole := length
		if packed {
			whole, _ = c.uint(4)
			_, err = c.uint(4) // the checksum
		}
		if string(tag) != name || err != nil {
			continue
		}
		table := &cursor{data: data, at: int(min(offset, uint64(len(data))))}
		content, err := table.take(length)
		if err == nil && packed && length < whole {
			content, _ = flow.Decode(content, "deflate", maxTable)
		}
		return content
	}
	return nil
}

// fontNames reads the names that people know a font by.
func fontNames(c *cursor, said *fields) {
	c.uint(2)
	count, _ := c.uint(2)
	texts, _ := c.uint(2)
	names := [8]string{}
	for range min(count, 500) {
		var r [6]uint64 // platform, encoding, language, name, length, offset
		var err error
		for i := range r {
			r[i], err = c.uint(2)
		}
		if err != nil {
			break
		}
		at := &cursor{data: c.data, at: int(min(texts+r[5], uint64(len(c.data))))}
		text, err := at.take(r[4])
		if err != nil || r[3] >= uint64(len(names)) || names[r[3]] != "" {
			continue
		}
		names[r[3]] = fontText(text, r[0])
	}
	for _, n := range []struct {
		id   int
		name string
	}{{1, "Family"}, {2, "Style"}, {4, "Full name"}, {5, "Version"}, {0, "Copyright"}} {
		if names[n.id] != "" {
			said.addText(n.name, names[n.id])
		}
	}
}

// fontText returns a name: of platform 1 in a charset of Apple's, which is ASCII
// in most, and else in UTF-16.
func fontText(text []byte, platform uint64) string {
	if platform == 1 {
		return utf8Text(text)
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = uint16(text[2*i])<<8 | uint16(text[2*i+1])
	}
	return string(utf16.Decode(units))
}

func fontHead(c *cursor, said *fields) {
	c.at = min(18, len(c.data))
	if units, err := c.uint(2); err == nil {
		said.addText("Units per em", decimal(units))
	}
}

func fontGlyphs(c *cursor, said *fields) {
	c.at = min(4, len(c.data))
	if glyphs, err := c.uint(2); err == nil {
		said.addText("Glyphs", decimal(glyphs))
	}
}
