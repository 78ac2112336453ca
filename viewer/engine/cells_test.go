package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
)

// TestLongTexts: of what nobody reads to its end the table and the detail show
// the beginning, and how much more there is. All else knows all of it.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("€", 1<<20)
	f := &flowpb.Flow{
		Id:       []byte("long"),
		Request:  &flowpb.HTTPRequest{Method: []byte("GET"), Scheme: []byte("http"), Host: []byte("h"), Port: new(int32(80)), Path: []byte("/" + long), Headers: []*flowpb.HTTPHeader{{Name: []byte(long), Value: []byte(long)}}},
		Response: &flowpb.HTTPResponse{StatusCode: new(int32(200))},
	}
	for i := range 5000 {
		f.Response.Headers = append(f.Response.Headers, &flowpb.HTTPHeader{Name: fmt.Append(nil, "X-", i), Value: []byte("v")})
	}
	e, _ := opened(t, files{"long": protowire.AppendBytes(nil, f.Append(nil))}, "long")
	if v := show(t, e, &viewerpb.Watch{Filter: "~u €$ & ~hs X-4999"}); v.Shown != 1 {
		t.Fatalf("%d flows are found", v.Shown)
	}
	path := rows(t, e)[0].Path
	if len(path) > 3000 || !strings.HasPrefix(path, "/€") || !strings.HasSuffix(path, fmt.Sprint("€… (", len(long)+1-2047, " more bytes)")) {
		t.Errorf("the path is %d bytes: %q", len(path), path[max(len(path)-40, 0):])
	}
	d, err := e.Flow(t.Context(), "long")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.Append(nil)); n > 500_000 {
		t.Errorf("the detail has %d bytes", n)
	}
	if last := d.Response.Headers[len(d.Response.Headers)-1]; last.Value != "3000 more headers" {
		t.Errorf("the last header is %v", last)
	}
	terms, err := e.Terms(t.Context(), "long")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(terms.Append(nil)); n > 500_000 {
		t.Errorf("the terms have %d bytes", n)
	}
}
