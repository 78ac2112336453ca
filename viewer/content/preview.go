package content

import (
	"context"
	"errors"
	"strings"

	"flowpane/viewer/flow"
)

// PreviewName is the name of the view that shows HTML and SVG as a browser
// would, without scripts and without anything from elsewhere. It is never
// chosen automatically: whoever shows it waits to be asked.
const PreviewName = "preview"

// maxPreview is how long a document may be to be previewed, in bytes.
const maxPreview = 8 << 20

// previewHead comes before all that was captured, so that it holds for all of
// it: nothing is loaded but what the document brings with it, and names of hosts
// are not looked up in advance, which a policy does not cover.
const previewHead = `<!doctype html><meta charset="utf-8">` +
	`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'">` +
	`<meta http-equiv="x-dns-prefetch-control" content="off"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">`

// previewView makes a document for a frame with the sandbox attribute, which
// keeps scripts, forms and pop-ups away.
//
// Source: https://www.w3.org/TR/CSP3/, https://html.spec.whatwg.org/#attr-iframe-sandbox
func previewView() View {
	return View{
		Name:     PreviewName,
		Label:    "Preview",
		About:    "HTML or SVG in a frame without scripts and network",
		Whole:    true,
		Priority: func(Metadata, []byte) float64 { return 0 },
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			if len(data) > maxPreview {
				return Rendered{}, errTooLong
			}
			text := flow.Text(data, textType(meta, data))
			if !isMarkup(meta.MediaType, text) {
				return Rendered{}, errors.New("it is neither HTML nor SVG")
			}
			return Rendered{Frame: previewHead + inert(text)}, ctx.Err()
		},
	}
}

func isMarkup(mediaType, text string) bool {
	switch mediaType {
	case "text/html", "application/xhtml+xml", "image/svg+xml":
		return true
	}
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 1024)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<svg")
}

// inert returns markup whose elements that lead elsewhere are of names
// that mean nothing: links of the head may have a browser look up hosts, for frames
// within it connects to theirs before it knows that it may not, a refresh
// leads away, and as soon as a link is pressed a browser connects to its host, also
// where it may not be followed.
func inert(text string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i+1])
		text = text[i+1:]
		for _, name := range [...]string{"link", "meta", "base", "iframe", "frame", "object", "embed", "portal", "fencedframe"} {
			if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
				b.WriteString("x-")
				break
			}
		}
		if len(text) > 2 && strings.EqualFold(text[:2], "/a") && strings.IndexByte(" \t\r\n\f/>", text[2]) >= 0 {
			b.WriteString("/x-")
			text = text[1:]
			continue
		}
		for _, name := range [...]string{"a", "area"} {
			if len(text) > len(name) && strings.EqualFold(text[:len(name)], name) && strings.IndexByte(" \t\r\n\f/>", text[len(name)]) >= 0 {
				b.WriteString("x-")
			}
		}
	}
}
