package hostile

import (
	"bytes"
	"fmt"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/pbstream"
	"flowpane/viewer/session/sessiondb"
)

// sizeInputs have more of something than anybody sends.
func sizeInputs() []Input {
	const huge, many = 10 << 20, 100_000
	long := sound(1)
	text := bytes.Repeat([]byte("<b>long\x1b "), huge/9)
	long.Response.Headers = append(long.Response.Headers, &flowpb.HTTPHeader{Name: []byte("Long"), Value: text})
	named := sound(2)
	named.Response.Headers = append(named.Response.Headers, &flowpb.HTTPHeader{Name: text[:huge/10], Value: []byte("x")})
	path := sound(3)
	path.Request.Path = text[:huge/10]
	headers := sound(4)
	for i := range many {
		headers.Response.Headers = append(headers.Response.Headers, &flowpb.HTTPHeader{Name: fmt.Appendf(nil, "X-%d", i%100), Value: []byte("a=b; c=d")})
	}
	cookies := sound(5)
	cookies.Request.Headers = append(cookies.Request.Headers, &flowpb.HTTPHeader{Name: []byte("Cookie"), Value: bytes.Repeat([]byte("a=b; "), many)})
	query := sound(6)
	query.Request.Path = append([]byte("/?"), bytes.Repeat([]byte("a=%zz&"), many)...)
	messages := &flowpb.Flow{Id: []byte("messages"), Kind: new(flowpb.Kind_TCP)}
	for range many / 5 {
		messages.Messages = append(messages.Messages, &flowpb.Message{Content: []byte("<b>"), FromClient: new(true), Timestamp: new(1.7e9)})
	}
	wide := &flowpb.Value{Dict: &flowpb.Value_Dict{}}
	for range many / 5 {
		wide.Dict.Pairs = append(wide.Dict.Pairs, &flowpb.Value_Pair{Key: &flowpb.Value{Text: []byte("same")}, Value: &flowpb.Value{Text: []byte("x")}})
	}
	meta := sound(7)
	meta.Metadata = wide

	all := flows{sound(0), long, named, path, headers, cookies, query, messages, meta, sound(8)}
	var inputs []Input
	for _, w := range []session.Writer{mitm.Writer, har.Writer, sessiondb.Writer, pbstream.Writer} {
		n := len(all)
		if w.Name == har.Format.Name {
			n-- // without messages
		}
		inputs = append(inputs, Input{Name: w.Name + ": long and many", Records: n, Flows: n, Large: true, Make: func() []byte { return written(w, all) }})
	}
	same := sound(9) // the same id, again and again
	return append(inputs, Input{
		Name: "pbstream: one id", Records: many / 5, Flows: many / 5, Large: true,
		Make: func() []byte { return bytes.Repeat(stream(flows{same}), many/5) },
	})
}
