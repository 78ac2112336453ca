package link_test

import (
	"strings"
	"testing"

	"flowpane/viewer/link"
)

var raws = []struct{ address, raw string }{
	{"https://github.com/o/r/blob/main/a.har", "https://raw.githubusercontent.com/o/r/main/a.har"},
	{"https://www.github.com/o/r/blob/v1.2/dir/a%20b.mitm?raw=true#L10", "https://raw.githubusercontent.com/o/r/v1.2/dir/a%20b.mitm"},
	{"https://github.com/o/r/blob/refs/heads/feature/x/a.har", "https://raw.githubusercontent.com/o/r/refs/heads/feature/x/a.har"},
	{"https://github.com/o/r/raw/main/a.har", "https://raw.githubusercontent.com/o/r/main/a.har"},
	{"https://gist.github.com/u/0123abcdef", "https://gist.githubusercontent.com/u/0123abcdef/raw"},
	{"https://gist.github.com/u/0123abcdef/", "https://gist.githubusercontent.com/u/0123abcdef/raw"},
	{"https://gist.github.com/u/0123abcdef#file-login-flow-har", "https://gist.githubusercontent.com/u/0123abcdef/raw/login-flow.har"},
	{"https://gist.github.com/u/0123abcdef#file-capture", "https://gist.githubusercontent.com/u/0123abcdef/raw/capture"},
	{"https://gist.github.com/u/0123abcdef/89ef#file-a-mitm", "https://gist.githubusercontent.com/u/0123abcdef/raw/89ef/a.mitm"},
	{"https://gist.github.com/u/0123abcdef/raw/89ef/A.har", "https://gist.githubusercontent.com/u/0123abcdef/raw/89ef/A.har"},
	{"https://gist.github.com/u/0123abcdef#gistcomment-1", "https://gist.githubusercontent.com/u/0123abcdef/raw"},
}

// kept are addresses of no page about a file that can be read elsewhere.
var kept = []string{
	"",
	"samples/shop.mitm",
	"https://raw.githubusercontent.com/o/r/main/a.har",
	"https://github.com/o/r",
	"https://github.com/o/r/tree/main/dir",
	"https://github.com/o/r/blob/main",
	"https://github.com/o/r/releases/download/v1/a.har",
	"https://gist.github.com/u",
	"https://gist.github.com/0123abcdef",
	"https://gist.github.com/u/not-an-id",
	"https://gist.github.com/u/0123abcdef/revisions",
	"https://github.com.example/o/r/blob/main/a.har",
	"https://example.com/github.com/o/r/blob/main/a.har",
	"https://user@github.com/o/r/blob/main/a.har",
	"http://github.com/o/r/blob/main/a.har",
	"https://gitlab.com/o/r/-/blob/main/a.har",
	"javascript:https://github.com/o/r/blob/main/a.har",
}

func TestRaw(t *testing.T) {
	for _, test := range raws {
		if got := link.Raw(test.address); got != test.raw {
			t.Errorf("Raw(%q) = %q, want %q", test.address, got, test.raw)
		}
	}
	for _, address := range kept {
		if got := link.Raw(address); got != address {
			t.Errorf("Raw(%q) = %q", address, got)
		}
	}
}

// FuzzRaw: an address is left as it is, or becomes one of the two hosts; what
// it has become is final.
func FuzzRaw(f *testing.F) {
	for _, test := range raws {
		f.Add(test.address)
	}
	for _, address := range kept {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		raw := link.Raw(address)
		if raw == address {
			return
		}
		if again := link.Raw(raw); again != raw {
			t.Errorf("%q became %q, and then %q", address, raw, again)
		}
		if !strings.HasPrefix(raw, "https://raw.githubusercontent.com/") && !strings.HasPrefix(raw, "https://gist.githubusercontent.com/") {
			t.Errorf("%q became %q", address, raw)
		}
	})
}
