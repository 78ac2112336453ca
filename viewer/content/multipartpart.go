package content

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"flowpane/viewer/flow"
)

// formPart is a part of a form.
type formPart struct {
	name     string
	filename string
	isFile   bool   // it has a file name, which may be ""
	mimeType string // its Content-Type, or ""
	content  []byte
}

func parsePart(part []byte) formPart {
	var p formPart
	for len(part) > 0 {
		var line []byte
		line, part, _ = bytes.Cut(part, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(field, []byte("Content-Disposition")):
			p.readDisposition(value)
		case bytes.EqualFold(field, []byte("Content-Type")):
			p.mimeType = utf8Text(bytes.TrimSpace(value))
		}
	}
	p.content = part
	return p
}

// readDisposition reads parameters such as ; name="a". In quotes "\" goes
// before quotes and itself; before all else it is part of a path.
// Source: https://www.rfc-editor.org/rfc/rfc6266#section-4.1
func (p *formPart) readDisposition(value []byte) {
	_, rest, _ := bytes.Cut(value, []byte(";"))
	for len(rest) > 0 {
		var key, text []byte
		i := bytes.IndexAny(rest, "=;")
		if i < 0 {
			return
		}
		key, rest = bytes.TrimSpace(rest[:i]), rest[i:]
		if rest[0] == '=' {
			text, rest = parameter(bytes.TrimLeft(rest[1:], " \t"))
		}
		_, rest, _ = bytes.Cut(rest, []byte(";"))
		switch string(bytes.ToLower(key)) {
		case "name":
			p.name = utf8Text(text)
		case "filename":
			if !p.isFile {
				p.filename, p.isFile = utf8Text(text), true
			}
		case "filename*": // UTF-8''a%20b
			if parts := bytes.SplitN(text, []byte("'"), 3); len(parts) == 3 {
				p.filename, p.isFile = utf8Text(unescapePercent(parts[2])), true
			}
		}
	}
}

// parameter returns the value that s begins with, and what follows.
func parameter(s []byte) (value, rest []byte) {
	if len(s) == 0 || s[0] != '"' {
		if i := bytes.IndexByte(s, ';'); i >= 0 {
			return bytes.TrimSpace(s[:i]), s[i:]
		}
		return bytes.TrimSpace(s), nil
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return value, s[i+1:]
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		value = append(value, s[i])
	}
	return value, nil
}

// described returns the YAML of the part.
func (p *formPart) described(content *yamlValue) *yamlValue {
	if !p.isFile && p.mimeType == "" {
		return content
	}
	v := yamlMap()
	if p.isFile {
		v.add("filename", yamlString(p.filename))
	}
	if p.mimeType != "" {
		v.add("type", yamlString(p.mimeType))
	}
	v.add("size", yamlInt(len(p.content)))
	v.add("content", content)
	return v
}

// text returns the content: JSON indented, if there is room for it, and of what
// is no text the first bytes.
func (p *formPart) text(ctx context.Context, room int) *yamlValue {
	content := p.content
	meta := Describe(p.mimeType)
	switch {
	case isJSON(meta.MediaType) && room > 0:
		if text, err := indentJSON(ctx, jsonText(meta, content)); err == nil {
			content = []byte(text)
		}
	case flow.Param(p.mimeType, "charset") != "":
		content = []byte(flow.Text(content, p.mimeType))
	}
	if text := strings.ReplaceAll(string(content), "\r\n", "\n"); cleanPrefix(text) == len(text) && !strings.Contains(text, "\r") {
		return yamlLines(text)
	}
	v := yamlString(escapeBytes(content[:min(len(content), maxBinary)]))
	if len(content) > maxBinary {
		v.comment = "the first " + strconv.Itoa(maxBinary) + " bytes"
	}
	return v
}
