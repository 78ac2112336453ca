package content

import (
	"math"
	"strconv"
)

// items writes an array or a map, each item on a line.
func (r *cborReader) items(h cborHead, depth int) error {
	brackets := "[]"
	if h.major == cborMap {
		brackets = "{}"
	}
	r.putByte(brackets[0])
	if h.indefinite() {
		r.putByte('_')
	}
	i := uint64(0)
	for ; h.indefinite() || i < h.argument; i++ {
		item, err := r.head()
		switch {
		case err != nil:
			return err
		case item.isBreak() && h.indefinite():
			return r.close(brackets, i, depth)
		case item.isBreak():
			return r.fail("a break without a begin")
		case i > 0:
			r.putByte(',')
		}
		r.line(depth + 1)
		if err := r.body(item, depth+1); err != nil {
			return err
		}
		if h.major == cborMap {
			r.put(": ")
			if err := r.value(depth + 1); err != nil {
				return err
			}
		}
	}
	return r.close(brackets, i, depth)
}

// close ends an array or a map of n items.
func (r *cborReader) close(brackets string, n uint64, depth int) error {
	if n > 0 {
		r.line(depth)
	}
	r.putByte(brackets[1])
	return nil
}

func (r *cborReader) line(depth int) {
	r.putByte('\n')
	r.repeat("    ", depth)
}

// tag writes a tag and its content in parentheses. Bytes that are marked as
// CBOR themselves are shown so, between << and >>.
// Source: https://www.rfc-editor.org/rfc/rfc8610#appendix-G.3
func (r *cborReader) tag(h cborHead, depth int) error {
	r.put(strconv.FormatUint(h.argument, 10))
	r.putByte('(')
	const encodedCBOR = 24
	if h.argument != encodedCBOR || !r.embedded(depth+1) {
		if err := r.value(depth + 1); err != nil {
			return err
		}
	}
	r.putByte(')')
	return nil
}

// embedded writes the value that the next bytes encode, if they are just that.
func (r *cborReader) embedded(depth int) bool {
	start := r.cursor
	h, err := r.head()
	if err == nil && h.major == cborBytes && !h.indefinite() {
		var b []byte
		if b, err = r.take(h.argument); err == nil {
			inner := &cborReader{budget: r.budget, cursor: cursor{data: b}}
			if inner.value(depth) == nil && !inner.more() {
				r.put("<<" + inner.String() + ">>")
				return true
			}
		}
	}
	r.cursor = start
	return false
}

// simple writes a float, or a value that has a name or only a number.
func (r *cborReader) simple(h cborHead) {
	switch {
	case h.info == 25:
		r.put(cborFloat(halfFloat(uint16(h.argument))))
	case h.info == 26:
		r.put(cborFloat(float64(math.Float32frombits(uint32(h.argument)))))
	case h.info == 27:
		r.put(cborFloat(math.Float64frombits(h.argument)))
	case 20 <= h.info && h.info < 24:
		r.put([...]string{"false", "true", "null", "undefined"}[h.info-20])
	default:
		r.put("simple(" + strconv.FormatUint(h.argument, 10) + ")")
	}
}

func cborFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return floatText(f, 64)
}

// halfFloat returns the value of a float of 16 bits.
// Source: https://www.rfc-editor.org/rfc/rfc8949#appendix-D
func halfFloat(bits uint16) float64 {
	exponent, mantissa := int(bits>>10&31), float64(bits&1023)
	var f float64
	switch exponent {
	case 0:
		f = math.Ldexp(mantissa, -24)
	case 31:
		if f = math.Inf(1); mantissa != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(mantissa+1024, exponent-25)
	}
	if bits>>15 != 0 {
		return -f
	}
	return f
}
