package content

import "strings"

// A TokenKind is what a token is to those who colour text.
type TokenKind uint8

// The kinds of token. What is none of them is not coloured.
const (
	TokenName   TokenKind = iota + 1 // a member's name
	TokenString                      // a string
	TokenNumber                      // a number
	TokenWord                        // true, false, null
)

// A Token is a part of text, as byte offsets.
type Token struct {
	Begin, End int
	Kind       TokenKind
}

// Tokens yields the tokens of text that a view made, or of lines of it, in order.
// Views that are not coloured have none.
func Tokens(view, text string) func(yield func(Token) bool) {
	if view != "json" {
		return func(func(Token) bool) {}
	}
	return func(yield func(Token) bool) {
		for at := 0; at < len(text); {
			end, kind := jsonToken(text, at)
			if kind != 0 && !yield(Token{at, end, kind}) {
				return
			}
			at = end
		}
	}
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
