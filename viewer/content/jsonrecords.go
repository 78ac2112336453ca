package content

import (
	"context"
	"errors"
	"strings"
)

// isRecords reports whether a body of this type is a sequence of JSON texts.
func isRecords(mediaType string) bool {
	subtype, _ := strings.CutPrefix(mediaType, "application/")
	switch strings.TrimPrefix(subtype, "x-") {
	case "ndjson", "jsonl", "jsonlines", "json-lines", "json-seq", "stream+json":
		return true
	}
	return strings.HasSuffix(subtype, "+json-seq")
}

// recordSeparator stands before each text of a sequence.
const recordSeparator = "\x1e"

// showRecords indents each text of a sequence: of lines, or of whatever stands
// behind a record separator. A text that is not JSON, such as the last of a
// body that was cut off, stays as it is; if none is, that is an error.
//
// Source: https://github.com/ndjson/ndjson-spec, https://jsonlines.org,
// https://www.rfc-editor.org/rfc/rfc7464
func showRecords(ctx context.Context, body string) (string, error) {
	separator := "\n"
	if strings.HasPrefix(body, recordSeparator) {
		separator = recordSeparator
	}
	var w output
	err := errors.New("there is no JSON")
	for record := range strings.SplitSeq(body, separator) {
		if record = strings.TrimSpace(record); record == "" {
			continue
		}
		text, problem := indentJSON(ctx, record)
		if problem == nil {
			record, err = text, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if w.len()+len(record) > jsonMax {
			return "", errTooLong
		}
		w.put(record)
		w.put("\n")
	}
	return w.String(), err
}
