package export

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
)

func TestTable(t *testing.T) {
	flows := &session.List{Flows: []*flowpb.Flow{
		{
			Id: []byte("a"), Kind: new(flowpb.Kind_HTTP), Comment: []byte("=cmd|' /C calc'!A0"),
			Request: &flowpb.HTTPRequest{Method: []byte("get"), Scheme: []byte("https"), Host: []byte("x.test"), Port: new(int32(443)), Path: []byte(`/a,"b"`), HttpVersion: []byte("HTTP/1.1"),
				Content: []byte("12"), TimestampStart: new(1718000000.25), TimestampEnd: new(1718000000.5)},
			Response: &flowpb.HTTPResponse{StatusCode: new(int32(404)), Content: []byte("abc"), TimestampStart: new(1718000000.5), TimestampEnd: new(1718000000.75)},
		},
		{Id: []byte("-b"), Kind: new(flowpb.Kind_TCP)},
	}}
	var b bytes.Buffer
	if err := Table.Write(t.Context(), &b, flows); err != nil {
		t.Fatal(err)
	}
	var read [][]string
	for cells, err := range Rows(bytes.NewReader(b.Bytes())) {
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, cells)
	}
	if len(read) != 3 || read[1][6] != `/a,"b"` || read[1][20] != "=cmd|' /C calc'!A0" || read[2][0] != "-b" {
		t.Errorf("its rows are %q", read)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		strings.Split("id start protocol method scheme host path url version status content_type request_bytes response_bytes duration_ms client server tls replay error marker comment", " "),
		{"a", "2024-06-10T06:13:20.25Z", "http", "GET", "https", "x.test", `/a,"b"`, `https://x.test/a,"b"`, "HTTP/1.1", "404", "", "2", "3", "500", "", "", "false", "", "", "", "'=cmd|' /C calc'!A0"},
	}
	if len(rows) != 3 || !reflect.DeepEqual(rows[:2], want) {
		t.Errorf("the table is %q, want %q", rows, want)
	}
	if row := rows[len(rows)-1]; row[0] != "'-b" || row[2] != "tcp" || row[1] != "" || row[13] != "" {
		t.Errorf("an empty flow is %q", row)
	}
	if got := Table.Losses(flows.Flows[0]); len(got) == 0 {
		t.Error("nothing is lost")
	}
}
