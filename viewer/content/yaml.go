package content

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// A yamlValue is a node of a YAML document. The zero value is null.
type yamlValue struct {
	kind    yamlKind
	text    string       // of a scalar
	tag     string       // before a scalar: "!binary"
	comment string       // behind a scalar, without "#"
	items   []*yamlValue // of a list; of a map keys and values by turns
}

type yamlKind uint8

const (
	yamlIsPlain  yamlKind = iota // a scalar that is written as it is
	yamlIsString                 // a scalar that is quoted where it must be
	yamlIsLines                  // a scalar whose lines stand as such below a "|"
	yamlIsList
	yamlIsMap
)

// yamlString returns a text, which must be valid UTF-8.
func yamlString(s string) *yamlValue { return &yamlValue{kind: yamlIsString, text: s} }

// yamlLines returns a text, which must be valid UTF-8 and have no control
// characters but tabs and line breaks of one character.
func yamlLines(s string) *yamlValue {
	if strings.Contains(s, "\n") {
		return &yamlValue{kind: yamlIsLines, text: s}
	}
	return yamlString(s)
}

// yamlPlain returns a number or a word such as true; "" is null.
func yamlPlain(s string) *yamlValue { return &yamlValue{text: s} }

func yamlInt(n int) *yamlValue { return yamlPlain(strconv.Itoa(n)) }

func yamlBool(b bool) *yamlValue {
	if b {
		return yamlPlain("true")
	}
	return yamlPlain("false")
}

func yamlList(items ...*yamlValue) *yamlValue { return &yamlValue{kind: yamlIsList, items: items} }

// yamlMap returns a map of keys and values by turns.
func yamlMap(items ...*yamlValue) *yamlValue { return &yamlValue{kind: yamlIsMap, items: items} }

// add puts a string key and its value at the end of a map.
//
//go:noinline
func (v *yamlValue) add(key string, value *yamlValue) {
	v.items = append(v.items, yamlString(key), value)
}

func (v *yamlValue) isScalar() bool { return v.kind < yamlIsList }

// A yamlStyle is one of the two styles in which mitmproxy's views write YAML.
type yamlStyle uint8

const (
	// yamlRuamel is that of the views in Python, of the library ruamel.yaml:
	// behind column yamlWidth a text goes on in the next line.
	yamlRuamel yamlStyle = iota
	// yamlSerde is that of the views in Rust, of the library serde_yaml: lines
	// have any length, and texts of several lines stand as such below a "|".
	yamlSerde
)

const (
	yamlWidth = 80
	// textMax bounds the text, in bytes: indents multiply deep documents.
	textMax = 64 << 20
	// yamlNodes is how many nodes pass between two looks at the context.
	yamlNodes = 1024
	// yamlKeyMax is the length in bytes from which a key stands behind "?".
	yamlKeyMax = 128
)

var errTooLong = errors.New("indented it would be too long")

// writeYAML returns v in block style, with lists at the indent of their key. In
// the style of ruamel.yaml a list or map without items is "" at the top: so
// mitmproxy has it.
//
// Source: https://yaml.org/spec/1.2.2/
func writeYAML(ctx context.Context, style yamlStyle, v *yamlValue) (string, error) {
	w := &yamlWriter{ctx: ctx, style: style}
	switch {
	case v.isScalar():
		w.scalar(v, 0)
		w.line()
	case len(v.items) > 0:
		w.block(v, 0)
	case style == yamlSerde:
		w.put(emptyYAML(v))
		w.line()
	}
	return w.String(), w.err
}

// yamlWriter writes a document. After an error it writes no more.
type yamlWriter struct {
	output
	ctx       context.Context
	style     yamlStyle
	lineStart int  // where in the output the line begins
	wide      int  // how many bytes of the line are no characters of their own
	key       bool // a key is written: it must stay on its line
	nodes     int
	err       error
}

// line ends a line.
func (w *yamlWriter) line() {
	w.putByte('\n')
	w.lineStart, w.wide = w.len(), 0
}

func (w *yamlWriter) indent(n int) { w.repeat(" ", n) }

// column is how many characters the line has.
func (w *yamlWriter) column() int { return w.len() - w.lineStart - w.wide }

// block writes the items of a list or a map, each from a line of its own on.
// The first begins where the writer is.
func (w *yamlWriter) block(v *yamlValue, indent int) {
	step := int(v.kind-yamlIsList) + 1 // one node an item, or two
	for i := 0; i+step <= len(v.items) && w.proceed(); i += step {
		if i > 0 {
			w.indent(indent)
		}
		switch {
		case v.kind == yamlIsList:
			w.put("-")
			w.nested(v.items[i], indent)
		case w.simpleKey(v.items[i]):
			w.key = true
			w.scalar(v.items[i], indent)
			w.key = false
			w.put(":")
			w.below(v.items[i+1], indent)
		default:
			w.put("?")
			w.nested(v.items[i], indent)
			w.indent(indent)
			w.put(":")
			w.nested(v.items[i+1], indent)
		}
	}
}

// proceed reports whether to go on.
func (w *yamlWriter) proceed() bool {
	if w.nodes++; w.nodes%yamlNodes == 0 && w.err == nil {
		w.err = w.ctx.Err()
	}
	if w.err == nil && w.len() > textMax {
		w.err = errTooLong
	}
	return w.err == nil
}

// simpleKey reports whether v can stand before a ":" in its line.
func (w *yamlWriter) simpleKey(v *yamlValue) bool {
	return v.isScalar() && len(v.text) < yamlKeyMax && !strings.Contains(v.text, "\n")
}

// nested writes v behind a mark of one character ("-"), from which its items
// are indented.
func (w *yamlWriter) nested(v *yamlValue, indent int) {
	if w.leaf(v, indent) {
		return
	}
	w.put(" ")
	w.block(v, indent+2)
}

// below writes v behind a key, its items in the lines below.
func (w *yamlWriter) below(v *yamlValue, indent int) {
	if w.leaf(v, indent) {
		return
	}
	if v.kind == yamlIsMap {
		indent += 2
	}
	w.line()
	w.indent(indent)
	w.block(v, indent)
}

// leaf writes a value without items, and the end of its line.
func (w *yamlWriter) leaf(v *yamlValue, indent int) bool {
	switch {
	case v.isScalar():
		if v.kind != yamlIsPlain || v.text != "" {
			w.put(" ")
		}
		w.scalar(v, indent+2)
	case len(v.items) > 0:
		return false
	default:
		w.put(" ")
		w.put(emptyYAML(v))
	}
	w.line()
	return true
}

func emptyYAML(v *yamlValue) string {
	if v.kind == yamlIsList {
		return "[]"
	}
	return "{}"
}
