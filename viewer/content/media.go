package content

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
)

// mediaView says what sound or film a body is, and that a browser may play it. It
// goes by the first bytes alone. mitmproxy has no such view.
func mediaView() View {
	return View{
		Name:  "media",
		Label: "Media",
		About: "Sound or film, to be played",
		Priority: func(meta Metadata, data []byte) float64 {
			switch m := mediaFormat(data); {
			case m.media == "":
				return 0
			case strings.HasPrefix(meta.MediaType, "audio/") || strings.HasPrefix(meta.MediaType, "video/"):
				return 1
			}
			return 0.6
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			m := mediaFormat(data)
			if m.media == "" {
				return Rendered{}, errors.New("no sound or film begins so")
			}
			said := newFields()
			if m.describe != nil {
				m.describe(&cursor{data: data}, said)
			}
			text, err := writeYAML(ctx, yamlRuamel, said.yaml)
			return Rendered{Text: "# " + m.name + "\n" + text, Media: m.media}, err
		},
	}
}

// medium is a format of sound or film.
type medium struct {
	name     string
	media    string // the media type
	describe func(c *cursor, said *fields)
}

// mediaFormat returns the format that data begins like.
func mediaFormat(data []byte) medium {
	at := func(offset int, magic string) bool {
		return len(data) >= offset+len(magic) && string(data[offset:offset+len(magic)]) == magic
	}
	head := data[:min(len(data), 64)]
	switch {
	case at(4, "ftypM4A") || at(4, "ftypM4B"):
		return medium{"MPEG-4 sound", "audio/mp4", describeMP4}
	case at(4, "ftyp") && sniff(data).preview == "":
		return medium{"MPEG-4", "video/mp4", describeMP4}
	case at(0, "\x1aE\xdf\xa3") && bytes.Contains(head, []byte("webm")):
		return medium{"WebM", "video/webm", nil}
	case at(0, "\x1aE\xdf\xa3") && bytes.Contains(head, []byte("matroska")):
		return medium{"Matroska", "video/x-matroska", nil}
	case at(0, "OggS"):
		return medium{"Ogg", "audio/ogg", describeOgg}
	case at(0, "RIFF") && at(8, "WAVE"):
		return medium{"WAVE", "audio/wav", describeWAVE}
	case at(0, "fLaC"):
		return medium{"FLAC", "audio/flac", describeFLAC}
	case at(0, "ID3"):
		return medium{"MP3", "audio/mpeg", nil}
	case at(0, "\x47") && at(188, "\x47") && at(376, "\x47"):
		return medium{"MPEG transport stream", "video/mp2t", nil}
	case len(data) > 3 && data[0] == 0xff && data[1]&0xf6 == 0xf0:
		return medium{"AAC", "audio/aac", nil}
	case len(data) > 3 && data[0] == 0xff && data[1]&0xe6 == 0xe2:
		return medium{"MP3", "audio/mpeg", nil}
	}
	return medium{}
}

// maxBoxes bounds how many boxes of a film are looked at.
const maxBoxes = 10_000

// describeMP4 reads the boxes that say how long a film is and what it is made
// of. Source: https://www.iso.org/standard/83102.html
func describeMP4(c *cursor, said *fields) {
	boxes := maxBoxes
	readBoxes(c, said, &boxes, 0)
}

func readBoxes(c *cursor, said *fields, left *int, depth int) {
	for *left > 0 && depth < 8 {
		*left--
		size, _ := c.uint(4)
		kind, err := c.take(4)
		if err != nil {
			return
		}
		switch {
		case size == 1:
			size, _ = c.uint(8)
			size -= 16
		case size == 0:
			size = uint64(len(c.rest()))
		default:
			size -= 8
		}
		content := c.rest()
		if size < uint64(len(content)) {
			content = content[:size]
		}
		c.at += len(content)
		box := &cursor{data: content}
		switch string(kind) {
		case "ftyp":
			brand, _ := box.take(min(4, uint64(len(content))))
			said.addText("Brand", utf8Text(bytes.TrimSpace(brand)))
		case "moov", "trak", "mdia", "minf", "stbl":
			readBoxes(box, said, left, depth+1)
		case "mvhd":
			movieLength(box, said)
		case "stsd":
			box.at = min(12, len(content))
			if codec, err := box.take(4); err == nil {
				said.addText("Track", utf8Text(bytes.TrimSpace(codec)))
			}
		}
	}
}

func movieLength(c *cursor, said *fields) {
	version, _ := c.uint(4)
	width := uint64(4)
	if version>>24 == 1 {
		width = 8
	}
	c.take(2 * width) // created, modified
	scale, _ := c.uint(4)
	length, err := c.uint(width)
	if err == nil && scale > 0 {
		said.addText("Length", seconds(float64(length)/float64(scale)))
	}
}

func seconds(n float64) string { return strconv.FormatFloat(n, 'f', 2, 64) + " s" }

// describeWAVE reads the form of the samples. Source: https://www.rfc-editor.org/rfc/rfc2361
func describeWAVE(c *cursor, said *fields) {
	c.at = 12
	var rate uint64
	for {
		kind, err := c.take(4)
		size, _ := wave(c, 4)
		if err != nil {
			return
		}
		chunk := &cursor{data: c.rest()[:min(size, uint64(len(c.rest())))]}
		c.at += len(chunk.data) + len(chunk.data)&1
		c.at = min(c.at, len(c.data))
		switch string(kind) {
		case "fmt ":
			wave(chunk, 2)
			channels, _ := wave(chunk, 2)
			frequency, _ := wave(chunk, 4)
			rate, _ = wave(chunk, 4)
			said.addText("Channels", decimal(channels))
			said.addText("Sample rate", decimal(frequency)+" Hz")
		case "data":
			if rate > 0 {
				said.addText("Length", seconds(float64(size)/float64(rate)))
			}
			return
		}
	}
}

// wave reads a number of a RIFF file, the lowest byte first.
func wave(c *cursor, size uint64) (n uint64, err error) {
	b, err := c.take(size)
	for i := range b {
		n |= uint64(b[i]) << (8 * i)
	}
	return n, err
}

// describeFLAC reads the first block. Source: https://www.rfc-editor.org/rfc/rfc9639
func describeFLAC(c *cursor, said *fields) {
	c.at = min(4+4+10, len(c.data))
	info, err := c.uint(8) // 20 bits rate, 3 channels, 5 depth, 36 samples
	if err != nil {
		return
	}
	rate, samples := info>>44, info&(1<<36-1)
	said.addText("Channels", decimal(info>>41&7+1))
	said.addText("Sample rate", decimal(rate)+" Hz")
	if rate > 0 && samples > 0 {
		said.addText("Length", seconds(float64(samples)/float64(rate)))
	}
}

// describeOgg names what the first page begins.
func describeOgg(c *cursor, said *fields) {
	head := c.data[:min(len(c.data), 128)]
	for _, codec := range [...]struct{ magic, name string }{{"OpusHead", "Opus"}, {"\x01vorbis", "Vorbis"}, {"\x80theora", "Theora"}, {"\x7fFLAC", "FLAC"}, {"Speex", "Speex"}} {
		if bytes.Contains(head, []byte(codec.magic)) {
			said.addText("Track", codec.name)
		}
	}
}
