package flow

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// MetadataText returns what searches see of the metadata of f: "key: value" of
// each, a line each, with values as Python's str shows them.
func MetadataText(f *flowpb.Flow) string {
	var b strings.Builder
	for i, p := range f.GetMetadata().GetDict().GetPairs() {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(pythonStr(p.GetKey()) + ": " + pythonStr(p.GetValue()))
	}
	return b.String()
}

// pythonStr writes a value as Python's str does: text as it is.
func pythonStr(v *flowpb.Value) string {
	if v != nil && v.Text != nil {
		return strings.ToValidUTF8(string(v.Text), string(utf8.RuneError))
	}
	return pythonRepr(v)
}

// pythonRepr writes a value as Python's repr does, which values in lists and
// dicts are shown by.
func pythonRepr(v *flowpb.Value) string {
	switch {
	case v == nil:
	case v.Text != nil:
		return quote(strings.ToValidUTF8(string(v.Text), string(utf8.RuneError)))
	case v.Bytes != nil:
		return bytesRepr(v.Bytes)
	case v.Integer != nil:
		return string(v.Integer)
	case v.Number != nil:
		return string(AppendFloat(nil, *v.Number))
	case v.Boolean != nil && *v.Boolean:
		return "True"
	case v.Boolean != nil:
		return "False"
	case v.List != nil:
		items := make([]string, len(v.List.Items))
		for i, item := range v.List.Items {
			items[i] = pythonRepr(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case v.Dict != nil:
		pairs := make([]string, len(v.Dict.Pairs))
		for i, p := range v.Dict.Pairs {
			pairs[i] = pythonRepr(p.GetKey()) + ": " + pythonRepr(p.GetValue())
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return "None"
}

func bytesRepr(b []byte) string {
	mark := "'"
	if strings.Contains(string(b), "'") && !strings.Contains(string(b), `"`) {
		mark = `"`
	}
	return "b" + mark + strings.ReplaceAll(escape(b), mark, `\`+mark) + mark
}

// AppendFloat appends f as Python's repr writes it, which is how mitmproxy's
// dumps have it: the shortest digits that are read back as f, with an exponent
// where that is below -4 or above 15.
func AppendFloat(b []byte, f float64) []byte {
	size := math.Abs(f)
	switch {
	case math.IsNaN(f):
		return append(b, "nan"...)
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	case size >= 1e16 || size < 1e-4 && size != 0:
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	b = strconv.AppendFloat(b, f, 'f', -1, 64)
	if f == math.Trunc(f) {
		b = append(b, ".0"...)
	}
	return b
}
