package content

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowpane/viewer/flow"
	"flowpane/viewer/jsontext"
)

// minEncoded is how long a value must be to be taken for an encoded one, in
// bytes: all short words are Base64.
const minEncoded = 16

// decodeValue returns what a value encodes, and how; no kind if nothing that
// makes sense: printable text of some length, or what begins as a known format
// does. Random bytes, as in digests and identifiers, do not.
//
// What is text of a format of its own, such as JSON in a field of a form, is of
// that kind and stays as it is.
func decodeValue(value []byte, room int) (kind, contentType string, decoded []byte) {
	text := bytes.TrimSpace(value)
	if inner := Guess(text); inner != "" && len(text) > 2 {
		return map[string]string{"application/jwt": "JWT", "application/json": "JSON", "text/html": "Markup"}[inner] + imageKind(inner), inner, text
	}
	if kind, decoded := decompressed(value, room); kind != "" {
		return kind, Guess(decoded), decoded
	}
	if media, data, ok := dataURL(text); ok {
		return "Data URL", media, data
	}
	if len(text) < minEncoded || len(text)*3/4 > room {
		return "", "", nil
	}
	for _, c := range [...]struct {
		kind   string
		decode func([]byte) []byte
	}{{"Hex", fromHex}, {"Base64", fromBase64}, {"Percent-encoded", fromPercent}} {
		if decoded = c.decode(text); !makesSense(decoded) {
			continue
		}
		if inner, unpacked := decompressed(decoded, room); inner != "" {
			return c.kind + ", " + inner, Guess(unpacked), unpacked
		}
		return c.kind, Guess(decoded), decoded
	}
	return "", "", nil
}

func imageKind(mediaType string) string {
	if strings.HasPrefix(mediaType, "image/") {
		return "Image"
	}
	return ""
}

// decompressed undoes a compression that tells itself by its first bytes.
func decompressed(data []byte, room int) (kind string, decoded []byte) {
	if len(data) < 8 {
		return "", nil
	}
	encoding := ""
	switch {
	case bytes.HasPrefix(data, []byte("\x1f\x8b\x08")):
		encoding = "gzip"
	case bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")):
		encoding = "zstd"
	case data[0] == 0x78 && (data[1] == 0x01 || data[1] == 0x5e || data[1] == 0x9c || data[1] == 0xda):
		encoding = "deflate"
	default:
		return "", nil
	}
	if decoded, err := flow.Decode(data, encoding, max(room, 0)); err == nil {
		return encoding, decoded
	}
	return "", nil
}

// dataURL reads the data of a URL. Source: https://www.rfc-editor.org/rfc/rfc2397
func dataURL(text []byte) (contentType string, data []byte, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte("data:"))
	head, body, found := bytes.Cut(rest, []byte(","))
	if !ok || !found || len(head) > 200 {
		return "", nil, false
	}
	if media, is := strings.CutSuffix(string(head), ";base64"); is {
		data = fromBase64(unescapePercent(body))
		return media, data, data != nil
	}
	return string(head), unescapePercent(body), true
}

func fromHex(text []byte) []byte {
	decoded, err := hex.AppendDecode(nil, text)
	if err != nil {
		return nil
	}
	return decoded
}

// fromBase64 decodes Base64 of either alphabet, padded or not, in lines or not.
func fromBase64(text []byte) []byte {
	plain := bytes.TrimRight(bytes.Join(bytes.Fields(text), nil), "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(plain, "-_") {
		encoding = base64.RawURLEncoding
	}
	decoded, err := encoding.AppendDecode(nil, plain)
	if err != nil {
		return nil
	}
	return decoded
}

// fromPercent decodes what is encoded throughout, as a value within a URL is. In
// a URL as a whole some characters stand for themselves.
func fromPercent(text []byte) []byte {
	if bytes.ContainsAny(text, " \t\n:/?#[]@&=+$,;\"<>{}") {
		return nil
	}
	if decoded := unescapePercent(text); len(decoded) < len(text) {
		return decoded
	}
	return nil
}

// makesSense reports whether decoded bytes are something: printable text, or
// what begins like a compressed or known file.
func makesSense(data []byte) bool {
	if len(data) < minEncoded/2 {
		return false
	}
	for _, magic := range [...]string{"\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "PK\x03\x04", "%PDF-", "SQLite format 3", "-----BEGIN "} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	if kind, _ := decompressed(data, len(data)*1000); kind != "" || sniff(data).preview != "" {
		return true
	}
	if !utf8.Valid(data) {
		return false
	}
	for _, r := range string(data) {
		if !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
	}
	return true
}

// json adds the values of a JSON text that encode something. A value is called
// by its path: a.b[0].
func (f *finder) json(text []byte) {
	r := jsontext.NewReader(text)
	var path jsonPath
	for {
		token, err := r.Next()
		if err != nil { // the end, or of what is JSON
			return
		}
		if token.Kind == jsontext.String && !path.isName() && len(token.Raw) > 4 && !f.value(path.String(), "", "", []byte(token.Text())) {
			return
		}
		path.take(token)
	}
}

// jsonPath says where in a JSON text a token stands.
type jsonPath []jsonLevel

type jsonLevel struct {
	isArray bool
	index   int
	name    string
	named   bool // the name has come, its value has not
}

// isName reports whether the next string is that of a member.
func (p jsonPath) isName() bool {
	return len(p) > 0 && !p[len(p)-1].isArray && !p[len(p)-1].named
}

// take goes on behind a token.
func (p *jsonPath) take(token jsontext.Token) {
	switch {
	case token.Kind == jsontext.Object || token.Kind == jsontext.Array:
		*p = append(*p, jsonLevel{isArray: token.Kind == jsontext.Array})
		return
	case token.Kind == jsontext.ObjectEnd || token.Kind == jsontext.ArrayEnd:
		*p = (*p)[:len(*p)-1]
	case p.isName():
		level := &(*p)[len(*p)-1]
		level.name, level.named = token.Text(), true
		return
	}
	if n := len(*p); n > 0 { // a value has ended
		level := &(*p)[n-1]
		level.named = false
		level.index++
	}
}

func (p jsonPath) String() string {
	var b strings.Builder
	for _, level := range p {
		switch {
		case level.isArray:
			b.WriteString("[" + strconv.Itoa(level.index) + "]")
		case isPlainName(level.name):
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(level.name)
		default:
			b.WriteString("[" + strconv.Quote(level.name) + "]")
		}
	}
	return b.String()
}

func isPlainName(name string) bool {
	return name != "" && nameLen(name) == len(name) && !strings.ContainsAny(name, ".:@")
}
