package content

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestRecords(t *testing.T) {
	for _, test := range []struct{ mediaType, body, want string }{
		{"application/x-ndjson", "{\"a\":1}\n[]\r\n\n 2\n", "{\n    \"a\": 1\n}\n[]\n2\n"},
		{"application/jsonl", "1\n{\"a\":", "1\n{\"a\":\n"},
		{"application/jsonl", "x\n1 2\n{}", "x\n1 2\n{}\n"},
		{"application/jsonl", "x\ny", "[there is no JSON]"},
		{"application/jsonl", "", "[there is no JSON]"},
		{"application/jsonl", "{\n\"a\": 1\n}\n", "{\n    \"a\": 1\n}"},
		{"application/json-seq", "\x1e{\"a\":\n1}\n\x1e[]\n\x1e\x1e{\n\x1e2", "{\n    \"a\": 1\n}\n[]\n{\n2\n"},
		{"application/json-seq", "1\n2\n", "1\n2\n"},
		{"application/x-ndjson; charset=utf-16le", "1\x00\n\x002\x00", "1\n2\n"},
		{"application/json", "1\n2\n", "[byte 2: unexpected '2']"},
	} {
		if got := shown(jsonView(), Describe(test.mediaType), test.body); got != test.want {
			t.Errorf("%q as %s: %q, want %q", test.body, test.mediaType, got, test.want)
		}
	}
	for _, mediaType := range []string{"application/ndjson", "application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/json-seq", "application/geo+json-seq"} {
		if v := choose(Describe(mediaType), []byte("1\n2")); v.Name != "json" {
			t.Errorf("%s: auto takes %s", mediaType, v.Name)
		}
	}
}

func TestRecordBounds(t *testing.T) {
	deep := strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n"
	if _, err := showRecords(context.Background(), strings.Repeat(deep, 100)); !errors.Is(err, errTooLong) {
		t.Errorf("deep: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := showRecords(ctx, "1\n2"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
