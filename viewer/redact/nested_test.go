package redact_test

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// within returns a message of Protocol Buffers with one field.
func within(number protowire.Number, content string) string {
	return string(protowire.AppendString(protowire.AppendTag(nil, number, protowire.BytesType), content))
}

// TestNested: a secret behind its name, in messages within messages, and what is
// too deep to be taken for one.
func TestNested(t *testing.T) {
	const s = "hunterhuntress"
	pair := within(1, "authToken") + within(2, s)
	for _, beside := range []string{"", within(2, "stays"), within(4, "a letter to bob, who lives far away"), within(5, "bob@corp.test")} {
		for _, number := range []protowire.Number{1, 3} {
			body := within(number, pair) + beside
			for range 30 {
				leak{"application/x-protobuf", body, s, "authToken"}.check(t, bodyOf(t, "application/x-protobuf", body))
				leak{"", body, s, "authToken"}.check(t, bodyOf(t, "", body))
				body = within(number, body) + beside
			}
		}
	}
}
