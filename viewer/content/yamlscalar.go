package content

import (
	"strings"
	"unicode/utf8"
)

// scalar writes a scalar; lines it goes on in have the indent.
func (w *yamlWriter) scalar(v *yamlValue, indent int) {
	if v.tag != "" {
		w.put(v.tag)
		w.put(" ")
	}
	switch v.kind {
	case yamlIsPlain:
		w.put(v.text)
	case yamlIsLines:
		w.literal(v.text, indent)
	default:
		w.text(v.text, indent)
	}
	if v.comment != "" {
		w.put("  # ")
		w.put(v.comment)
	}
}

// text writes a string in the plainest form that is safe.
func (w *yamlWriter) text(s string, indent int) {
	traits := yamlTraitsOf(s)
	multiline := strings.Contains(s, "\n")
	switch {
	case !traits.indicators && !traits.outerSpace && !traits.special && !multiline && !yamlResolves(s):
		w.folded(s, "", indent)
	case w.style == yamlSerde && multiline && !traits.special && !w.key && !traits.spaceAtLineEnd:
		w.literal(s, indent)
	case traits.special || multiline || w.style == yamlRuamel && strings.Contains(s, "'"):
		w.doubleQuoted(s, indent)
	default:
		w.folded(strings.ReplaceAll(s, "'", "''"), "'", indent)
	}
}

// yamlTraits are what keeps a string from being written plainly.
type yamlTraits struct {
	indicators     bool // characters that mean something to YAML
	outerSpace     bool // a space at its begin or end
	spaceAtLineEnd bool // a space before a line break or the end
	special        bool // characters that need an escape
}

// yamlTraitsOf looks at s as ruamel.yaml does.
// Source: https://yaml.org/spec/1.2.2/#733-plain-style
func yamlTraitsOf(s string) yamlTraits {
	t := yamlTraits{
		indicators: strings.HasPrefix(s, "---") || strings.HasPrefix(s, "..."),
		outerSpace: strings.HasPrefix(s, " ") || strings.HasSuffix(s, " "),
	}
	t.spaceAtLineEnd = strings.HasSuffix(s, " ") || strings.Contains(s, " \n")
	if s != "" {
		t.indicators = t.indicators || strings.IndexByte("#,[]{}&*!|>'\"%@`", s[0]) >= 0
	}
	for i, c := range s {
		switch {
		case i == 0 && (c == '?' || c == '-'), c == ':':
			t.indicators = t.indicators || i+1 == len(s) || isYAMLSpace(s[i+1])
		case c == '#' && i > 0:
			t.indicators = t.indicators || isYAMLSpace(s[i-1])
		case c != '\n' && needsEscape(c):
			t.special = true
		}
	}
	return t
}

func isYAMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0 }

// needsEscape reports whether YAML cannot hold r, or takes it for the end of a
// line.
func needsEscape(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return true
	case r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

// folded writes s between quotes as it is, but for single spaces that become
// line breaks behind the width.
func (w *yamlWriter) folded(s, quote string, indent int) {
	w.put(quote)
	start := 0
	for i := 1; i+1 < len(s) && w.folds(s); i++ {
		if s[i] != ' ' || s[i-1] == ' ' || s[i+1] == ' ' {
			continue
		}
		w.words(s[start:i])
		if start = i; w.column() > yamlWidth {
			w.line()
			w.indent(indent)
			start++
		}
	}
	w.words(s[start:])
	w.put(quote)
}

func (w *yamlWriter) words(s string) {
	w.put(s)
	w.wide += len(s) - utf8.RuneCountInString(s)
}

// folds reports whether s may go on in the next line.
func (w *yamlWriter) folds(s string) bool {
	return w.style == yamlRuamel && !w.key && w.column()+len(s) > yamlWidth
}

// literal writes s, which has line breaks, line by line below a "|".
func (w *yamlWriter) literal(s string, indent int) {
	w.put("|")
	if s[0] == ' ' || s[0] == '\n' {
		w.put("2") // the indent cannot be told from the first line
	}
	body := strings.TrimSuffix(s, "\n")
	switch {
	case body == s:
		w.put("-")
	case body == "" || strings.HasSuffix(body, "\n"):
		w.put("+")
	}
	for line := range strings.SplitSeq(body, "\n") {
		w.line()
		if line != "" {
			w.indent(indent)
			w.put(line)
		}
	}
}

// doubleQuoted writes s with escapes. A line that is too wide ends with "\",
// before a space or behind an escape.
// Source: https://yaml.org/spec/1.2.2/#731-double-quoted-style
func (w *yamlWriter) doubleQuoted(s string, indent int) {
	w.put(`"`)
	for i, c := range s {
		escaped := c == '"' || c == '\\' || needsEscape(c)
		folds := w.style == yamlRuamel && !w.key && 0 < i && i+1 < len(s)
		if folds && c == ' ' && w.column() > yamlWidth {
			w.put(`\`)
			w.line()
			w.indent(indent)
			w.put(`\`) // else the space would be part of the indent
		}
		if !escaped {
			w.putRune(c)
			w.wide += utf8.RuneLen(c) - 1
			continue
		}
		w.escape(c)
		if folds && w.column() > yamlWidth {
			w.put(`\`)
			w.line()
			w.indent(indent)
			if s[i+1] == ' ' {
				w.put(`\`)
			}
		}
	}
	w.put(`"`)
}

// escape writes a character as an escape, by name if it has one.
// Source: https://yaml.org/spec/1.2.2/#57-escaped-characters
func (w *yamlWriter) escape(r rune) {
	const (
		characters = "\x00\a\b\t\n\v\f\r\x1b\"\\"
		names      = `0abtnvfre"\`
		digits     = "0123456789ABCDEF"
	)
	if i := strings.IndexRune(characters, r); i >= 0 {
		w.put(`\` + names[i:i+1])
		return
	}
	kind, size := `\x`, 2
	if r > 0xff {
		kind, size = `\u`, 4
	}
	w.put(kind)
	for shift := 4 * (size - 1); shift >= 0; shift -= 4 {
		w.putByte(digits[r>>shift&15])
	}
}
