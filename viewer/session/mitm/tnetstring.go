package mitm

import (
	"errors"
	"math/bits"
	"strconv"
)

// The tags of mitmproxy's dialect of tnetstrings, which stand after the
// payload: LENGTH ":" PAYLOAD TAG. Text apart from bytes is an extension of
// theirs.
//
// Source: https://tnetstrings.info and mitmproxy/io/tnetstring.py
const (
	tagBytes = ','
	tagText  = ';'
	tagInt   = '#'
	tagFloat = '^'
	tagBool  = '!'
	tagNull  = '~'
	tagList  = ']'
	tagDict  = '}'

	// tagRef is ours, and not accepted from a file: see skeleton.
	tagRef = '@'
)

const (
	// maxLengthDigits is the most digits a length has: mitmproxy refuses the
	// thirteenth.
	maxLengthDigits = 12
	// maxHead is the most bytes in front of a payload.
	maxHead = maxLengthDigits + 1
	// maxDepth is how deeply lists and dicts may nest. Each level costs up to
	// three messages of the wire format, which allows 1000.
	maxDepth = 200
)

var (
	errNoLength = errors.New("missing or invalid length")
	errAbsurd   = errors.New("absurdly long")
	errShort    = errors.New("its length is beyond what is there")
	errDepth    = errors.New("nested too deeply")
	errNull     = errors.New("null with a value")
	errBool     = errors.New("neither true nor false")
	errInt      = errors.New("not an integer")
	errFloat    = errors.New("not a number")
	errUTF8     = errors.New("text that is not UTF-8")
	errKey      = errors.New("a key without a value")
)

// An element is one tnetstring, in place. The zero element stands for one that
// is not there.
type element struct {
	tag     byte
	payload []byte
	offset  int64 // of the payload in the file, in bytes
}

// absent reports whether e has no value: not there, or null.
func (e element) absent() bool { return e.tag == 0 || e.tag == tagNull }

// scanLength reads the length at the start of b, and the size of what is in
// front of the payload. The error is errShort if b ends before that is known.
func scanLength(b []byte) (n int64, size int, err error) {
	for i, c := range b {
		switch {
		case c == ':' && i > 0:
			return n, i + 1, nil
		case c < '0' || c > '9':
			return 0, 0, errNoLength
		case i == maxLengthDigits:
			return 0, 0, errAbsurd
		}
		n = n*10 + int64(c-'0')
	}
	return 0, 0, errShort
}

// measure returns where in b, which begins with an element, its payload begins
// and where its tag stands; 0 for both where scan has to look closer. In a
// browser, calls are what scanning costs most, and then branches.
func measure(b []byte) (begin, end int) {
	n := 0
	for i, c := range b[:min(len(b), maxHead)] {
		digit := c - '0'
		if digit <= 9 {
			n = n*10 + int(digit)
			continue
		}
		begin, end = i+1, i+1+n
		if c != ':' || i == 0 || end >= len(b) {
			break
		}
		if tag := b[end]; valued[tag] || tag == tagNull && n == 0 {
			return begin, end
		}
		break
	}
	return 0, 0
}

// valued has the tags of what has a value.
var valued = [256]bool{tagBytes: true, tagText: true, tagInt: true, tagFloat: true, tagBool: true, tagList: true, tagDict: true}

// scan reads the element at the start of b, which lies at offset in the file,
// and returns how many bytes it takes. Payloads are looked at by those who use
// them.
func scan(b []byte, offset int64) (e element, size int, err error) {
	n, head, err := scanLength(b)
	if err != nil {
		return e, 0, err
	}
	if n >= int64(len(b)-head) {
		return e, 0, errShort
	}
	end := head + int(n)
	e = element{tag: b[end], payload: b[head:end:end], offset: offset + int64(head)}
	switch e.tag {
	case tagNull:
		if n != 0 {
			return e, 0, errNull
		}
	case tagBytes, tagText, tagInt, tagFloat, tagBool, tagList, tagDict, tagRef:
	default:
		return e, 0, unknownTag(e.tag)
	}
	return e, end + 1, nil
}

func unknownTag(tag byte) error {
	return errors.New("unknown tag " + strconv.QuoteRune(rune(tag)))
}

// tagName names the type of a tag for messages to people.
func tagName(tag byte) string {
	switch tag {
	case tagBytes:
		return "bytes"
	case tagText:
		return "text"
	case tagInt:
		return "an integer"
	case tagFloat:
		return "a float"
	case tagBool:
		return "a bool"
	case tagList:
		return "a list"
	case tagDict:
		return "a dict"
	}
	return "nothing"
}

// isInt reports whether b is an integer: digits with an optional sign, as many
// as there are.
func isInt(b []byte) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// parseInt returns the value of an integer of up to 64 bits.
func parseInt(b []byte) (int64, error) {
	if !isInt(b) {
		return 0, errInt
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0, errors.New(string(b[:min(len(b), 40)]) + " is out of range")
	}
	return n, nil
}

// parseFloat returns the value of a float as Python writes it: "3.5", "1e+22",
// "inf", "-inf" and "nan".
func parseFloat(b []byte) (float64, error) {
	if f, ok := parseDecimal(b); ok {
		return f, nil
	}
	for _, c := range b {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return parseNonFinite(b)
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errFloat
	}
	return f, nil
}

// parseDecimal is parseFloat for what times look like: up to 19 digits with a
// point among them, 1 or more in value. There are several in each record, and
// the library takes three times as long.
func parseDecimal(b []byte) (f float64, ok bool) {
	if len(b) == 0 || len(b) > 20 || b[0] == '.' {
		return 0, false
	}
	var digits, scale uint64 = 0, 0 // scale is 10 to the number of digits after the point
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9':
			digits = digits*10 + uint64(c-'0')
			scale *= 10
		case c == '.' && scale == 0:
			scale = 1
		default:
			return 0, false
		}
	}
	if len(b) == 20 && scale == 0 || scale == 1 {
		return 0, false
	}
	whole, rest := digits, uint64(0)
	if scale > 0 {
		whole, rest = digits/scale, digits%scale
	}
	// The quotient with as many binary places as make it 64 bits, of which the
	// last one also stands for what remains: its conversion then rounds as one
	// of all of its bits would.
	places := bits.LeadingZeros64(whole)
	if whole == 0 || bits.Len64(rest)+places > 64 {
		return 0, false
	}
	quotient := whole << places
	if scale > 0 {
		part := rest << places
		quotient |= part / scale
		if part%scale > 0 {
			quotient |= 1
		}
	}
	return float64(quotient) / float64(uint64(1)<<places), true
}

func parseNonFinite(b []byte) (float64, error) {
	switch string(b) {
	case "inf", "-inf", "nan":
		return strconv.ParseFloat(string(b), 64)
	}
	return 0, errFloat
}

func parseBool(b []byte) (bool, error) {
	switch string(b) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, errBool
}
