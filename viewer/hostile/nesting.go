package hostile

import (
	"bytes"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
)

// deep is how many levels what nests has.
const deep = 10_000

// nestingInputs nest without end, in places where a reader looks and in others.
func nestingInputs() []Input {
	record := parseTnet(bytes.NewReader(written(mitm.Writer, flows{sound(0)}))).(dict)
	entry := member(member(parseJSON(written(har.Writer, flows{sound(0)})), "log"), "entries").(list)[0].(dict)
	lists := raw(strings.Repeat("[", deep) + strings.Repeat("]", deep))
	objects := raw(strings.Repeat(`{"a":`, deep) + "1" + strings.Repeat("}", deep))
	return []Input{
		{Name: "mitm: deep", Records: 6, Flows: 2, Make: func() []byte {
			nested := raw(deepTnet(']', ""))
			var b string
			for _, v := range []value{record, record.with("metadata", nested), record.with("request", nested), record.with("unknown", raw(deepTnet('}', "1:a;"))), nested, record} {
				b += asTnet(v)
			}
			return []byte(b)
		}},
		{Name: "har: deep", Records: 5, Flows: 2, Make: func() []byte {
			var entries []string
			for _, v := range []value{entry, entry.with("_custom", lists), entry.with("request", objects), entry.with("cache", objects), entry} {
				entries = append(entries, asJSON(v))
			}
			return []byte(`{"before":` + string(lists) + `,"log":{"version":"1.2","pages":` + string(objects) + `,"entries":[` + strings.Join(entries, ",") + `],"comment":` + string(lists) + `}}`)
		}},
		{Name: "har: deep from the start", Make: func() []byte { return []byte(strings.Repeat(`{"log":`, 20*deep)) }},
		{Name: "pbstream: deep", Records: 4, Flows: 2, Make: func() []byte {
			b := stream(flows{sound(0)})
			b = protowire.AppendBytes(b, deepMessage(sound(1).Append(nil), 25)) // backups of backups
			value := (&flowpb.Value{Text: []byte("x")}).Append(nil)
			for range deep {
				value = deepField(deepField(value, 1), 6) // lists of lists
			}
			b = protowire.AppendBytes(b, append(sound(2).Append(nil), deepField(value, 24)...))
			return append(b, stream(flows{sound(3)})...)
		}},
	}
}

// deepTnet returns lists in lists, or dicts that each have the next as the
// value of a key.
func deepTnet(tag byte, key string) string {
	s := element("", tag)
	for range deep {
		s = element(key+s, tag)
	}
	return s
}

func deepField(message []byte, field protowire.Number) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), message)
}

func deepMessage(message []byte, field protowire.Number) []byte {
	for range deep {
		message = deepField(message, field)
	}
	return message
}
