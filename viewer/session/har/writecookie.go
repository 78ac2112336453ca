package har

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"
)

// cookies writes the cookies of Cookie fields.
func (o *object) cookies(fields [][]byte) {
	var pairs [][2][]byte
	for _, field := range fields {
		for pair := range bytes.SplitSeq(field, []byte(";")) {
			if pair = bytes.TrimSpace(pair); len(pair) > 0 {
				name, value, _ := bytes.Cut(pair, []byte("="))
				pairs = append(pairs, [2][]byte{bytes.TrimSpace(name), bytes.TrimSpace(value)})
			}
		}
	}
	o.pairs("cookies", pairs)
}

// pairs writes a list of names and values.
func (o *object) pairs(name string, pairs [][2][]byte) {
	o.key(name)
	o.w.list(len(pairs), func(i int) {
		p := o.w.object(pairSpec, nil)
		p.text("name", pairs[i][0])
		p.text("value", pairs[i][1])
		p.end()
	})
}

// setCookies writes the cookies of Set-Cookie fields.
func (o *object) setCookies(fields [][]byte) {
	o.key("cookies")
	o.w.list(len(fields), func(i int) {
		pair, attributes, _ := bytes.Cut(fields[i], []byte(";"))
		name, value, _ := bytes.Cut(pair, []byte("="))
		c := o.w.object(cookieSpec, nil)
		c.text("name", bytes.TrimSpace(name))
		c.text("value", bytes.TrimSpace(value))
		for attribute := range bytes.SplitSeq(attributes, []byte(";")) {
			c.attribute(attribute)
		}
		for _, flag := range [...]string{"httpOnly", "secure"} {
			if !c.has(c.property(flag)) {
				c.raw(flag, []byte("false"))
			}
		}
		c.end()
	})
}

// attribute writes an attribute of a cookie, the first of each name.
func (o *object) attribute(attribute []byte) {
	name, value, _ := bytes.Cut(attribute, []byte("="))
	value = bytes.TrimSpace(value)
	member := strings.ToLower(string(bytes.TrimSpace(name)))
	if member == "httponly" {
		member = "httpOnly"
	}
	if p := o.property(member); p == nil || o.has(p) {
		return
	}
	switch member {
	case "path", "domain":
		o.text(member, value)
	case "httpOnly", "secure":
		o.raw(member, []byte("true"))
	case "expires":
		if at, ok := cookieTime(string(value)); ok {
			o.date("expires", float64(at.Unix()))
		}
	}
}

// cookieTime reads the dates that servers send.
func cookieTime(s string) (time.Time, bool) {
	for _, layout := range [...]string{
		time.RFC1123, "Mon, 02-Jan-2006 15:04:05 MST", time.RFC850, "Mon, 02-Jan-06 15:04:05 MST", time.ANSIC,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// query writes the parameters of a URL, decoded where that gives text.
func (o *object) query(url []byte) {
	url, _, _ = bytes.Cut(url, []byte("#"))
	_, query, _ := bytes.Cut(url, []byte("?"))
	var pairs [][2][]byte
	for pair := range bytes.SplitSeq(query, []byte("&")) {
		if len(pair) > 0 {
			name, value, _ := bytes.Cut(pair, []byte("="))
			pairs = append(pairs, [2][]byte{unquery(name), unquery(value)})
		}
	}
	o.pairs("queryString", pairs)
}

// unquery undoes the encoding of a name or value in a query, or returns s if
// that is no text.
func unquery(s []byte) []byte {
	if !bytes.ContainsAny(s, "%+") {
		return append([]byte{}, s...)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			b = append(b, c)
		}
	}
	if !utf8.Valid(b) {
		return s
	}
	return b
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|' ' && c|' ' <= 'f' }

// unhex returns the value of a hexadecimal digit.
func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | ' ' - 'a' + 10
}
