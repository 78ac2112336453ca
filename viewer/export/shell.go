package export

import (
	"strings"
	"unicode"
)

// quote writes text as one word of a shell, as Python's shlex.quote does.
// Control characters would act on the terminal that it is pasted into, and line
// breaks end what is typed there, so text with such is written $'…', which bash,
// zsh and ksh read.
func quote(s string) string {
	switch {
	case s == "":
		return "''"
	case strings.IndexFunc(s, unicode.IsControl) >= 0:
		return ansiQuote(s)
	case strings.IndexFunc(s, func(r rune) bool { return !isPlain(r) }) < 0:
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
}

func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("@%+=:,./_-", r)
}

// ansiQuote writes text $'…'.
//
// Source: https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
func ansiQuote(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			b.WriteString(octal(byte(r)))
		case unicode.IsControl(r): // C1, two bytes each
			for _, c := range []byte(string(r)) {
				b.WriteString(octal(c))
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + "'"
}

// octal writes three digits: with \x, some shells read on.
func octal(c byte) string {
	return `\` + string('0'+c>>6) + string('0'+c>>3&7) + string('0'+c&7)
}

// shellBody writes text as one word. Where mitmproxy's form, which has printf
// undo escapes, means the same, it is kept.
func shellBody(s string) string {
	control := strings.IndexFunc(s, func(r rune) bool { return r < ' ' })
	if control < 0 || strings.ContainsAny(s, `%\'`) || strings.HasSuffix(s, "\n") || strings.IndexFunc(s, beyond) >= 0 {
		return quote(s)
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' {
			const digits = "0123456789abcdef"
			b.Write([]byte{'\\', 'x', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return `"$(printf '` + b.String() + `')"`
}

// beyond reports controls that printf's form would leave as they are.
func beyond(r rune) bool { return r >= 0x7f && unicode.IsControl(r) }
