package har

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestWriteDates(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "1970-01-01T00:00:00.000000Z", 1.9999999: "1970-01-01T00:00:02.000000Z", -0.5: "1969-12-31T23:59:59.500000Z",
		253402300798: "9999-12-31T23:59:58.000000Z", 253402300799: epoch, -62167219200: "0000-01-01T00:00:00.000000Z", 1e300: epoch,
	} {
		got := appendDate(nil, seconds)
		if string(got) != want || !isDate(got) {
			t.Errorf("%v: %s, want %s", seconds, got, want)
		}
	}
	for date, want := range map[string]bool{
		"2026-01-02T03:04:05Z": true, "2026-01-02T03:04:05.1+01:00": true, "2026-01-02T03:04:05.123456789-0130": true,
		"2026-01-02T03:04:05": false, "2026-01-02T03:04:05.": false, "2026-01-02T03:04:05.Z": false, "2026-13-02T03:04:05Z": false,
		"2026-01-02 03:04:05Z": false, "2026-01-02T03:04Z": false, "": false, "2026-01-02T03:04:05+": false, "2026-01-02T03:04:05x0100": false,
	} {
		if isDate([]byte(date)) != want {
			t.Errorf("%q is a date: %v", date, !want)
		}
	}
}

// TestWriteJSON compares what is taken for JSON with encoding/json.
func TestWriteJSON(t *testing.T) {
	for _, b := range []string{
		``, ` `, `{}`, ` { } `, `{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{1:2}`, `{"a":1 "b":2}`, `{"a":1,"b":[{"c":null}]}`, `{"a":1}}`,
		`[]`, `[1,2 , "x"]`, `[1,]`, `[,1]`, `[1 2]`, `[`, `{`, `"`, `"a`, `"\`, `"\u12`, `"\u12g4"`, `"\q"`, `"\"\u00e9"`, "\"\n\"", `tru`, `true`, `-`, `-0.5e+3`, `01`, `nul l`,
		strings.Repeat("[", 300) + strings.Repeat("]", 300),
	} {
		if got, want := isJSON([]byte(b)), json.Valid([]byte(b)); got != want {
			t.Errorf("%.40q is JSON: %v", b, got)
		}
		var object map[string]json.RawMessage
		_ = json.Unmarshal([]byte(b), &object)
		if got := members([]byte(b)); json.Valid([]byte(b)) && len(got) != len(object) {
			t.Errorf("%q has the members %v", b, got)
		}
		var list []json.RawMessage
		fails := json.Unmarshal([]byte(b), &list) != nil
		if got, ok := items([]byte(b)); json.Valid([]byte(b)) && (ok == fails || len(got) != len(list)) {
			t.Errorf("%q has the items %q", b, got)
		}
	}
	if isJSON([]byte(strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2))) {
		t.Error("nested too deeply, and taken")
	}
	got := members([]byte(` {"a" : [1, 2] , "b\n":"c"} `))
	want := []member{{key: []byte("a"), value: []byte("[1, 2]")}, {key: []byte(`b\n`), value: []byte(`"c"`)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("members %v", got)
	}
}
