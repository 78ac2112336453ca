package filter

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// escape reads a backslash and what follows it, outside of classes.
func (t *translator) escape(f flags) (item, *syntaxError) {
	if t.pos+1 == len(t.src) {
		return item{}, unfinished("bad escape (end of pattern)")
	}
	c := t.src[t.pos+1]
	switch c {
	case 'A':
		t.pos += 2
		return item{re2: `\A`, anchor: true}, nil
	case 'Z':
		t.pos += 2
		return item{re2: `\z`, anchor: true}, nil
	case 'b', 'B':
		t.pos += 2
		if t.backtracks && t.mode.bytes() {
			return item{re2: asciiBoundary(c == 'b'), anchor: true}, nil
		}
		return item{re2: `\` + string(c), anchor: true}, nil
	case 'd', 's', 'w':
		t.pos += 2
		return item{re2: "(?-i:[" + t.category(c) + "])"}, nil
	case 'D', 'S', 'W':
		t.pos += 2
		return item{re2: "(?-i:[^" + t.category(c|0x20) + "])"}, nil
	}
	if '1' <= c && c <= '9' && !isOctal3(t.src[t.pos+1:]) {
		return t.numbered()
	}
	r, err := t.charEscape()
	if err != nil {
		return item{}, err
	}
	return t.char(r, f), nil
}

// numbered reads "\1" and the like.
func (t *translator) numbered() (item, *syntaxError) {
	digits := t.src[t.pos+1 : t.pos+2]
	if t.pos+2 < len(t.src) && isDigit(t.src[t.pos+2]) {
		digits = t.src[t.pos+1 : t.pos+3]
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > t.groups {
		return item{}, invalid("invalid group reference " + digits)
	}
	t.pos += 1 + len(digits)
	return item{re2: refersTo(n)}, t.needsBacktracking("a backreference")
}

// asciiBoundary is "\b" or "\B" of ASCII for an engine that knows Unicode's.
func asciiBoundary(is bool) string {
	const behind, ahead = "(?<=[" + asciiWords + "])", "(?=[" + asciiWords + "])"
	const notBehind, notAhead = "(?<![" + asciiWords + "])", "(?![" + asciiWords + "])"
	if is {
		return "(?-i:" + behind + notAhead + "|" + notBehind + ahead + ")"
	}
	return "(?-i:" + behind + ahead + "|" + notBehind + notAhead + ")"
}

// classEscape reads a backslash and what follows it, inside of a class.
func (t *translator) classEscape() (member, *syntaxError) {
	if t.pos+1 == len(t.src) {
		return member{}, unfinished("bad escape (end of pattern)")
	}
	c := t.src[t.pos+1]
	switch c {
	case 'd', 's', 'w':
		t.pos += 2
		return member{set: t.category(c)}, nil
	case 'D', 'S', 'W':
		t.pos += 2
		return member{set: t.complement(c | 0x20)}, nil
	case 'b':
		t.pos += 2
		return member{single: true, char: '\b'}, nil
	case '8', '9':
		return member{}, invalid(`bad escape \` + string(c))
	}
	r, err := t.charEscape()
	return member{single: true, char: r}, err
}

// charEscape reads the escapes that stand for one character, in a class or not.
func (t *translator) charEscape() (rune, *syntaxError) {
	c := t.src[t.pos+1]
	t.pos += 2
	if i := strings.IndexByte("afnrtv", c); i >= 0 {
		return rune("\a\f\n\r\t\v"[i]), nil
	}
	switch {
	case c == 'x':
		return t.hex(2)
	case c == 'u' && !t.mode.bytes():
		return t.hex(4)
	case c == 'U' && !t.mode.bytes():
		return t.hex(8)
	case c == 'N' && !t.mode.bytes():
		return 0, unsupported("a character's name")
	case '0' <= c && c <= '7':
		return t.octal()
	case isLetter(c):
		return 0, invalid(`bad escape \` + string(c))
	case c >= utf8.RuneSelf && !t.mode.bytes():
		r, size := utf8.DecodeRuneInString(t.src[t.pos-1:])
		t.pos += size - 1
		return r, nil
	}
	return rune(c), nil
}

func (t *translator) hex(n int) (rune, *syntaxError) {
	digits := t.src[t.pos:min(t.pos+n, len(t.src))]
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) < n {
		return 0, &syntaxError{msg: "invalid regex: incomplete escape", unfinished: len(digits) < n}
	}
	t.pos += n
	if v > utf8.MaxRune {
		return 0, invalid("bad escape: no such character")
	}
	if !t.mode.bytes() && !utf8.ValidRune(rune(v)) {
		return 0, unsupported("half a surrogate pair")
	}
	return rune(v), nil
}

// octal reads up to three octal digits, the first of which was just passed.
func (t *translator) octal() (rune, *syntaxError) {
	start := t.pos - 1
	for t.pos < min(start+3, len(t.src)) && isOctal(t.src[t.pos]) {
		t.pos++
	}
	v, _ := strconv.ParseUint(t.src[start:t.pos], 8, 32)
	if v > 0o377 {
		return 0, invalid("octal escape value outside of range 0-0o377")
	}
	return rune(v), nil
}

func isOctal(c byte) bool { return '0' <= c && c <= '7' }

// isOctal3 reports whether s starts with three octal digits.
func isOctal3(s string) bool {
	return len(s) >= 3 && isOctal(s[0]) && isOctal(s[1]) && isOctal(s[2])
}
