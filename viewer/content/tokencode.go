package content

import "strings"

// lexXML colours elements. Its state is 1 within a tag.
func lexXML(text string, at int, inTag *int) (end int, kind TokenKind) {
	rest := text[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "<!--"):
		return until(text, at+4, "-->"), TokenComment
	case c == '<':
		*inTag = 1
		n := 1
		if len(rest) > 1 && strings.IndexByte("/!?", rest[1]) >= 0 {
			n = 2
		}
		return at + n + nameLen(rest[n:]), TokenName
	case *inTag == 0:
		if n := strings.IndexByte(rest, '<'); n > 0 {
			return at + n, 0
		}
		return len(text), 0
	case c == '>':
		*inTag = 0
	case c == '"' || c == '\'':
		return until(text, at+1, rest[:1]), TokenString
	case nameLen(rest) > 0:
		return at + nameLen(rest), TokenWord
	}
	return at + 1, 0
}

// nameLen returns how long the name is that s begins with.
func nameLen(s string) int {
	for i := range len(s) {
		c := s[i]
		if !isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '.' && c != ':' && c != '@' && c < 0x80 {
			return i
		}
	}
	return len(s)
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == '$' }

// until returns the offset behind the next end, or that of the end of the text.
func until(text string, from int, end string) int {
	from = min(from, len(text))
	if n := strings.Index(text[from:], end); n >= 0 {
		return from + n + len(end)
	}
	return len(text)
}

// What the state of [lexCSS] is.
const (
	cssOutside = iota // of a declaration
	cssIndented
	cssValue
)

// lexCSS colours declarations, which the view indents.
func lexCSS(text string, at int, state *int) (end int, kind TokenKind) {
	rest := text[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "/*"):
		return until(text, at+2, "*/"), TokenComment
	case c == '"' || c == '\'':
		return quoted(text, at), TokenString
	case c == '\n':
		*state = cssOutside
	case c == ' ' && (at == 0 || text[at-1] == '\n'):
		*state = cssIndented
	case c == ':' && *state == cssIndented:
		*state = cssValue
	case c == '@':
		return at + 1 + nameLen(rest[1:]), TokenWord
	case *state == cssIndented && nameLen(rest) > 0:
		n := strings.IndexAny(rest, ":;{} \n")
		if n <= 0 {
			n = nameLen(rest)
		}
		return at + n, TokenName
	case *state == cssValue && (isDigit(c) || c == '#' || c == '.'):
		return at + 1 + nameLen(rest[1:]), TokenNumber
	case nameLen(rest) > 0:
		return at + nameLen(rest), 0
	}
	return at + 1, 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// lexScript colours JavaScript, and what is written like it. It knows nothing
// of regular expressions: a quote in one begins a string, up to the line's end.
func lexScript(text string, at int, _ *int) (end int, kind TokenKind) {
	rest := text[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "//"):
		return until(text, at+2, "\n"), TokenComment
	case strings.HasPrefix(rest, "/*"):
		return until(text, at+2, "*/"), TokenComment
	case c == '"' || c == '\'':
		return quoted(text, at), TokenString
	case c == '`':
		return until(text, at+1, "`"), TokenString
	case isDigit(c):
		return run(text, at, "0123456789abcdefABCDEFxXoOnN._"), TokenNumber
	case isLetter(c):
		n := 1
		for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n])) {
			n++
		}
		if isKeyword(rest[:n]) {
			kind = TokenWord
		}
		return at + n, kind
	}
	return at + 1, 0
}

func isKeyword(word string) bool {
	switch word {
	case "async", "await", "break", "case", "catch", "class", "const", "continue", "default", "delete", "do", "else",
		"export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "let", "new",
		"null", "of", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined",
		"var", "void", "while", "yield", "query", "mutation", "subscription", "fragment", "on":
		return true
	}
	return false
}

// quoted returns the offset behind a string, which ends with its line at the
// latest.
func quoted(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[at]:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(text)
}

// What the state of [lexYAML] is.
const (
	yamlStart = iota // a key may stand here
	yamlRest         // the value of a key
)

// maxLexed is how far lexYAML looks for the end of a line, in bytes, at each of
// its tokens.
const maxLexed = 2048

// lexYAML colours lines of keys and values.
func lexYAML(text string, at int, state *int) (end int, kind TokenKind) {
	rest := text[at:]
	c := rest[0]
	if c == '\n' {
		*state = yamlStart
		return at + 1, 0
	}
	if c == ' ' || c == ':' && *state == yamlRest || strings.HasPrefix(rest, "- ") {
		return at + 1, 0
	}
	line, _, _ := strings.Cut(rest[:min(len(rest), maxLexed)], "\n")
	switch {
	case c == '#' && (at == 0 || text[at-1] == ' ' || text[at-1] == '\n'):
		return at + len(line), TokenComment
	case *state == yamlStart:
		*state = yamlRest
		if n := keyLen(line); n > 0 {
			return at + n, TokenName
		}
		return at, 0 // a value that stands alone
	}
	word, _, _ := strings.Cut(line, "  #")
	switch {
	case c == '"' || c == '\'':
		return quoted(text, at), TokenString
	case c == '!':
		return at + 1 + strings.IndexByte(line+" ", ' ') - 1, TokenWord
	case strings.Trim(word, "0123456789.-+xabcdefABCDEF_") == "" && (isDigit(c) || c == '-' || c == '.'):
		return at + len(word), TokenNumber
	case word == "true" || word == "false" || word == "null":
		return at + len(word), TokenWord
	}
	return at + len(word), TokenString
}

// keyLen returns how long the key is that a line begins with, or 0.
func keyLen(line string) int {
	from := 0
	if line[0] == '"' || line[0] == '\'' {
		from = quoted(line, 0)
	}
	if n := strings.Index(line[from:]+" ", ": "); n >= 0 && (from == 0 || n == 0) {
		return from + n
	}
	return 0
}
