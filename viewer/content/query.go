package content

import (
	"context"
	"errors"
	"strings"
)

// queryView shows the query of a request as YAML, in place of a body that is
// not there. It reads it as [urlencodedView] reads a form, but takes values for
// UTF-8; bytes that are not show as \xNN, where mitmproxy fails.
//
// Source: https://url.spec.whatwg.org/#urlencoded-parsing
func queryView() View {
	return View{
		Name:  "query",
		Label: "Query",
		About: "Parameters of the address",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) == 0 && isRequest(meta) && strings.Trim(query(meta), "&") != "" {
				return 0.3
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, _ []byte) (Rendered, error) {
			if !isRequest(meta) {
				return Rendered{}, errors.New("this is no HTTP request")
			}
			return renderForm(ctx, []byte(query(meta)), utf8Text)
		},
	}
}

func isRequest(meta Metadata) bool { return meta.Origin == HTTP && meta.Request }

// query returns what stands behind "?".
func query(meta Metadata) string {
	path, _, _ := strings.Cut(meta.Path, "#")
	_, query, _ := strings.Cut(path, "?")
	return query
}
