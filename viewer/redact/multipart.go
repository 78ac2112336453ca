package redact

import (
	"bytes"
	"strings"

	"flowpane/viewer/flow"
)

// multipart returns the parts of a body without what is secret, and false if
// the body has none.
//
// Source: https://www.rfc-editor.org/rfc/rfc2046#section-5.1
func (w *walker) multipart(b []byte, boundary string) ([]byte, bool) {
	if boundary == "" {
		boundary = boundaryOf(b)
	}
	mark := []byte("--" + boundary)
	if boundary == "" || !bytes.Contains(b, mark) {
		return b, false
	}
	e := edits{b: b}
	for at := bytes.Index(b, mark) + len(mark); at < len(b); {
		end := len(b)
		if i := bytes.Index(b[at:], mark); i >= 0 {
			end = at + i
		}
		if out := w.part(b[at:end]); !same(out, b[at:end]) && end > at {
			e.replace(at, end, out)
		}
		at = end + len(mark)
	}
	return w.replaceKnown(e.apply(), false), true
}

// boundaryOf returns the boundary that a body begins with, and empty if it does not
// begin as one of parts.
func boundaryOf(b []byte) string {
	const longest = 70 // by the RFC
	b = bytes.TrimLeft(b[:min(len(b), 8*maxNameLen)], "\r\n")
	line, rest, found := bytes.Cut(b[:min(len(b), 4*maxNameLen)], []byte("\n"))
	boundary, dashed := strings.CutPrefix(strings.TrimRight(string(line), " \r"), "--")
	if !found || !dashed || len(boundary) > longest || !bytes.HasPrefix(bytes.ToLower(rest), []byte("content-")) {
		return ""
	}
	return boundary
}

// partName returns the name that a Content-Disposition gives, which may say in
// which characters it is.
//
// Source: https://www.rfc-editor.org/rfc/rfc8187#section-3.2
func partName(disposition string) string {
	if name := flow.Param(disposition, "name"); name != "" {
		return string(unescapePercent([]byte(name)))
	}
	name := flow.Param(disposition, "name*")
	if _, rest, ok := strings.Cut(name, "'"); ok {
		if _, written, ok := strings.Cut(rest, "'"); ok {
			name = written
		}
	}
	return string(unescapePercent([]byte(name)))
}

// part returns one part, from behind one boundary to the next.
func (w *walker) part(b []byte) []byte {
	head, content, found := bytes.Cut(b, []byte("\r\n\r\n"))
	gap := 4
	if !found {
		if head, content, found = bytes.Cut(b, []byte("\n\n")); !found {
			return w.text(b, plainText)
		}
		gap = 2
	}
	var name, contentType string
	for line := range bytes.Lines(head) {
		field, value, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(":"))
		switch {
		case bytes.EqualFold(field, []byte("content-disposition")):
			name = partName(string(value))
		case bytes.EqualFold(field, []byte("content-type")):
			contentType = string(bytes.TrimSpace(value))
		}
	}
	tail := len(content)
	for tail > 0 && (content[tail-1] == '\n' || content[tail-1] == '\r') && tail > len(content)-2 {
		tail--
	}
	out, value := []byte(nil), content[:tail]
	if class, secret := w.secretName(name, false); secret && !trivial(string(value)) {
		out = []byte(w.hide(class, name, string(value)))
	} else if out = w.body(value, contentType); same(out, value) {
		out = nil
	}
	hidden := w.text(head, headerText)
	if out == nil && same(hidden, head) {
		return b
	}
	if out == nil {
		out = value
	}
	all := append(bytes.Clone(hidden), b[len(head):len(head)+gap]...)
	return append(append(all, out...), content[tail:]...)
}
