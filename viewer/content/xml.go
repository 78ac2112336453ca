package content

import (
	"context"
	"strings"

	"flowpane/viewer/flow"
)

// xmlView indents XML and HTML by their tags. It changes white space alone, and
// knows no more of either than that: what stands in quotes, in a <script> too, is
// taken for tags where it has angle brackets.
//
// Source: mitmproxy's view XML/HTML, whose texts it has.
func xmlView() View {
	return View{
		Name:  "xml/html",
		Label: "XML/HTML",
		About: "Markup, indented",
		Priority: func(meta Metadata, data []byte) float64 {
			text := strings.TrimLeft(string(data[:min(len(data), 256)]), " \t\r\n\v\f")
			switch {
			case len(data) == 0:
				return 0
			case meta.MediaType == "text/xml" || meta.MediaType == "text/html":
				return 1
			case strings.HasPrefix(text, "<"):
				return 0.4
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			text, err := indentXML(ctx, xmlTokens(flow.Text(data, textType(meta, data))))
			return Rendered{Text: text}, err
		},
	}
}

// An xmlToken is a tag, or the text between two.
type xmlToken struct {
	data  string
	isTag bool
	name  string // of a tag, in lower case
	opens bool   // it is no closing tag
	alone bool   // nothing closes it
}

// closes reports whether t is the closing tag of open.
func (t *xmlToken) closes(open *xmlToken) bool {
	return t != nil && open != nil && t.isTag && open.isTag && open.opens && !t.opens && t.name == open.name
}

// xmlTokens returns the tokens of text, but for blanks between tags.
func xmlTokens(text string) []xmlToken {
	var tokens []xmlToken
	for text != "" && len(tokens) <= maxPieces {
		end := strings.IndexByte(text, '<')
		if end != 0 {
			if end < 0 {
				end = len(text)
			}
			if strings.TrimSpace(text[:end]) != "" {
				tokens = append(tokens, xmlToken{data: text[:end]})
			}
		} else {
			end = tagEnd(text)
			tokens = append(tokens, newTag(text[:end]))
		}
		text = text[end:]
	}
	return tokens
}

// tagEnd returns where the tag ends that text begins with.
func tagEnd(text string) int {
	close := ">"
	switch {
	case strings.HasPrefix(text, "<!--"):
		close = "-->"
	case strings.HasPrefix(text, "<![CDATA["):
		close = "]]>"
	}
	if i := strings.Index(text, close); i >= 0 {
		return i + len(close)
	}
	return len(text)
}

func newTag(data string) xmlToken {
	t := xmlToken{data: data, isTag: true, opens: !strings.HasPrefix(data, "</"), name: tagName(data)}
	t.alone = strings.HasSuffix(data, "/>") || strings.HasPrefix(data, "<!--") || strings.HasPrefix(data, "<![CDATA[") || isVoid(t.name)
	return t
}

// tagName returns the first word of a tag that no "=" follows.
func tagName(data string) string {
	for at := 0; at < len(data); {
		end := at
		for end < len(data) && isNameByte(data[end]) {
			end++
		}
		if end > at && (end == len(data) || data[end] != '=') {
			return strings.ToLower(data[at:end])
		}
		if end > at+1 { // a shorter word is one that no "=" follows
			return strings.ToLower(data[at : end-1])
		}
		at = end + 1
	}
	return "<empty>"
}

func isNameByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == ':' || c == '-'
}

// isVoid reports whether nothing closes tags of a name in HTML.
func isVoid(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}

// xmlDepth is how deep tags are indented at the most, and xmlMargin how far
// lines within one.
const (
	xmlDepth  = 15
	xmlMargin = 32
)

func indentXML(ctx context.Context, tokens []xmlToken) (string, error) {
	if len(tokens) > maxPieces {
		return "", errPieces
	}
	var text strings.Builder
	var open []string
	at := func(i int) *xmlToken {
		if i < 0 || i >= len(tokens) {
			return nil
		}
		return &tokens[i]
	}
	for i := range tokens {
		if err := within(ctx, i, text.Len()); err != nil {
			return "", err
		}
		t := &tokens[i]
		if t.isTag && !t.opens {
			open = closeTag(open, t.name)
		}
		goesOn := isInline(at(i-1), t, at(i+1)) || t.closes(at(i-1)) || isInline(at(i-2), at(i-1), t)
		if i > 0 && !goesOn {
			text.WriteByte('\n')
		}
		if goesOn {
			text.WriteString(t.data)
		} else {
			text.WriteString(margin(t.data, strings.Repeat("  ", len(open))))
		}
		if t.isTag && t.opens && !t.alone && len(open) < xmlDepth && t.name != "xml" && t.name != "doctype" && t.name != "html" {
			open = append(open, t.name)
		}
	}
	return text.String() + "\n", nil
}

// isInline reports whether t is text of one line between a tag and what closes
// it: all of that stands in one line.
func isInline(before, t, after *xmlToken) bool {
	return t != nil && !t.isTag && !strings.Contains(t.data, "\n") && after.closes(before)
}

// closeTag takes a tag away, and what is open in it. A tag that is not open
// closes nothing.
func closeTag(open []string, name string) []string {
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] == name {
			return open[:i]
		}
	}
	return open
}

// margin puts a prefix before each line of text in place of the blanks that all
// lines have, of which the first counts as far to the right.
func margin(text, prefix string) string {
	lines := strings.Split(strings.Repeat(" ", xmlMargin)+text, "\n")
	common := -1
	for i, line := range lines {
		blanks := len(line) - len(strings.TrimLeft(line, " \t"))
		if blanks == len(line) {
			lines[i] = ""
		} else if common < 0 || blanks < common {
			common = blanks
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(common, 0), len(line)):]
	}
	lines = strings.Split(strings.TrimSpace(strings.Join(lines, "\n")), "\n")
	prefix = prefix[:min(len(prefix), xmlMargin)]
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = prefix + line
		}
	}
	return strings.Join(lines, "\n")
}
