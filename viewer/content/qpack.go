package content

import (
	"errors"
	"strconv"
	"strings"
)

// fieldLines returns the "name: value" lines of a field section. What is in
// the dynamic table, which another stream fills, is shown by its number there.
//
// Source: https://www.rfc-editor.org/rfc/rfc9204#section-4.5
func fieldLines(data []byte) ([]string, error) {
	c := &qpackReader{cursor: cursor{data: data}}
	if _, err := c.prefixed(8); err != nil { // required insert count
		return nil, err
	}
	if _, err := c.prefixed(7); err != nil { // base
		return nil, err
	}
	var lines []string
	for c.more() {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

type qpackReader struct {
	cursor
	codes *huffmanCode // set when it is needed
}

// line reads one field.
func (r *qpackReader) line() (string, error) {
	first := r.data[r.at]
	var name string
	var err error
	switch {
	case first&0x80 != 0:
		return r.indexed(6, first&0x40 != 0)
	case first&0xc0 == 0x40:
		name, err = r.indexed(4, first&0x10 != 0)
	case first&0xe0 == 0x20:
		name, err = r.text(3)
	case first&0xf0 == 0x10:
		n, err := r.prefixed(4)
		return dynamicField("+", n), err
	default:
		var n uint64
		n, err = r.prefixed(3)
		name = dynamicField("+", n)
	}
	if err != nil {
		return "", err
	}
	if first&0xc0 == 0x40 {
		name = fieldName(name)
	}
	value, err := r.text(7)
	return name + ": " + value, err
}

// indexed reads the number of a field in a table, and returns that field.
func (r *qpackReader) indexed(bits uint, static bool) (string, error) {
	n, err := r.prefixed(bits)
	switch {
	case err != nil:
		return "", err
	case !static:
		return dynamicField("", n), nil
	}
	for field := range strings.SplitSeq(qpackStatic, "\n") {
		if n == 0 {
			return field, nil
		}
		n--
	}
	return "", r.fail("the static table has no such field")
}

func dynamicField(sign string, n uint64) string {
	return "[dynamic " + sign + strconv.FormatUint(n, 10) + "]"
}

// fieldName returns what is before the ": " of a field. A name may begin with
// a colon.
func fieldName(field string) string {
	name, _, _ := strings.Cut(field, ": ")
	return name
}

// prefixed reads a number that begins with the lower bits of a byte.
// Source: https://www.rfc-editor.org/rfc/rfc7541#section-5.1
func (r *qpackReader) prefixed(bits uint) (uint64, error) {
	b, err := r.byte()
	full := uint64(1)<<bits - 1
	n := uint64(b) & full
	if err != nil || n < full {
		return n, err
	}
	more, err := readVarint(&r.cursor)
	if more > 1<<62 {
		return 0, r.fail("a number is too large")
	}
	return n + more, err
}

// text reads a string: one bit whether it is compressed, its length in the
// lower bits, and then itself.
func (r *qpackReader) text(bits uint) (string, error) {
	if !r.more() {
		return "", r.short()
	}
	compressed := r.data[r.at]>>bits&1 != 0
	size, err := r.prefixed(bits)
	if err != nil {
		return "", err
	}
	b, err := r.take(size)
	if err != nil || !compressed {
		return string(b), err
	}
	if r.codes == nil {
		r.codes = newHuffmanCode()
	}
	return r.codes.decode(b)
}

// huffmanCode decodes the one Huffman code of HPACK and QPACK. That is
// canonical: codes of one length follow each other in the order of their
// symbols, and shorter ones come before longer ones.
//
// Source: https://www.rfc-editor.org/rfc/rfc7541#appendix-B
type huffmanCode struct {
	count   [huffmanLongest + 1]uint32 // codes of each length
	symbols []uint16                   // in the order of their codes
}

const (
	huffmanLongest = 30
	// huffmanLengths has the length of the code of each symbol: 'a' for 5.
	// The last symbol ends the text and is never sent.
	huffmanLengths = "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf" +
		"ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix" +
		"prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs" +
		"vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv" + "z"
	huffmanEnd = 256
)

func newHuffmanCode() *huffmanCode {
	h := &huffmanCode{}
	for length := byte('a'); length <= 'z'; length++ {
		for symbol := range len(huffmanLengths) {
			if huffmanLengths[symbol] == length {
				h.count[length-'a'+5]++
				h.symbols = append(h.symbols, uint16(symbol))
			}
		}
	}
	return h
}

var errHuffman = errors.New("text is not compressed as it should be")

// decode returns the text of compressed data. What is left of the last byte
// is ones.
func (h *huffmanCode) decode(data []byte) (string, error) {
	var b strings.Builder
	var code, first, index uint32 // first: the lowest code of this length
	length, ones := 0, true
	for i := range 8 * len(data) {
		bit := uint32(data[i/8]>>(7-i%8)) & 1
		code, first = code<<1|bit, first<<1
		length, ones = length+1, ones && bit == 1
		if n := code - first; n < h.count[length] {
			symbol := h.symbols[index+n]
			if symbol == huffmanEnd {
				return "", errHuffman
			}
			b.WriteByte(byte(symbol))
			code, first, index, length, ones = 0, 0, 0, 0, true
			continue
		}
		first += h.count[length]
		index += h.count[length]
	}
	if length > 7 || !ones {
		return "", errHuffman
	}
	return b.String(), nil
}
