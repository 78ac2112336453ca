package content

import (
	"context"
	"encoding/binary"

	"flowpane/viewer/flow"
)

// dnsView shows a DNS message as YAML, in mitmproxy's words. That takes two
// bytes for a length from the begin of every HTTP body, which DNS over HTTPS
// does not have; here they go only if they are the length and the message is
// none with them.
//
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-4,
// https://www.rfc-editor.org/rfc/rfc8484
func dnsView() View {
	return View{
		Name:  "dns",
		Label: "DNS",
		About: "DNS message: questions and records",
		Whole: true,
		Priority: func(meta Metadata, _ []byte) float64 {
			if meta.MediaType == "application/dns-message" || meta.Origin == DNS || meta.Port == 53 || meta.Port == 5353 {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			v, err := dnsMessage(data)
			if err != nil && len(data) > 2 && int(binary.BigEndian.Uint16(data)) == len(data)-2 {
				v, err = dnsMessage(data[2:])
			}
			if err != nil {
				return Rendered{}, err
			}
			text, err := writeYAML(ctx, yamlRuamel, v)
			return Rendered{Text: text}, err
		},
	}
}

// dnsReader reads a message.
type dnsReader struct {
	cursor
	size int // of the data of the records
}

func dnsMessage(data []byte) (*yamlValue, error) {
	r := &dnsReader{cursor: cursor{data: data}}
	header, err := r.take(12)
	if err != nil {
		return nil, err
	}
	word := func(i int) uint16 { return binary.BigEndian.Uint16(header[2*i:]) }
	v := dnsHeader(word(0), word(1))
	for i, section := range [...]string{"questions", "answers", "authorities", "additionals"} {
		entries := yamlList()
		for range word(2 + i) {
			entry, err := r.entry(i > 0)
			if err != nil {
				return nil, err
			}
			entries.items = append(entries.items, entry)
		}
		v.add(section, entries)
	}
	if r.more() {
		return nil, r.fail("there is data behind the end")
	}
	v.add("size", yamlInt(r.size))
	return v, nil
}

func dnsHeader(id, flags uint16) *yamlValue {
	v := yamlMap()
	flag := func(bit int) *yamlValue { return yamlBool(flags>>bit&1 != 0) }
	v.add("id", yamlInt(int(id)))
	v.add("query", yamlBool(flags>>15 == 0))
	v.add("op_code", yamlString(flow.OpCode(int32(flags>>11&15))))
	v.add("authoritative_answer", flag(10))
	v.add("truncation", flag(9))
	v.add("recursion_desired", flag(8))
	v.add("recursion_available", flag(7))
	v.add("response_code", yamlString(flow.ResponseCode(int32(flags&15))))
	return v
}

// entry reads a question, or a record, which has more behind that.
func (r *dnsReader) entry(record bool) (*yamlValue, error) {
	name, err := r.name()
	if err != nil {
		return nil, err
	}
	b, err := r.take(4)
	if err != nil {
		return nil, err
	}
	kind := int32(binary.BigEndian.Uint16(b))
	v := yamlMap()
	v.add("name", yamlString(nameText(name)))
	v.add("type", yamlString(flow.RecordType(kind)))
	v.add("class", yamlString(flow.RecordClass(int32(binary.BigEndian.Uint16(b[2:])))))
	if !record {
		return v, nil
	}
	ttl, err := r.uint(4)
	if err != nil {
		return nil, err
	}
	start := r.at + 2
	if _, err := r.sized(2); err != nil {
		return nil, err
	}
	data := expandNames(r.data[:r.at], start, kind)
	r.size += len(data)
	v.add("ttl", yamlInt(int(ttl)))
	v.add("data", dnsData(kind, data))
	return v, nil
}
