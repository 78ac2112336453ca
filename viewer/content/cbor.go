package content

import (
	"context"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/viewer/jsontext"
)

// cborView shows CBOR in diagnostic notation, indented like JSON. Of several
// values each begins a line. mitmproxy has no such view.
//
// Source: https://www.rfc-editor.org/rfc/rfc8949#section-8
func cborView() View {
	return View{
		Name:  "cbor",
		Label: "CBOR",
		About: "CBOR in diagnostic notation",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			subtype, ok := strings.CutPrefix(strings.TrimSuffix(meta.MediaType, "-seq"), "application/")
			if len(data) > 0 && ok && (subtype == "cbor" || strings.HasSuffix(subtype, "+cbor")) {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			r := &cborReader{budget: &budget{ctx: ctx}, cursor: cursor{data: data}}
			for r.more() {
				if r.len() > 0 {
					r.putByte('\n')
				}
				if err := r.value(0); err != nil {
					return Rendered{}, err
				}
			}
			return Rendered{Text: r.String()}, ctx.Err()
		},
	}
}

// cborReader writes values in diagnostic notation as it reads them.
type cborReader struct {
	*budget
	cursor
	output
}

// The major types.
const (
	cborUnsigned = iota
	cborNegative
	cborBytes
	cborText
	cborArray
	cborMap
	cborTag
	cborSimple
)

// cborHead is what a value begins with.
type cborHead struct {
	major    byte
	info     byte   // how the argument is written
	argument uint64 // a number, or how much follows
}

// indefinite reports whether the value goes on until a break; of cborSimple
// such a head is that break.
func (h cborHead) indefinite() bool { return h.info == 31 }

func (h cborHead) isBreak() bool { return h.major == cborSimple && h.info == 31 }

func (r *cborReader) head() (h cborHead, err error) {
	if err := r.spend(); err != nil {
		return h, err
	}
	c, err := r.byte()
	if err != nil {
		return h, err
	}
	h.major, h.info = c>>5, c&31
	switch {
	case h.info < 24:
		h.argument = uint64(h.info)
	case h.info < 28:
		h.argument, err = r.uint(1 << (h.info - 24))
	case h.indefinite() && (cborBytes <= h.major && h.major <= cborMap || h.major == cborSimple):
	default:
		err = r.fail("no value begins so")
	}
	return h, err
}

// value writes one value with all that it holds.
func (r *cborReader) value(depth int) error {
	h, err := r.head()
	if err == nil && h.isBreak() {
		err = r.fail("a break without a begin")
	}
	if err != nil {
		return err
	}
	return r.body(h, depth)
}

// body writes the value that a head begins.
func (r *cborReader) body(h cborHead, depth int) error {
	switch {
	case depth > maxDepth:
		return errDeep
	case r.len() > textMax:
		return errTooLong
	}
	switch h.major {
	case cborUnsigned:
		r.put(strconv.FormatUint(h.argument, 10))
	case cborNegative:
		r.putByte('-')
		if h.argument == math.MaxUint64 {
			r.put("18446744073709551616")
		} else {
			r.put(strconv.FormatUint(h.argument+1, 10))
		}
	case cborBytes, cborText:
		if h.indefinite() {
			return r.chunks(h.major)
		}
		return r.text(h)
	case cborArray, cborMap:
		return r.items(h, depth)
	case cborTag:
		return r.tag(h, depth)
	default:
		r.simple(h)
	}
	return nil
}

// text writes a string of bytes or characters.
func (r *cborReader) text(h cborHead) error {
	b, err := r.take(h.argument)
	switch {
	case err != nil:
		return err
	case h.major == cborBytes:
		r.put("h'" + hex.EncodeToString(b) + "'")
		return nil
	case !utf8.Valid(b):
		return r.fail("text is not UTF-8")
	}
	r.put(string(jsontext.AppendQuote(nil, string(b))))
	return nil
}

// chunks writes a string of indefinite length: its pieces in parentheses.
func (r *cborReader) chunks(major byte) error {
	for i := 0; ; i++ {
		h, err := r.head()
		switch {
		case err != nil:
			return err
		case h.isBreak() && i == 0 && major == cborBytes:
			r.put("''_")
			return nil
		case h.isBreak() && i == 0:
			r.put(`""_`)
			return nil
		case h.isBreak():
			r.putByte(')')
			return nil
		case h.major != major || h.indefinite():
			return r.fail("a string has a piece that is none")
		case i == 0:
			r.put("(_ ")
		default:
			r.put(", ")
		}
		if err := r.text(h); err != nil {
			return err
		}
	}
}
