package export

import (
	"strconv"
	"strings"
	"unicode"
)

// fetch writes a call of JavaScript. A browser sends some headers itself, and
// refuses them from a page; Node and Deno take them.
//
// Source: https://fetch.spec.whatwg.org/#fetch-method
func fetch(x Exchange) (Text, error) {
	c, err := newCall(x)
	if err != nil {
		return Text{}, err
	}
	var b strings.Builder
	b.WriteString("await fetch(" + js(c.url) + ", {\n  method: " + js(c.method) + ",\n")
	if len(c.headers) > 0 {
		b.WriteString("  headers: [\n")
		for _, h := range c.headers {
			b.WriteString("    [" + js(h.name) + ", " + js(h.value) + "],\n")
		}
		b.WriteString("  ],\n")
	}
	if len(c.body) > 0 {
		if text, ok := c.text(); ok {
			b.WriteString("  body: " + js(text) + ",\n")
		} else {
			b.WriteString("  body: Uint8Array.from(atob(" + js(base64Of(c.body)) + "), (c) => c.charCodeAt(0)),\n")
		}
	}
	b.WriteString("  redirect: \"manual\",\n});\n")
	return Text{Bytes: []byte(b.String()), Notes: c.notes}, nil
}

// js writes a string that is one in JavaScript, in JSON, and within a <script>.
func js(s string) string {
	return quoted(s, func(r rune) string {
		if r > 0xffff {
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			return unicode4(high) + unicode4(low)
		}
		return unicode4(r)
	}, "<>&\u2028\u2029")
}

func unicode4(r rune) string {
	digits := strconv.FormatInt(int64(r), 16)
	return `\u` + strings.Repeat("0", 4-len(digits)) + digits
}

// python writes a call of the library requests. It has one value for each name:
// repeated headers are joined.
//
// Source: https://requests.readthedocs.io/en/latest/api/
func python(x Exchange) (Text, error) {
	c, err := newCall(x)
	if err != nil {
		return Text{}, err
	}
	var b strings.Builder
	b.WriteString("import requests\n\nresponse = requests.request(\n    " + py(c.method) + ",\n    " + py(c.url) + ",\n")
	if merged := merge(c.headers); len(merged) > 0 {
		b.WriteString("    headers={\n")
		for _, h := range merged {
			b.WriteString("        " + py(h.name) + ": " + py(h.value) + ",\n")
		}
		b.WriteString("    },\n")
	}
	if len(c.body) > 0 {
		b.WriteString("    data=" + pyBytes(c.body) + ",\n")
	}
	b.WriteString("    allow_redirects=False,\n)\nprint(response.status_code, response.text)\n")
	return Text{Bytes: []byte(b.String()), Notes: c.notes}, nil
}

func py(s string) string {
	return quoted(s, func(r rune) string {
		digits := strconv.FormatInt(int64(r), 16)
		return `\U` + strings.Repeat("0", 8-len(digits)) + digits
	}, "")
}

// pyBytes writes bytes.
func pyBytes(p []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for _, c := range p {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case ' ' <= c && c <= '~':
			b.WriteByte(c)
		default:
			const digits = "0123456789abcdef"
			b.Write([]byte{'\\', 'x', digits[c>>4], digits[c&15]})
		}
	}
	return b.String() + `"`
}

// merge joins the values of headers that have the same name.
func merge(headers []header) (merged []header) {
	at := map[string]int{}
	for _, h := range headers {
		name := strings.ToLower(h.name)
		i, known := at[name]
		switch {
		case !known:
			at[name] = len(merged)
			merged = append(merged, h)
		case name == "cookie":
			merged[i].value += "; " + h.value
		default:
			merged[i].value += ", " + h.value
		}
	}
	return merged
}

// quoted writes a string in double quotes. escape writes what neither prints nor
// may stand there, which the runes of also do not.
func quoted(s string, escape func(rune) string, also string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case !unicode.IsPrint(r) || strings.ContainsRune(also, r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
