package content

import (
	"context"
	"strconv"
	"strings"
)

// http3View shows the frames of HTTP/3 in a message of a QUIC stream: headers
// as lines, settings by name, the rest as a hex dump.
//
// mitmproxy puts the messages of a stream together. Here each is read for
// itself, so a frame that goes on in the next message shows as far as it is
// there, and the kind of stream is told by its first bytes. In return headers
// show that refer to the dynamic table, with what they refer to in brackets.
//
// Source: https://www.rfc-editor.org/rfc/rfc9114#section-7
func http3View() View {
	return View{
		Name:  "http/3 frames",
		Label: "HTTP/3 frames",
		About: "HTTP/3 frames of a QUIC stream",
		Priority: func(meta Metadata, _ []byte) float64 {
			if meta.Origin == TCP && (meta.ALPN == "h3" || strings.HasPrefix(meta.ALPN, "h3-")) {
				return 2
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			r := &http3Reader{budget: budget{ctx: ctx}, cursor: cursor{data: data}}
			r.streamType()
			for r.more() {
				if err := r.spend(); err != nil {
					return Rendered{}, err
				}
				if err := r.frame(); err != nil {
					return Rendered{}, err
				}
				if r.len() > textMax {
					return Rendered{}, errTooLong
				}
			}
			return Rendered{Text: r.String()}, ctx.Err()
		},
	}
}

// The frame types that are shown in detail.
const (
	http3Data     = 0x0
	http3Headers  = 0x1
	http3Settings = 0x4
)

// http3Reader writes frames as it reads them.
type http3Reader struct {
	budget
	cursor
	output
}

// streamType writes what kind of stream the data is the begin of, if it can be
// nothing else: one of QPACK, or a control stream, which settings follow.
func (r *http3Reader) streamType() {
	if !r.more() {
		return
	}
	switch r.data[0] {
	case 0x02:
		r.put("QPACK Encoder Stream")
	case 0x03:
		r.put("QPACK Decoder Stream")
	case 0x00:
		c := cursor{data: r.data, at: 1}
		kind, _ := c.quicInt()
		size, err := c.quicInt()
		if kind != http3Settings || err != nil {
			return
		}
		if settings, err := c.take(size); err != nil {
			return
		} else if _, err := settingLines(settings); err != nil {
			return
		}
		r.put("Control Stream")
	default:
		return
	}
	r.at = 1
}

// quicInt reads a number whose first two bits say how long it is.
// Source: https://www.rfc-editor.org/rfc/rfc9000#section-16
func (c *cursor) quicInt() (uint64, error) {
	if !c.more() {
		return 0, c.short()
	}
	size := uint64(1) << (c.data[c.at] >> 6)
	n, err := c.uint(size)
	return n &^ (3 << (8*size - 2)), err
}

// frame writes the next frame, a blank line before it.
func (r *http3Reader) frame() error {
	if r.len() > 0 {
		r.put("\n\n")
	}
	if r.at == 1 && (r.data[0] == 0x02 || r.data[0] == 0x03) {
		return r.dump("Instructions", r.tail()) // QPACK streams have no frames
	}
	start := r.at
	kind, err := r.quicInt()
	var size uint64
	if err == nil {
		size, err = r.quicInt()
	}
	if err != nil {
		r.at = start
		return r.dump("Begin of a frame", r.tail())
	}
	data, err := r.take(size)
	if err != nil {
		title := http3Name(kind) + " (" + strconv.Itoa(len(r.rest())) + " of " + strconv.FormatUint(size, 10) + " bytes)"
		return r.dump(title, r.tail())
	}
	var lines []string
	switch kind {
	case http3Headers:
		lines, err = fieldLines(data)
	case http3Settings:
		lines, err = settingLines(data)
	default:
		return r.dump(http3Name(kind), data)
	}
	if err != nil {
		return r.dump(http3Name(kind)+" (error: "+err.Error()+")", data)
	}
	r.put(http3Name(kind) + "\n" + strings.Join(lines, "\n"))
	return nil
}

// tail returns the rest of the data, and passes over it.
func (r *http3Reader) tail() []byte {
	rest := r.rest()
	r.at = len(r.data)
	return rest
}

func (r *http3Reader) dump(title string, data []byte) error {
	hex, err := renderHex(r.ctx, Metadata{}, data)
	r.put(title + "\n" + hex.Text)
	return err
}

func http3Name(kind uint64) string {
	switch kind {
	case http3Data:
		return "DATA Frame"
	case http3Headers:
		return "HEADERS Frame"
	case http3Settings:
		return "SETTINGS Frame"
	}
	return "0x" + strconv.FormatUint(kind, 16) + " Frame"
}

// settingLines returns the settings of a frame, one a line.
// Source: https://www.rfc-editor.org/rfc/rfc9114#section-7.2.4
func settingLines(data []byte) ([]string, error) {
	var lines []string
	for c := (cursor{data: data}); c.more(); {
		key, err := c.quicInt()
		if err != nil {
			return nil, err
		}
		value, err := c.quicInt()
		if err != nil {
			return nil, err
		}
		lines = append(lines, settingName(key)+": 0x"+strconv.FormatUint(value, 16))
	}
	return lines, nil
}

// settingName returns the name of a setting.
// https://www.iana.org/assignments/http3-parameters
func settingName(key uint64) string {
	switch key {
	case 0x1:
		return "QPACK_MAX_TABLE_CAPACITY"
	case 0x6:
		return "MAX_FIELD_SECTION_SIZE"
	case 0x7:
		return "QPACK_BLOCKED_STREAMS"
	case 0x8:
		return "ENABLE_CONNECT_PROTOCOL"
	case 0x21:
		return "DUMMY"
	case 0x33:
		return "H3_DATAGRAM"
	case 0x2b603742:
		return "ENABLE_WEBTRANSPORT"
	}
	return "0x" + strconv.FormatUint(key, 16)
}
