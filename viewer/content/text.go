package content

import (
	"context"
	"strings"
	"unicode/utf8"

	"flowpane/viewer/flow"
)

// textView shows a body as text in the charset that it names or implies. Bytes
// that are not of that charset show as \xNN.
//
// mitmproxy's view of this kind, Raw, knows UTF-8 only.
func textView() View {
	return View{
		Name:     "text",
		Label:    "Text",
		About:    "Text in the charset that it names or implies",
		Priority: func(Metadata, []byte) float64 { return 0.1 },
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			return Rendered{Text: flow.Text(data, textType(meta, data))}, ctx.Err()
		},
		Stream: func(_ context.Context, meta Metadata, data []byte, emit func(piece string) error) error {
			return streamText(sharedText(data, textType(meta, data)), emit)
		},
	}
}

// textType returns the content type by which data is decoded. Where it would
// be Latin-1 only for want of anything better, text that is valid UTF-8 is
// taken for that, and so is what does not claim to be text at all: Latin-1
// makes letters of any byte.
func textType(meta Metadata, data []byte) string {
	const utf8Text = "text/plain; charset=utf-8"
	if flow.Param(meta.ContentType, "charset") != "" || flow.Charset(data, meta.ContentType) != "latin-1" {
		return meta.ContentType
	}
	if utf8.Valid(data) || !strings.HasPrefix(meta.MediaType, "text/") {
		return utf8Text
	}
	return meta.ContentType
}
