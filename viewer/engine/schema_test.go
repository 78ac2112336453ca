package engine_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"flowpane/proto/viewerpb"
)

// greeter is a descriptor set with a service that answers with a text.
func greeter(t testing.TB, field string) []byte {
	t.Helper()
	data, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{{
		Package: proto.String("a"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("In")}, {
			Name: proto.String("Out"),
			Field: []*descriptorpb.FieldDescriptorProto{
				{Name: proto.String(field), Number: proto.Int32(1), Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum()},
			},
		}},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name: proto.String("Greeter"),
			Method: []*descriptorpb.MethodDescriptorProto{
				{Name: proto.String("Greet"), InputType: proto.String(".a.In"), OutputType: proto.String(".a.Out")},
			},
		}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAddSchema(t *testing.T) {
	const entry = `{"startedDateTime":"2026-11-23T10:00:00Z","time":1,"request":{"method":"POST","url":"http://a.example/a.Greeter/Greet","httpVersion":"HTTP/2","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},` +
		`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/2","headers":[{"name":"content-type","value":"application/grpc"}],"cookies":[],"content":{"size":9,"mimeType":"application/grpc","encoding":"base64","text":%q},"redirectURL":"","headersSize":-1,"bodySize":9},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`
	har := `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[` +
		fmt.Sprintf(entry, base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x00\x04\x0a\x02hi"))) + "," +
		fmt.Sprintf(entry, base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x00\x04\x0a\x02ho"))) + `]}}`
	f := files{"x.har": []byte(har), "a.binpb": greeter(t, "text"), "b.binpb": greeter(t, "words"), "c.binpb": []byte("flow flow")}
	e, _ := opened(t, f, "x.har")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	shown := func() string { return body(t, e, all[0].Key, viewerpb.Part_RESPONSE, "auto").Text }
	if got := shown(); got != "1: hi\n" {
		t.Errorf("without a schema: %q", got)
	}
	for _, test := range []struct{ file, want, err string }{
		{"a.binpb", "# a.Out\ntext: hi\n", ""},
		{"b.binpb", "# a.Out\nwords: hi\n", ""},
		{"c.binpb", "# a.Out\nwords: hi\n", "c.binpb: descriptor set: "},
		{"missing.binpb", "# a.Out\nwords: hi\n", "no such file"},
	} {
		added, err := e.AddSchema(t.Context(), &viewerpb.Source{Name: test.file})
		switch {
		case test.err != "":
			if code(err) != viewerpb.Code_UNREADABLE || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v, want %q", test.file, err, test.err)
			}
		case err != nil || added.Messages != 2:
			t.Errorf("%s: %v, %v", test.file, added, err)
		}
		if got := shown(); got != test.want {
			t.Errorf("with %s: %q, want %q", test.file, got, test.want)
		}
	}
	if _, err := e.AddSchema(t.Context(), nil); code(err) != viewerpb.Code_UNREADABLE {
		t.Errorf("no file: %v", err)
	}
	c, err := e.Compare(t.Context(), all[0].Key, all[1].Key)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := comparedText(c.Parts[5]), " # a.Out\n-words: hi\n+words: ho\n"; got != want {
		t.Errorf("compared: %q, want %q", got, want)
	}
	openOne(t, e, &viewerpb.Source{Name: "x.har"})
	if got := shown(); got != "# a.Out\nwords: hi\n" {
		t.Errorf("in the next session: %q", got)
	}
}
