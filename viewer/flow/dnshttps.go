package flow

import (
	"encoding/binary"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// httpsText returns the data of an HTTPS record as mitmproxy writes it: a
// Python dict of target_name, priority and the service parameters, whose
// values are escaped bytes.
// Source: https://www.rfc-editor.org/rfc/rfc9460#section-2.2
func httpsText(data []byte) (string, bool) {
	if len(data) < 2 {
		return "", false
	}
	priority := int16(binary.BigEndian.Uint16(data))
	target, data, ok := targetName(data[2:])
	if !ok {
		return "", false
	}
	params, ok := serviceParams(data)
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString("{'target_name': " + quote(target) + ", 'priority': " + strconv.Itoa(int(priority)))
	for _, p := range params {
		b.WriteString(", " + paramName(p.key) + ": " + quote(escape(p.value)))
	}
	return b.String() + "}", true
}

// targetName reads a name of UTF-8 labels of any length.
func targetName(data []byte) (name string, rest []byte, ok bool) {
	var labels []string
	for {
		label, rest, ok := cutLabel(data)
		if !ok {
			return "", nil, false
		}
		if len(label) == 0 {
			return strings.Join(labels, "."), rest, true
		}
		text, ok := validUTF8(label)
		if !ok {
			return "", nil, false
		}
		labels, data = append(labels, text), rest
	}
}

type serviceParam struct {
	key   uint16
	value []byte
}

// serviceParams reads what follows the name. Of two parameters with one key
// the last counts, in the place of the first.
func serviceParams(data []byte) ([]serviceParam, bool) {
	var params []serviceParam
next:
	for len(data) > 0 {
		if len(data) < 4 {
			return nil, false
		}
		key, n := binary.BigEndian.Uint16(data), int(binary.BigEndian.Uint16(data[2:]))
		if data = data[4:]; len(data) < n {
			return nil, false
		}
		value := data[:n]
		data = data[n:]
		for i := range params {
			if params[i].key == key {
				params[i].value = value
				continue next
			}
		}
		params = append(params, serviceParam{key, value})
	}
	return params, true
}

func paramName(key uint16) string {
	names := [...]string{"mandatory", "alpn", "no_default_alpn", "port", "ipv4hint", "ech", "ipv6hint"}
	if int(key) < len(names) {
		return "'" + names[key] + "'"
	}
	return strconv.Itoa(int(key))
}

// escape writes bytes as text: printable ASCII as it is, the rest as \n, \t,
// \r, \\ or \xNN.
func escape(value []byte) string {
	var b strings.Builder
	for _, c := range value {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\\':
			b.WriteString(`\\`)
		case c < 0x20 || c > 0x7e:
			const digits = "0123456789abcdef"
			b.Write([]byte{'\\', 'x', digits[c>>4], digits[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quote writes valid text as Python's repr does.
func quote(s string) string {
	mark := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	var b strings.Builder
	b.WriteByte(mark)
	for _, r := range s {
		switch {
		case r == rune(mark):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			b.WriteString(escape([]byte{byte(r)}))
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			b.WriteString(escape([]byte{byte(r)}))
		case r <= 0xffff:
			b.WriteString(`\u` + hexDigits(r, 4))
		default:
			b.WriteString(`\U` + hexDigits(r, 8))
		}
	}
	b.WriteByte(mark)
	return b.String()
}

func hexDigits(r rune, n int) string {
	s := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", n-len(s)) + s
}

func validUTF8(b []byte) (string, bool) { return string(b), utf8.Valid(b) }
