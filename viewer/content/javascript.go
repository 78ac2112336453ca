package content

import (
	"context"
	"strings"
)

// javaScriptView breaks JavaScript into lines at braces and semicolons, and
// indents them. It changes white space alone, but does not know the language:
// what it keeps together are strings, templates, comments, regexes, and the heads
// of loops.
//
// Source: mitmproxy's view JavaScript, whose texts it has.
func javaScriptView() View {
	return View{
		Name:  "javascript",
		Label: "JavaScript",
		About: "Script, indented",
		Priority: func(meta Metadata, data []byte) float64 {
			switch meta.MediaType {
			case "application/x-javascript", "application/javascript", "text/javascript":
				if len(data) > 0 {
					return 1
				}
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			pieces := scriptPieces(strings.ToValidUTF8(string(data), "\uFFFD"))
			text, err := indentScript(ctx, pieces)
			return Rendered{Text: text}, err
		},
	}
}

// A scriptPiece is a byte of a script that has a meaning here, or text that is
// kept together.
type scriptPiece struct {
	text string
	kept bool
}

// is reports whether the piece is a byte of some.
func (p scriptPiece) is(of string) bool { return !p.kept && strings.Contains(of, p.text) }

const scriptBlanks = " \t\r\n\f\v"

// scriptPieces returns the pieces of a script, without the blanks around braces
// and semicolons.
func scriptPieces(text string) []scriptPiece {
	var pieces []scriptPiece
	plain := 0
	flush := func(at int) {
		if at > plain {
			pieces = append(pieces, scriptPiece{text[plain:at], true})
		}
	}
	s := source{text: text}
	for len(pieces) <= maxPieces && s.at < len(text) {
		at := s.at
		switch n := s.keptScript(); {
		case n > 0:
			s.at += n
		case strings.IndexByte("{};", text[at]) >= 0 || strings.IndexByte(scriptBlanks, text[at]) >= 0:
			flush(at)
			pieces = append(pieces, scriptPiece{text[at : at+1], false})
			s.at++
			plain = s.at
		default:
			s.at++
		}
	}
	if len(pieces) <= maxPieces {
		flush(len(text))
	}
	return pieces
}

// keptScript returns how many bytes from the present place on are kept together.
func (s *source) keptScript() int {
	rest := s.text[s.at:]
	switch c := rest[0]; {
	case s.missed > maxMissed:
	case c == '\'' || c == '"' || c == '`':
		return s.quotedEnd(rest, c == '`')
	case strings.HasPrefix(rest, "for("):
		if end := strings.IndexAny(rest, ")\n"); end >= 0 && rest[end] == ')' {
			return end + 1
		}
		return s.found(0, rest)
	case c == '/':
		if kept := s.kept(""); kept != "" {
			return len(kept)
		}
		if before := strings.TrimRight(s.text[:s.at], scriptBlanks); before != "" && !isOperand(before[len(before)-1]) {
			return scriptRegex(rest)
		}
	}
	return 0
}

// isOperand reports whether a slash behind c divides.
func isOperand(c byte) bool {
	return c == ')' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// scriptRegex returns the length of a regex without its flags, 0 if there is none.
func scriptRegex(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\n':
			return 0
		case '/':
			after := strings.TrimLeft(strings.TrimLeft(text[i+1:], "gimsuy"), " \t\r")
			if i > 1 && (after == "" || strings.IndexByte(";,).\n", after[0]) >= 0) {
				return i + 1
			}
			return 0
		}
	}
	return 0
}

// scriptIndent is how far a block is indented, and scriptDepth how deep blocks
// are at the most.
const (
	scriptIndent = 2
	scriptDepth  = 100
)

// indentScript writes pieces. Blanks go where a line begins or ends.
func indentScript(ctx context.Context, pieces []scriptPiece) (string, error) {
	if len(pieces) > maxPieces {
		return "", errPieces
	}
	var text, line output
	depth, semicolon := 0, false // semicolon: it ended the last line
	end := func() {
		whole := line.String()
		line = output{}
		semicolon = strings.HasSuffix(whole, ";")
		if strings.HasPrefix(whole, "}") {
			depth = max(depth-1, 0)
		}
		text.repeat(" ", scriptIndent*min(depth, scriptDepth))
		text.put(whole)
		text.putByte('\n')
		if strings.HasSuffix(whole, "{") {
			depth++
		}
	}
	for i := 0; i < len(pieces); {
		if err := within(ctx, i, text.len()); err != nil {
			return "", err
		}
		blanks := i
		for i < len(pieces) && pieces[i].is(scriptBlanks) {
			i++
		}
		at := i
		switch {
		case at == len(pieces) || !pieces[at].is("{};"):
			putBlanks(&line, pieces[blanks:at], end)
			if at < len(pieces) {
				line.put(pieces[at].text)
				i++
			}
			continue
		case emptyBlock(pieces[at:]): // "{};" stays
			putBlanks(&line, pieces[blanks:at], end)
			line.put("{};")
			i += 3
		case pieces[at].is("{"):
			line.put(" {")
			i++
		case pieces[at].is(";"):
			line.putByte(';')
			i++
		default:
			if line.len() > 0 || !semicolon {
				end()
			}
			line.putByte('}')
			if i++; i < len(pieces) && pieces[i].is(";") {
				line.putByte(';')
				i++
			}
		}
		end()
		for i < len(pieces) && pieces[i].is(scriptBlanks) {
			i++
		}
	}
	if line.len() > 0 {
		text.repeat(" ", scriptIndent*min(depth, scriptDepth))
		text.put(line.String())
	}
	return text.String(), nil
}

func emptyBlock(p []scriptPiece) bool {
	return len(p) >= 3 && p[0].is("{") && p[1].is("}") && p[2].is(";")
}

func putBlanks(line *output, blanks []scriptPiece, end func()) {
	for _, b := range blanks {
		if b.text == "\n" {
			end()
		} else {
			line.put(b.text)
		}
	}
}
