package content

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"flowpane/viewer/flow"
)

// formView shows a body of the type application/x-www-form-urlencoded as YAML.
// What comes again is a list. mitmproxy forgets a first value that is empty.
//
// Source: https://url.spec.whatwg.org/#urlencoded-parsing
func formView() View {
	return View{
		Name:  "url-encoded",
		Label: "URL-encoded",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "application/x-www-form-urlencoded" {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			return renderForm(ctx, string(data), func(s string) string { return escapeBytes([]byte(s)) })
		},
	}
}

// queryView shows the query of the request's path, where there is no body.
func queryView() View {
	return View{
		Name:  "query",
		Label: "Query",
		Priority: func(meta Metadata, data []byte) float64 {
			if _, query, _ := strings.Cut(meta.Path, "?"); len(data) == 0 && meta.Request && query != "" {
				return 0.3
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, _ []byte) (Rendered, error) {
			path, _, _ := strings.Cut(meta.Path, "#")
			_, query, _ := strings.Cut(path, "?")
			return renderForm(ctx, query, func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") })
		},
	}
}

func renderForm(ctx context.Context, form string, shown func(string) string) (Rendered, error) {
	var m merged
	for pair := range strings.SplitSeq(form, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			m.add(shown(unescape(name)), yamlString(shown(unescape(value))))
		}
	}
	text, err := writeYAML(ctx, yamlRuamel, m.value())
	return Rendered{Text: text}, err
}

// unescape undoes the encoding of a name or value, or leaves it.
func unescape(s string) string {
	if meant, err := url.QueryUnescape(s); err == nil {
		return meant
	}
	return s
}

// merged gathers names and their values: those of one name become a list.
type merged struct {
	values yamlValue
	places map[string]int // of values, in their items
}

func (m *merged) add(name string, value *yamlValue) {
	at, known := m.places[name]
	if !known {
		if m.places == nil {
			m.places = map[string]int{}
		}
		m.places[name] = len(m.values.items) + 1
		m.values.add(name, value)
		return
	}
	if first := m.values.items[at]; first.kind != yamlIsList {
		m.values.items[at] = yamlList(first, value)
	} else {
		first.items = append(first.items, value)
	}
}

func (m *merged) value() *yamlValue {
	m.values.kind = yamlIsMap
	return &m.values
}

// multipartView shows the parts of a form. Of a file it says name, type and size
// too, and line breaks stay: mitmproxy leaves out both.
//
// Source: https://www.rfc-editor.org/rfc/rfc7578
func multipartView() View {
	return View{
		Name:  "multipart form",
		Label: "Multipart form",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "multipart/form-data" {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			boundary := flow.Param(meta.ContentType, "boundary")
			if boundary == "" {
				return Rendered{}, errors.New("the content type names no boundary")
			}
			var m merged
			for part := range strings.SplitSeq("\r\n"+string(data), "\r\n--"+boundary) {
				if err := ctx.Err(); err != nil {
					return Rendered{}, err
				}
				if name, value, ok := formPart(part); ok {
					m.add(name, value)
				}
			}
			text, err := writeYAML(ctx, yamlRuamel, m.value())
			return Rendered{Text: text}, err
		},
	}
}

// formPart reads a part with its headers, which begins with the rest of the line
// of the boundary.
func formPart(part string) (name string, value *yamlValue, ok bool) {
	if _, part, ok = strings.Cut(part, "\r\n"); !ok {
		return "", nil, false
	}
	head, content, ok := strings.Cut("\r\n"+part, "\r\n\r\n")
	if !ok {
		return "", nil, false
	}
	var file yamlValue
	for line := range strings.SplitSeq(head, "\r\n") {
		field, value, _ := strings.Cut(line, ":")
		switch strings.ToLower(strings.TrimSpace(field)) {
		case "content-disposition":
			name = flow.Param(value, "name")
			if filename := flow.Param(value, "filename"); filename != "" {
				file.add("filename", yamlString(strings.ToValidUTF8(filename, "\uFFFD")))
			}
		case "content-type":
			file.add("type", yamlString(strings.ToValidUTF8(strings.TrimSpace(value), "\uFFFD")))
		}
	}
	name = escapeBytes([]byte(name))
	if len(file.items) == 0 {
		return name, yamlString(escapeBytes([]byte(content))), true
	}
	file.kind = yamlIsMap
	file.add("size", yamlInt(len(content)))
	file.add("content", yamlString(escapeBytes([]byte(content))))
	return name, &file, true
}
