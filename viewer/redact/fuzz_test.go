package redact_test

import (
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/jsontext"
	"flowpane/viewer/redact"
	"flowpane/viewer/redact/planted"
)

// FuzzBody redacts any body. What was found is gone, JSON stays JSON, and what
// it yields is a body that can be decoded as the header says.
func FuzzBody(f *testing.F) {
	seeds := planted.New(f)
	n := 0
	for _, g := range seeds.Flows {
		for _, part := range flow.Bodies(g) {
			headers := g.GetRequest().GetHeaders()
			if part.Side == flow.Response {
				headers = g.GetResponse().GetHeaders()
			}
			kind, _ := flow.Value(headers, "content-type")
			encoding, _ := flow.Value(headers, "content-encoding")
			f.Add(kind, encoding, *part.Content)
			n++
		}
	}
	if n < 20 {
		f.Fatalf("%d seeds", n)
	}
	f.Fuzz(func(t *testing.T, kind, encoding string, body []byte) {
		headers := []*flowpb.HTTPHeader{{Name: []byte("Content-Type"), Value: []byte(kind)}, {Name: []byte("Content-Encoding"), Value: []byte(encoding)}}
		g := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Headers: headers, Content: body}}
		r := redact.New(redact.Policy{})
		over, err := r.Over(t.Context(), list{g})
		if err != nil {
			t.Fatal(err)
		}
		for out, err := range over.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Watch().Flow(out, list{}.Body); err != nil {
				t.Fatalf("%v: %q", err, out.Response.Content)
			}
			if encoding == "" && len(body) > 0 && jsontext.Valid(body) && !jsontext.Valid(out.Response.Content) {
				t.Fatalf("no JSON any more: %q", out.Response.Content)
			}
		}
	})
}
