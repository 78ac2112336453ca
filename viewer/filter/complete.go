package filter

import (
	"strings"
	"unicode/utf8"
)

// A Blank is where a cursor is in an expression, and what can stand there.
type Blank struct {
	From, To int    // the bytes that it takes
	Typed    string // what stands there in front of the cursor, without quotes
	// Op is the code of the operator whose argument it is. It is empty where an
	// operator can stand, or a naked regex.
	Op string
}

// BlankAt returns the blank at a byte offset of an expression, which need not
// parse.
func BlankAt(expr string, cursor int) Blank {
	cursor = max(0, min(cursor, len(expr)))
	op := ""
	for at := 0; ; {
		for at < cursor && strings.IndexByte(whitespace+"()!&|", expr[at]) >= 0 {
			at++
		}
		end := wordEnd(expr, at)
		if end >= cursor {
			typed := expr[at:cursor]
			if op != "" {
				typed = strings.TrimLeft(typed, `"'`)
			}
			return Blank{From: at, To: end, Typed: typed, Op: op}
		}
		known := lookup(strings.TrimPrefix(expr[at:end], "~"))
		if op = ""; known != nil && known.Arg != NoArg && expr[at] == '~' {
			op = known.Code
		}
		at = end
	}
}

// wordEnd returns where the word or quoted text at an offset ends.
func wordEnd(expr string, at int) int {
	if at < len(expr) && (expr[at] == '"' || expr[at] == '\'') {
		for i := at + 1; i < len(expr); i++ {
			switch expr[i] {
			case '\\':
				i++
			case expr[at]:
				return i + 1
			}
		}
		return len(expr)
	}
	for at < len(expr) && strings.IndexByte(whitespace+"()", expr[at]) < 0 {
		at++
	}
	return at
}

// longest is how many bytes of a text the arguments below look for: of a longer
// one they look for its beginning, which has what may stand behind it.
const longest = 500

// pattern returns an argument that finds text between what two regexes find.
func pattern(before, text, after string) string {
	if len(text) > longest {
		end := longest
		for !utf8.RuneStart(text[end]) && end > longest-utf8.UTFMax {
			end--
		}
		text, after = text[:end], ""
	}
	return quote(before + meant(text) + after)
}

// Literal returns an argument that finds text as it is. Dots find any
// character, and stay: nobody wants to read "example\.com".
func Literal(text string) string { return pattern("", text, "") }

// Beginning returns an argument that finds text at the beginning.
func Beginning(text string) string { return pattern("^", text, "") }

// Path returns an argument of ~u that finds URLs whose path begins with text, or
// is that as a whole, but for its query.
func Path(text string, whole bool) string {
	end := ""
	if whole {
		end = "([?#]|$)"
	}
	return pattern("^([^/]*//)?[^/]*", text, end)
}

// Media returns an argument that finds a media type, whatever its parameters.
func Media(text string) string { return pattern("^", text, " *(;|$)") }

// Exactly returns an argument that finds text and nothing else.
func Exactly(text string) string { return pattern("^", text, "$") }
