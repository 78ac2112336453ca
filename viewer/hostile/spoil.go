package hostile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
)

// spoil yields v over and over: each time one thing in it is another value, is
// missing, or is there twice.
func spoil(v value, others []value, yield func(value)) {
	for _, o := range others {
		yield(o)
	}
	switch v := v.(type) {
	case list:
		for i, item := range v {
			yield(slices.Concat(v[:i], v[i+1:]))
			spoil(item, others, func(w value) { yield(slices.Concat(v[:i], list{w}, v[i+1:])) })
		}
	case dict:
		for i, p := range v {
			put := func(pairs ...pair) { yield(slices.Concat(v[:i], pairs, v[i+1:])) }
			put()
			put(p, pair{p.key, "twice"})
			put(pair{p.key + "\x00<b>", p.value})
			spoil(p.value, others, func(w value) { put(pair{p.key, w}) })
		}
	}
}

// others are values of every type, most of them absurd.
func others(home string) []value {
	return []value{
		nil, true, number("9223372036854775808"), number("-1"), number(strings.Repeat("9", 400)), number("1e308"),
		list{nil, list{dict{}}}, dict{{"", nil}, {"__proto__", dict{{"x", true}}}}, "\xff\xfe", Texts(home)[0],
	}
}

// sound is a flow that stands between those that are not, and has to be read.
func sound(n int) *flowpb.Flow {
	return exchange("sound-"+strconv.Itoa(n), "text/plain", []byte("sound"))
}

// spoiltInputs have records in which all is well but for one thing, each of
// their fields in turn.
func spoiltInputs(home string) []Input {
	return []Input{
		spoiltDumps(others(home)),
		spoiltArchives(others(home)),
		spoiltStreams(),
	}
}

func spoiltDumps(others []value) Input {
	whole := flows{filled(flowpb.Kind_HTTP, "plain"), filled(flowpb.Kind_TCP, "plain"), filled(flowpb.Kind_DNS, "plain")}
	for i, f := range whole {
		f.Backup = nil
		if i > 0 { // connections are of one kind
			f.ClientConn, f.ServerConn = nil, nil
		}
	}
	good := asTnet(parseTnet(bytes.NewReader(written(mitm.Writer, flows{sound(0)}))))
	records := bytes.NewReader(written(mitm.Writer, whole))
	var parsed []value
	for range whole {
		parsed = append(parsed, parseTnet(records))
	}
	in := Input{Name: "mitm: each field spoilt"}
	for _, v := range parsed {
		spoil(v, others, func(value) { in.Records++ })
	}
	in.Flows = in.Records
	in.Records *= 2
	in.Make = func() []byte {
		var b []byte
		for _, v := range parsed {
			spoil(v, others, func(w value) { b = append(append(b, asTnet(w)...), good...) })
		}
		return b
	}
	return in
}

func spoiltArchives(others []value) Input {
	entry := func(f *flowpb.Flow) value {
		return member(member(parseJSON(written(har.Writer, flows{f})), "log"), "entries").(list)[0]
	}
	f := filled(flowpb.Kind_HTTP, "plain")
	whole, good := entry(f), asJSON(entry(sound(0)))
	in := Input{Name: "har: each field spoilt"}
	spoil(whole, others, func(value) { in.Records++ })
	in.Flows = in.Records
	in.Records *= 2
	in.Make = func() []byte {
		b := []byte(`{"log":{"version":"1.2","entries":[`)
		spoil(whole, others, func(w value) { b = append(append(append(append(b, asJSON(w)...), ','), good...), ',') })
		return append(bytes.TrimSuffix(b, []byte(",")), `],"creator":"`+"\xff"+`","entries":[],"version":1e999}}`...)
	}
	return in
}

// spoiltStreams have each byte of a message changed, in one of three ways.
func spoiltStreams() Input {
	whole := filled(flowpb.Kind_HTTP, "plain").Append(nil)
	good := sound(0).Append(nil)
	return Input{
		Name: "pbstream: each byte spoilt", Records: len(whole), Flows: len(whole),
		Make: func() []byte {
			b := protowire.AppendBytes(nil, good)
			for i := range whole {
				bad := bytes.Clone(whole)
				bad[i] ^= []byte{0x01, 0x80, 0xff}[i%3]
				b = protowire.AppendBytes(b, bad)
				b = protowire.AppendBytes(b, good)
			}
			return b
		},
	}
}
