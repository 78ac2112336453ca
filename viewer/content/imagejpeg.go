package content

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// Markers of segments, behind 0xff.
// Source: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, table B.1.
const (
	jpegHuffman   = 0xc4 // DHT, among the frame headers
	jpegExtension = 0xc8
	jpegCoding    = 0xcc // DAC
	jpegEnd       = 0xd9
	jpegScan      = 0xda
	jpegJFIF      = 0xe0 // APP0
	jpegExif      = 0xe1 // APP1
	jpegComment   = 0xfe
)

// describeJPEG reads the segments of a JPEG file before the picture itself.
// Source: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B.
func describeJPEG(c *cursor, said *fields) {
	said.addText("Format", "JPEG (ISO 10918)")
	c.at = 2
	for texts := 0; texts < maxTexts; texts++ {
		if fill, err := c.byte(); err != nil || fill != 0xff {
			return
		}
		marker := byte(0xff)
		for marker == 0xff && c.more() {
			marker, _ = c.byte()
		}
		length, err := c.uint(2)
		if err != nil || marker == jpegScan || marker == jpegEnd {
			return
		}
		segment, err := c.take(max(length, 2) - 2)
		if err != nil {
			segment = c.rest() // a header may be all that there is
		}
		describeSegment(marker, segment, said)
		if err != nil {
			return
		}
	}
}

func describeSegment(marker byte, segment []byte, said *fields) {
	switch c := (&cursor{data: segment}); {
	case marker == jpegComment:
		said.addText("comment", utf8Text(segment))
	case marker == jpegJFIF && len(segment) >= 12 && bytes.HasPrefix(segment, []byte("JFIF\x00")):
		x, y := binary.BigEndian.Uint16(segment[8:]), binary.BigEndian.Uint16(segment[10:])
		said.addText("jfif_version", "("+decimal(segment[5])+", "+decimal(segment[6])+")")
		said.addText("jfif_density", "("+decimal(uint64(x))+", "+decimal(uint64(y))+")")
		said.addText("jfif_unit", decimal(segment[7]))
	case marker == jpegExif && bytes.HasPrefix(segment, []byte("Exif\x00\x00")):
		describeExif(segment[6:], said)
	case marker == jpegHuffman, marker == jpegExtension, marker == jpegCoding:
	case marker&0xf0 == 0xc0: // a frame header
		c.take(1)
		height, _ := c.uint(2)
		if width, err := c.uint(2); err == nil {
			said.addSize("Size", decimal(width), decimal(height), " px")
		}
	}
}

// describeExif reads the texts in the first directory of a TIFF file. mitmproxy
// also takes numbers of more than four bytes for text, where they are UTF-8,
// and misses texts of up to four.
//
// Source: https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf
func describeExif(tiff []byte, said *fields) {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return
	}
	c := &cursor{data: from(tiff, order.Uint32(tiff[4:]))}
	count, err := c.take(2)
	if err != nil {
		return
	}
	const isASCII = 2
	for range min(int(order.Uint16(count)), maxTexts) {
		entry, err := c.take(12)
		if err != nil {
			return
		}
		if order.Uint16(entry[2:]) != isASCII {
			continue
		}
		text, length := entry[8:], uint64(order.Uint32(entry[4:]))
		if length > 4 {
			text = from(tiff, order.Uint32(text))
		}
		if length <= uint64(len(text)) {
			said.addText(exifName(order.Uint16(entry)), utf8Text(bytes.Trim(text[:length], "\x00")))
		}
	}
}

// exifName returns the name of a tag that has a text.
func exifName(tag uint16) string {
	switch tag {
	case 269:
		return "document_name"
	case 270:
		return "image_description"
	case 271:
		return "make"
	case 272:
		return "model"
	case 285:
		return "page_name"
	case 305:
		return "software"
	case 306:
		return "modify_date"
	case 315:
		return "artist"
	case 316:
		return "host_computer"
	case 33432:
		return "copyright"
	}
	return "tag_" + strconv.Itoa(int(tag))
}
