package filter_test

import (
	"testing"

	"flowpane/viewer/filter"
)

func TestFromDevTools(t *testing.T) {
	for word, want := range map[string]string{
		"status-code:404": "~c 404", "Status-Code:200": "~c 200", "-method:GET": "!~m ^GET$", "method:post": "~m ^post$",
		"domain:shop.example": "~d ^shop.example$", "domain:*.shop.example": "~d .shop.example$", "-domain:*": "!~d $",
		"mime-type:image/svg+xml": `~ts ^image/svg\+xml`, "larger-than:10k": "~size >10k", "larger-than:1M": "~size >1M",
		"has-response-header:etag": "~hs ^etag:", "cookie-name:sid": "~cookie sid", "scheme:https": "~u ^https:", "url:a(b": `~u "a\\(b"`,
		"status-code:many": "", "larger-than:ten": "", "is:running": "", "https://shop.example/": "", "-": "", "method:": "", "shop": "", "": "",
	} {
		got, ok := filter.FromDevTools(word)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %s, %v, want %s", word, got, ok, want)
		}
	}
}
