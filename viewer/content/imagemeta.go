package content

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strconv"
	"strings"

	"flowpane/viewer/flow"
)

// The functions here read what pictures say of themselves. They stop, without
// an error, where the data ends or makes no sense.

// maxTexts bounds the texts of a picture: how many there are, and, times 1024,
// how many bytes of them are decompressed.
const maxTexts = 1 << 12

// addSize adds two numbers that make a size.
func (f *fields) addSize(name, width, height, unit string) {
	f.addText(name, width+" x "+height+unit)
}

func decimal[T byte | uint64](n T) string { return strconv.FormatUint(uint64(n), 10) }

const pngMagic = "\x89PNG\r\n\x1a\n"

// describePNG reads the chunks of a PNG file.
// Source: https://www.w3.org/TR/png-3/#11Chunks
func describePNG(c *cursor, said *fields) {
	said.addText("Format", "Portable network graphics")
	c.at = len(pngMagic)
	texts := pngTexts{said: said}
	for {
		length, _ := c.uint(4)
		kind, err := c.take(4)
		if err != nil {
			return
		}
		chunk, err := c.take(length)
		if err != nil {
			texts.chunk(string(kind), &cursor{data: c.rest()})
			return
		}
		texts.chunk(string(kind), &cursor{data: chunk})
		c.take(4) // the checksum
	}
}

// pngTexts reads chunks.
type pngTexts struct {
	said    *fields
	decoder flow.Decoder
	count   int
	size    int // of what was decompressed
}

func (t *pngTexts) chunk(kind string, c *cursor) {
	switch kind {
	case "IHDR", "pHYs":
		x, _ := c.uint(4)
		y, err := c.uint(4)
		if err != nil {
			return
		}
		if kind == "IHDR" {
			t.said.addSize("Size", decimal(x), decimal(y), " px")
		} else {
			t.said.addSize("aspect", decimal(x), decimal(y), "")
		}
	case "gAMA":
		if gamma, err := c.uint(4); err == nil {
			text := strconv.FormatFloat(float64(gamma)/100000, 'g', -1, 64)
			if !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
			t.said.addText("gamma", text)
		}
	case "tEXt", "zTXt", "iTXt":
		if t.count++; t.count <= maxTexts {
			t.text(kind, c.data)
		}
	}
}

// text reads a text chunk: a keyword and a text, which is Latin-1, or UTF-8 in
// iTXt, and may be compressed.
// Source: https://www.w3.org/TR/png-3/#11textinfo
func (t *pngTexts) text(kind string, chunk []byte) {
	keyword, text, found := bytes.Cut(chunk, []byte{0})
	if !found {
		return
	}
	compressed := kind == "zTXt"
	switch {
	case len(text) == 0:
	case compressed:
		text = text[1:] // the method: there is but one
	case kind == "iTXt":
		compressed = text[0] == 1
		text = text[min(2, len(text)):]         // the method
		_, text, _ = bytes.Cut(text, []byte{0}) // the language
		_, text, _ = bytes.Cut(text, []byte{0}) // the keyword, translated
	}
	if compressed {
		text, _ = t.decoder.Decode(text, "deflate", 1024*maxTexts-t.size)
		t.size += len(text)
	}
	if kind == "iTXt" {
		t.said.addText(latin1(keyword), utf8Text(text))
	} else {
		t.said.addText(latin1(keyword), latin1(text))
	}
}

// latin1 returns Latin-1 as text.
func latin1(data []byte) string {
	var o output
	for _, c := range data {
		o.putRune(rune(c))
	}
	return o.String()
}

const gifComment = 0xfe

// describeGIF reads the blocks of a GIF file.
// Source: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
func describeGIF(c *cursor, said *fields) {
	version, _ := c.take(6)
	said.addText("Format", "Compuserve GIF")
	said.addText("Version", string(version))
	screen, err := c.take(7)
	if err != nil {
		return
	}
	said.addSize("Size", short(screen[0:2]), short(screen[2:4]), " px")
	said.addText("background", decimal(screen[5]))
	skipColors(c, screen[4])
	comments := 0
	for {
		switch kind, err := c.byte(); {
		case err != nil:
			return
		case kind == '!':
			label, _ := c.byte()
			for block := range gifBlocks(c) {
				if label == gifComment && comments < maxTexts {
					comments++
					said.addText("comment", bytesLiteral(block))
				}
			}
		case kind == ',':
			picture, err := c.take(9)
			if err != nil {
				return
			}
			skipColors(c, picture[8])
			c.byte() // the size of codes
			for range gifBlocks(c) {
			}
		default:
			return
		}
	}
}

// gifBlocks returns the blocks before an empty one.
func gifBlocks(c *cursor) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for {
			block, err := c.sized(1)
			if err != nil || len(block) == 0 || !yield(block) {
				return
			}
		}
	}
}

// skipColors passes over a color table, if there is one.
func skipColors(c *cursor, flags byte) {
	if flags&0x80 != 0 {
		c.take(3 << (flags&7 + 1))
	}
}

// short returns the number of two bytes, the low one first.
func short(b []byte) string { return decimal(uint64(binary.LittleEndian.Uint16(b))) }

// bytesLiteral returns bytes as Python writes them.
// Source: https://docs.python.org/3/reference/lexical_analysis.html#bytes-literals
func bytesLiteral(data []byte) string {
	text := escapeBytes(data)
	if !strings.Contains(text, "'") {
		return "b'" + text + "'"
	}
	if !strings.Contains(text, `"`) {
		return `b"` + text + `"`
	}
	return "b'" + strings.ReplaceAll(text, "'", `\'`) + "'"
}

// describeICO reads the directory of an ICO file.
// Source: https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)
func describeICO(c *cursor, said *fields) {
	said.addText("Format", "ICO")
	header, err := c.take(6)
	if err != nil {
		return
	}
	said.addText("Number of images", short(header[4:]))
	count := min(int(binary.LittleEndian.Uint16(header[4:])), maxTexts)
	for i := range count {
		entry, err := c.take(16)
		if err != nil {
			return
		}
		said.addText("Image "+strconv.Itoa(i+1), describeIcon(c.data, entry))
	}
}

// describeIcon returns the lines for an entry of the directory. In mitmproxy's
// text they line up so in another style of YAML.
func describeIcon(file, entry []byte) string {
	side := func(n byte) string {
		if n == 0 {
			return "256"
		}
		return decimal(n)
	}
	isPNG := "False"
	if bytes.HasPrefix(from(file, binary.LittleEndian.Uint32(entry[12:])), []byte(pngMagic)) {
		isPNG = "True"
	}
	const indent = "\n                  "
	return "Size: " + side(entry[0]) + " x " + side(entry[1]) + indent +
		"Bits per pixel: " + short(entry[6:]) + indent + "PNG: " + isPNG
}

// from returns data from an offset on, which may be behind its end.
func from(data []byte, offset uint32) []byte {
	return data[min(uint64(offset), uint64(len(data))):]
}
