package content

import (
	"context"
	"strings"

	"flowpane/viewer/flow"
)

// cssView indents CSS: a line for each declaration, and a blank one behind each
// block. It changes white space alone. Blocks within others are not indented.
//
// Source: mitmproxy's view CSS, whose texts it has.
func cssView() View {
	return View{
		Name:  "css",
		Label: "CSS",
		About: "Style sheet, indented",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "text/css" {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
			f := cssFormatter{source{text: flow.Text(data, textType(meta, data))}}
			text, err := f.format(ctx)
			return Rendered{Text: text}, err
		},
	}
}

// A source is text of which parts are kept as they are: strings and comments. It
// writes what is read, line by line.
type source struct {
	text string
	at   int
	line []byte // being written, without its indent
	out  output

	missed int // bytes that were looked through for an end that is not there
}

// maxMissed bounds what is looked through in vain. What would be kept is not,
// beyond that: each quote of a long line may have no other.
const maxMissed = 64 << 20

// found returns a length, or counts that none was found in some text.
func (s *source) found(length int, in string) int {
	if length == 0 {
		s.missed += len(in)
	}
	return length
}

// kept returns what is kept at the present place: a string or a comment; "" if
// there is none. Strings end with their line, or are none.
func (s *source) kept(quotes string) string {
	rest := s.text[s.at:]
	switch {
	case s.missed > maxMissed:
	case strings.HasPrefix(rest, "/*"):
		if end := strings.Index(rest[2:], "*/"); end >= 0 {
			return rest[:end+4]
		}
		s.found(0, rest)
	case strings.HasPrefix(rest, "//"):
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			return rest[:end]
		}
		return rest
	case strings.IndexByte(quotes, rest[0]) >= 0:
		return rest[:s.quotedEnd(rest, false)]
	}
	return ""
}

// quotedEnd returns the length of the string that text begins with, 0 if none
// does. Unless it may have several lines, it ends with its line.
func (s *source) quotedEnd(text string, lines bool) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		case '\n':
			if !lines {
				return s.found(0, text[:i])
			}
		}
	}
	return s.found(0, text)
}

// flush ends the line, unless it is blank.
func (s *source) flush(indent int) {
	if line := strings.TrimSpace(string(s.line)); line != "" {
		s.out.repeat(" ", indent)
		s.out.put(line)
		s.out.putByte('\n')
	}
	s.line = s.line[:0]
}

// blanks passes over blanks, line breaks too.
func (s *source) blanks() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// nextOf returns the next of some bytes that is not within what is kept; 0 if
// there is none.
func (s *source) nextOf(of, quotes string) byte {
	ahead := source{text: s.text, at: s.at, missed: s.missed}
	defer func() { s.missed = ahead.missed }()
	for ahead.at < len(ahead.text) {
		if kept := ahead.kept(quotes); kept != "" {
			ahead.at += len(kept)
			continue
		}
		if c := ahead.text[ahead.at]; strings.IndexByte(of, c) >= 0 {
			return c
		}
		ahead.at++
	}
	return 0
}

type cssFormatter struct{ source }

const (
	cssQuotes = `"'`
	cssIndent = 4
)

func (f *cssFormatter) format(ctx context.Context) (string, error) {
	indent, closed := 0, false // closed: the last line closes a block
	for n := 0; f.at < len(f.text); n++ {
		if n%64 == 0 {
			if err := within(ctx, n/64, f.out.len()); err != nil {
				return "", err
			}
		}
		if kept := f.kept(cssQuotes); kept != "" {
			f.keep(kept, indent)
			f.at += len(kept)
			closed = false
			continue
		}
		c := f.text[f.at]
		f.at++
		switch c {
		case '\n':
			f.flush(indent)
		case ';':
			f.line = append(f.line, c)
			f.flush(indent)
		case '{':
			f.line = append([]byte(strings.TrimSpace(string(f.line))), " {"...)
			f.flush(indent)
			if indent = 0; f.nextOf("{}", cssQuotes) == '}' {
				indent = cssIndent
			}
		case '}':
			if f.flush(indent); closed {
				f.out.putByte('\n')
			}
			f.out.put("}\n\n")
			indent, closed = 0, true
			continue
		case ',':
			f.line = append(f.line, ", "...)
			f.blanks()
		case ':':
			if f.line = append(f.line, c); indent > 0 {
				f.line = append([]byte(strings.TrimRight(string(f.line[:len(f.line)-1]), " \t")), ": "...)
				f.blanks()
			}
		default:
			f.line = append(f.line, c)
		}
		closed = closed && strings.TrimSpace(string(f.line)) == "" && c != ';' && c != '{'
	}
	f.flush(indent)
	return strings.TrimRight(f.out.String(), "\n") + "\n", nil
}

// keep writes what is kept; of more lines each is indented.
func (f *cssFormatter) keep(text string, indent int) {
	first, rest, more := strings.Cut(text, "\n")
	f.line = append(f.line, first...)
	for more {
		f.flush(indent)
		first, rest, more = strings.Cut(rest, "\n")
		f.line = append(f.line, strings.TrimLeft(first, " \t")...)
	}
}
