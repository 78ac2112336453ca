package hostile

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"reflect"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/sessiondb"
)

// flows is what the writers write. All bodies are in it.
type flows []*flowpb.Flow

func (f flows) All(context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		for _, f := range f {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (flows) Body(*flowpb.Body) (blob.Source, error) {
	return nil, errors.New("hostile: a body that is elsewhere")
}

func (f flows) About(uint32) *flowpb.About {
	return &flowpb.About{HarLog: []byte(asJSON(dict{{"comment", "<script>" + script + "</script>"},
		{"creator", dict{{"name", "<img src=x onerror=" + script + ">"}, {"version", "\u202e"}}}}))}
}

// written returns flows as a writer writes them.
func written(w session.Writer, f flows) []byte {
	var b bytes.Buffer
	if err := w.Write(context.Background(), &b, f); err != nil {
		panic("hostile: " + err.Error())
	}
	return b.Bytes()
}

// stream returns flows as a protobuf stream, with what no writer of ours would
// write in them.
func stream(f flows) []byte {
	var b []byte
	for _, f := range f {
		b = protowire.AppendBytes(b, f.Append(nil))
	}
	return b
}

// exchange returns a request with its response, of a content type.
func exchange(id, contentType string, body []byte) *flowpb.Flow {
	return &flowpb.Flow{
		Id: []byte(id),
		Request: &flowpb.HTTPRequest{
			Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("hostile.example"), Port: new(int32(80)), Path: []byte("/" + id),
			HttpVersion: []byte("HTTP/1.1"), TimestampStart: new(1.7e9), Content: []byte{},
		},
		Response: &flowpb.HTTPResponse{
			HttpVersion: []byte("HTTP/1.1"), StatusCode: new(int32(200)), Reason: []byte("OK"), TimestampEnd: new(1.7e9 + 1),
			Headers: []*flowpb.HTTPHeader{{Name: []byte("Content-Type"), Value: []byte(contentType)}}, Content: body,
		},
	}
}

// filled returns a flow of a kind with each field set that there is, each text
// to text.
func filled(kind flowpb.Kind, text string) *flowpb.Flow {
	f := new(flowpb.Flow)
	fill(reflect.ValueOf(f).Elem(), text)
	f.Kind = &kind
	if kind != flowpb.Kind_HTTP {
		f.Request, f.Response, f.Websocket, f.Har = nil, nil, nil, nil
	}
	if kind != flowpb.Kind_TCP && kind != flowpb.Kind_UDP {
		f.Messages = nil
	}
	if kind != flowpb.Kind_DNS {
		f.DnsRequest, f.DnsResponse = nil, nil
	}
	f.Backup = new(flowpb.Flow)
	*f.Backup = *f
	f.Backup.Backup, f.Backup.Comment = nil, []byte("before")
	return f
}

// fill sets fields of a message: texts to text, numbers to 1 and lists to two
// items, but for references, which would name what is not there.
func fill(v reflect.Value, text string) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch name := v.Type().Field(i).Name; name {
		case "Backup", "Exact", "Body", "ClientRef", "ServerRef", "Source", "Derived", "Reversed", "Via", "Kind", "Integral":
			continue
		case "Metadata":
			field.Set(reflect.ValueOf(metadata(text)))
			continue
		case "Content":
			field.SetBytes([]byte("<p>" + text))
			continue
		}
		switch field.Interface().(type) {
		case []byte:
			field.SetBytes([]byte(text))
		case [][]byte:
			field.Set(reflect.ValueOf([][]byte{[]byte(text), []byte(text)}))
		case *float64:
			field.Set(reflect.ValueOf(new(1.7e9 + float64(i))))
		case *bool:
			field.Set(reflect.ValueOf(new(true)))
		default:
			fillOther(field, text)
		}
	}
}

func fillOther(field reflect.Value, text string) {
	switch {
	case field.Kind() == reflect.Slice:
		for range 2 {
			item := reflect.New(field.Type().Elem().Elem())
			fill(item.Elem(), text)
			field.Set(reflect.Append(field, item))
		}
	case field.Type().Elem().Kind() == reflect.Struct:
		field.Set(reflect.New(field.Type().Elem()))
		fill(field.Elem(), text)
	default: // an integer
		field.Set(reflect.New(field.Type().Elem()))
		one := reflect.ValueOf(1).Convert(field.Type().Elem())
		field.Elem().Set(one)
	}
}

func metadata(text string) *flowpb.Value {
	leaf := func() *flowpb.Value { return &flowpb.Value{Text: []byte(text)} }
	return &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{
		{Key: leaf(), Value: leaf()},
		{Key: leaf(), Value: &flowpb.Value{List: &flowpb.Value_List{Items: []*flowpb.Value{leaf(), {Bytes: []byte(text)}, {Integer: []byte("1")}}}}},
	}}}
}

// everyField returns flows of every kind with each of the texts in all fields.
func everyField(home string) flows {
	var all flows
	for _, text := range Texts(home) {
		for _, kind := range []flowpb.Kind{flowpb.Kind_HTTP, flowpb.Kind_TCP, flowpb.Kind_UDP, flowpb.Kind_DNS} {
			all = append(all, filled(kind, text))
		}
	}
	return all
}

// fieldInputs have each text in every field of every kind of file.
func fieldInputs(home string) []Input {
	all := append(flows{sound(0)}, everyField(home)...)
	var web flows
	for _, f := range all {
		if f.Request != nil {
			web = append(web, f)
		}
	}
	return []Input{
		{Name: "mitm: every field", Records: len(all), Flows: len(all), Make: func() []byte { return written(mitm.Writer, all) }},
		{Name: "har: every field", Records: len(web), Flows: len(web), Make: func() []byte { return written(har.Writer, web) }},
		{Name: "sessiondb: every field", Records: len(all), Flows: len(all), Make: func() []byte { return written(sessiondb.Writer, all) }},
		{Name: "pbstream: every field", Records: len(all), Flows: len(all), Make: func() []byte { return stream(all) }},
	}
}
