package content

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
)

// imageView says what kind of picture a body is, and that it may be drawn. It
// goes by the first bytes alone. SVG is text, for the other views.
//
// Of what mitmproxy prints, the text keeps format and size, in the same words.
func imageView() View {
	return View{
		Name:  "image",
		Label: "Image",
		Priority: func(meta Metadata, _ []byte) float64 {
			if strings.HasPrefix(meta.MediaType, "image/") && !strings.HasSuffix(meta.MediaType, "+xml") {
				return 1
			}
			return 0
		},
		Render: func(_ context.Context, _ Metadata, data []byte) (Rendered, error) {
			p := sniff(data)
			text := "# " + p.name + " Image\n"
			if p.describe != nil {
				text += p.describe(data)
			}
			return Rendered{Text: text, Image: p.preview}, nil
		},
	}
}

// picture is a format of pictures.
type picture struct {
	name     string
	preview  string // media type if browsers draw it and nothing else
	describe func(data []byte) string
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
	case at(0, "\x89PNG\r\n\x1a\n"):
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

func sizeLine[T uint16 | uint32](width, height T) string {
	return "Size: " + strconv.FormatUint(uint64(width), 10) + " x " + strconv.FormatUint(uint64(height), 10) + " px\n"
}

// Source: https://www.w3.org/TR/png-3/#11IHDR
func describePNG(data []byte) string {
	text := "Format: Portable network graphics\n"
	if len(data) >= 24 && string(data[12:16]) == "IHDR" {
		text += sizeLine(binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:]))
	}
	return text
}

// Source: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
func describeGIF(data []byte) string {
	text := "Format: Compuserve GIF\nVersion: " + string(data[:6]) + "\n"
	if len(data) >= 13 {
		text += sizeLine(binary.LittleEndian.Uint16(data[6:]), binary.LittleEndian.Uint16(data[8:]))
		text += "background: '" + strconv.Itoa(int(data[11])) + "'\n"
	}
	return text
}

// describeICO gives the number of pictures in the file.
func describeICO(data []byte) string {
	text := "Format: ICO\n"
	if len(data) >= 6 {
		text += "Number of images: '" + strconv.Itoa(int(binary.LittleEndian.Uint16(data[4:]))) + "'\n"
	}
	return text
}

// describeJPEG finds the frame header, which has the size. mitmproxy knows only
// the baseline one.
// Source: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B.
func describeJPEG(data []byte) string {
	text := "Format: JPEG (ISO 10918)\n"
	for i := 2; i+9 <= len(data) && data[i] == 0xff; {
		marker := data[i+1]
		switch {
		case marker == 0xff: // fill byte
			i++
			continue
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return text + sizeLine(binary.BigEndian.Uint16(data[i+7:]), binary.BigEndian.Uint16(data[i+5:]))
		case marker == 0xda || marker == 0xd9: // the picture itself, or its end
			return text
		}
		i += 2 + max(int(binary.BigEndian.Uint16(data[i+2:])), 2)
	}
	return text
}
