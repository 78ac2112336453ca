package content

import "strings"

// A TokenKind is what a token is to those who colour text.
type TokenKind uint8

// The kinds of token. What is none of them is not coloured.
const (
	TokenName    TokenKind = iota + 1 // a member's name, an element's, a property's
	TokenString                       // a string
	TokenNumber                       // a number
	TokenWord                         // true, if, an attribute's name
	TokenComment                      // a comment
)

// A Token is a part of text, as byte offsets.
type Token struct {
	Begin, End int
	Kind       TokenKind
}

// A lexer returns where the token at an offset ends, behind it, and what it is:
// nothing, of what is not coloured. What it has to remember from one token to
// the next it keeps in state, which begins as 0. It takes all texts, cut off
// or damaged ones too.
type lexer func(text string, at int, state *int) (end int, kind TokenKind)

// Tokens yields the tokens of text that a view made, or of lines of it, in order.
// Of lines that begin within a comment or a string of several lines, the first
// are taken for what they look like. Views that are not coloured have none.
func Tokens(view, text string) func(yield func(Token) bool) {
	next := lexerOf(view)
	return func(yield func(Token) bool) {
		state := 0
		for at := 0; next != nil && at < len(text); {
			end, kind := next(text, at, &state)
			if kind != 0 && !yield(Token{at, end, kind}) {
				return
			}
			at = end
		}
	}
}

func lexerOf(view string) lexer {
	switch view {
	case "json":
		return func(text string, at int, _ *int) (int, TokenKind) { return jsonToken(text, at) }
	case "xml/html", "wbxml":
		return lexXML
	case "css":
		return lexCSS
	case "javascript", "graphql":
		return lexScript
	case "protobuf", "grpc", "msgpack", "url-encoded", "query", "dns", "image", "cbor":
		return lexYAML
	}
	return nil
}

// jsonToken returns where the token at an offset ends, and what it is. A string
// that a colon follows is a name.
func jsonToken(text string, at int) (end int, kind TokenKind) {
	switch c := text[at]; {
	case c == '"':
		end = stringEnd(text, at)
		if strings.HasPrefix(text[end:], ":") {
			return end, TokenName
		}
		return end, TokenString
	case c == '-' || '0' <= c && c <= '9':
		return run(text, at, "+-.0123456789Ee"), TokenNumber
	case 'a' <= c && c <= 'z' || c == 'N' || c == 'I':
		return run(text, at, "abcdefghijklmnopqrstuvwxyzNI"), TokenWord
	}
	return at + 1, 0
}

// stringEnd returns the offset behind a string in quotes, which ends with its
// line at the latest.
func stringEnd(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(text)
}

func run(text string, at int, of string) int {
	for at < len(text) && strings.IndexByte(of, text[at]) >= 0 {
		at++
	}
	return at
}
