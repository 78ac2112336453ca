package content

import (
	"bytes"
	"context"
	"strings"

	"flowpane/viewer/flow"
)

// jsonView indents JSON. Numbers, order and duplicate keys stay as sent, and of
// the escapes in strings only those of printable characters are undone, so
// nothing is lost. mitmproxy reads numbers into floats and keeps the last of
// duplicate keys; otherwise the texts are equal. It knows no sequences, see
// [showRecords].
//
// Source: https://www.rfc-editor.org/rfc/rfc8259
func jsonView() View {
	return View{
		Name:  "json",
		Label: "JSON",
		About: "JSON, indented and to be folded; numbers, order and duplicate keys as they are",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && (isJSON(meta.MediaType) || isRecords(meta.MediaType)) {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			body := jsonText(meta, data)
			text, err := indentJSON(ctx, body)
			if err != nil && isRecords(meta.MediaType) {
				text, err = showRecords(ctx, body)
			}
			return Rendered{Text: text}, err
		},
		Stream: streamJSON,
	}
}

func isJSON(mediaType string) bool {
	subtype, ok := strings.CutPrefix(mediaType, "application/")
	return ok && (subtype == "json-rpc" || strings.HasSuffix(subtype, "json"))
}

// jsonText decodes a JSON body.
func jsonText(meta Metadata, data []byte) string { return flow.Text(data, jsonType(meta, data)) }

// jsonType returns the content type by which data is decoded. Its first two
// characters are ASCII, so zero bytes among them tell UTF-16 and UTF-32 that
// bear no mark.
func jsonType(meta Metadata, data []byte) string {
	for _, pattern := range [...]struct{ zeros, charset string }{
		{"\x00\x00\x00x", "utf-32be"},
		{"x\x00\x00\x00", "utf-32le"},
		{"\x00x", "utf-16be"},
		{"x\x00", "utf-16le"},
	} {
		if matchesZeros(data, pattern.zeros) {
			return "application/json; charset=" + pattern.charset
		}
	}
	if flow.Param(meta.ContentType, "charset") == "" {
		return "application/json"
	}
	return meta.ContentType
}

// matchesZeros reports whether data begins with zero bytes where pattern has
// them, and with others elsewhere.
func matchesZeros(data []byte, pattern string) bool {
	if len(data) < len(pattern) || bytes.HasPrefix(data, []byte("\xff\xfe")) {
		return false
	}
	for i := range len(pattern) {
		if (data[i] == 0) != (pattern[i] == 0) {
			return false
		}
	}
	return true
}
