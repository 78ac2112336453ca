package api_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"flowpane/viewer/api"
)

func TestReadable(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"flow 3: cut\nÄ 日本 😀":         "flow 3: cut\nÄ 日本 😀",
		"a\u202eb\x00c\x1b[31m\u2028": `a\u202eb\x00c\x1b[31m\u2028`,
		"\xff<b>\U000e0041":           "\ufffd<b>\\U000e0041",
	} {
		if got := api.Readable(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("€", 500), strings.Repeat("\x00", 5000), strings.Repeat("\xbf", 5000)} {
		got := api.Readable(long)
		if len(got) > 5000 || !utf8.ValidString(got) || !strings.HasSuffix(got, "…") {
			t.Errorf("%.9q is %d bytes: %q", long, len(got), got)
		}
	}
}
