package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// A value is what JSON and tnetstrings can say: nil, a bool, a string, []byte
// (tnetstrings alone), number, list, dict, or raw.
type value any

type (
	number string // as written
	list   []value
	dict   []pair // keys may repeat
	raw    string // already encoded
)

type pair struct {
	key string
	value
}

// member returns the value of the first such key of a dict, which has it.
func member(v value, key string) value {
	for _, p := range v.(dict) {
		if p.key == key {
			return p.value
		}
	}
	panic("hostile: no " + key)
}

// with returns a dict with a key set, in its place or behind all others.
func (d dict) with(key string, v value) dict {
	d = append(dict(nil), d...)
	for i, p := range d {
		if p.key == key {
			d[i].value = v
			return d
		}
	}
	return append(d, pair{key, v})
}

// asJSON returns v as JSON. Text that is not UTF-8 stays as it is.
func asJSON(v value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case string:
		return quoted(v)
	case number:
		return string(v)
	case raw:
		return string(v)
	case list:
		b := []byte("[")
		for i, item := range v {
			b = append(append(b, comma(i)...), asJSON(item)...)
		}
		return string(append(b, ']'))
	case dict:
		b := []byte("{")
		for i, p := range v {
			b = append(append(append(b, comma(i)...), quoted(p.key)+":"...), asJSON(p.value)...)
		}
		return string(append(b, '}'))
	}
	panic(fmt.Sprintf("hostile: no JSON of %T", v))
}

func comma(i int) string { return ","[:min(i, 1)] }

func quoted(s string) string {
	b := []byte{'"'}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}

// parseJSON returns the value of JSON that a writer of ours wrote.
func parseJSON(text []byte) value {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return nextJSON(d)
}

func nextJSON(d *json.Decoder) value {
	token, err := d.Token()
	if err != nil {
		panic("hostile: " + err.Error())
	}
	switch token {
	case json.Delim('['):
		items := list{}
		for d.More() {
			items = append(items, nextJSON(d))
		}
		d.Token()
		return items
	case json.Delim('{'):
		pairs := dict{}
		for d.More() {
			pairs = append(pairs, pair{nextJSON(d).(string), nextJSON(d)})
		}
		d.Token()
		return pairs
	}
	if n, ok := token.(json.Number); ok {
		return number(n)
	}
	return token
}

// asTnet returns v as a tnetstring of mitmproxy's dialect.
func asTnet(v value) string {
	switch v := v.(type) {
	case nil:
		return "0:~"
	case bool:
		return element(strconv.FormatBool(v), '!')
	case string:
		return element(v, ';')
	case []byte:
		return element(string(v), ',')
	case number:
		if _, err := strconv.ParseFloat(string(v), 64); err == nil && bytes.ContainsAny([]byte(v), ".e") {
			return element(string(v), '^')
		}
		return element(string(v), '#')
	case raw:
		return string(v)
	case list:
		var b []byte
		for _, item := range v {
			b = append(b, asTnet(item)...)
		}
		return element(string(b), ']')
	case dict:
		var b []byte
		for _, p := range v {
			b = append(append(b, element(p.key, ';')...), asTnet(p.value)...)
		}
		return element(string(b), '}')
	}
	panic(fmt.Sprintf("hostile: no tnetstring of %T", v))
}

func element(payload string, tag byte) string {
	return strconv.Itoa(len(payload)) + ":" + payload + string(tag)
}

// parseTnet returns the first value of tnetstrings that a writer of ours wrote.
func parseTnet(r *bytes.Reader) value {
	var n int
	if _, err := fmt.Fscanf(r, "%d:", &n); err != nil {
		panic("hostile: " + err.Error())
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(r, payload)
	tag, err2 := r.ReadByte()
	if err != nil || err2 != nil {
		panic("hostile: a cut tnetstring")
	}
	inner := bytes.NewReader(payload)
	switch tag {
	case '~':
		return nil
	case '!':
		return string(payload) == "true"
	case ';':
		return string(payload)
	case ',':
		return payload
	case '#', '^':
		return number(payload)
	case ']':
		items := list{}
		for inner.Len() > 0 {
			items = append(items, parseTnet(inner))
		}
		return items
	}
	pairs := dict{}
	for inner.Len() > 0 {
		pairs = append(pairs, pair{parseTnet(inner).(string), parseTnet(inner)})
	}
	return pairs
}
