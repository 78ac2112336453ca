package filter

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// class reads "[…]".
func (t *translator) class(f flags) (item, *syntaxError) {
	t.pos++
	open := "["
	if t.accept("^") {
		open = "[^"
	}
	var set strings.Builder
	for first := true; first || !t.accept("]"); first = false {
		closed, err := t.element(&set, f)
		if err != nil {
			return item{}, err
		}
		if closed {
			break
		}
	}
	re2 := open + set.String() + "]"
	if !f.fold || t.mode.bytes() {
		re2 = "(?-i:" + re2 + ")"
	}
	return item{re2: re2}, nil
}

// element reads a character, a range or a category. A "-" after it that is the
// last of the class is read with it, and then "]", too: closed.
func (t *translator) element(set *strings.Builder, f flags) (closed bool, err *syntaxError) {
	low, err := t.member()
	if err != nil {
		return false, err
	}
	high := low
	if t.accept("-") {
		if closed = t.accept("]"); closed {
			set.WriteString(quoteRune('-'))
		} else if high, err = t.member(); err != nil {
			return false, err
		} else if !low.single || !high.single || high.char < low.char {
			return false, invalid("bad character range")
		}
	}
	if low.single {
		t.addRange(set, low.char, high.char, f)
	} else {
		set.WriteString(low.set)
	}
	return closed, nil
}

// addRange writes a range, and what RE2 does not fold as Python does: in bytes
// the other case of ASCII letters, for it knows too many; in text the dotted i.
func (t *translator) addRange(set *strings.Builder, low, high rune, f flags) {
	write := func(low, high rune) {
		if low <= high {
			set.WriteString(quoteRune(low) + "-" + quoteRune(high))
		}
	}
	write(low, high)
	if t.mode.bytes() && f.fold {
		write(max(low, 'a')-0x20, min(high, 'z')-0x20)
		write(max(low, 'A')+0x20, min(high, 'Z')+0x20)
	}
	if !t.mode.bytes() && f.fold && includesDotted(low, high) {
		set.WriteString(dotted)
	}
}

func includesDotted(low, high rune) bool {
	for _, r := range dotted {
		if low <= r && r <= high {
			return true
		}
	}
	return false
}

// member is one element of a class: a character, or a set.
type member struct {
	single bool
	char   rune
	set    string // for use inside brackets
}

func (t *translator) member() (member, *syntaxError) {
	if t.atEnd() {
		return member{}, unfinished("unterminated character set")
	}
	if t.src[t.pos] == '\\' {
		return t.classEscape()
	}
	if t.mode.bytes() {
		t.pos++
		return member{single: true, char: rune(t.src[t.pos-1])}, nil
	}
	r, size := utf8.DecodeRuneInString(t.src[t.pos:])
	t.pos += size
	return member{single: true, char: r}, nil
}

// The categories of Python as ranges for use inside brackets.
const (
	asciiDigits = `0-9`
	asciiWords  = `0-9A-Z_a-z`
	asciiSpaces = `\t-\r `
	textDigits  = `\p{Nd}`
	textWords   = `\p{L}\p{N}_`
	textSpaces  = `\t-\r\x{1c}-\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
)

// category returns the set of \d, \w or \s, given by its lower-case letter.
func (t *translator) category(c byte) string {
	if t.mode.bytes() {
		switch c {
		case 'd':
			return asciiDigits
		case 's':
			return asciiSpaces
		}
		return asciiWords
	}
	switch c {
	case 'd':
		return textDigits
	case 's':
		return textSpaces
	}
	return textWords
}

// complement returns the set of \D, \W or \S for use inside brackets, where RE2
// has no way to negate a part.
func (t *translator) complement(c byte) string {
	re, err := syntax.Parse("[^"+t.category(c)+"]", syntax.Perl)
	if err != nil {
		return "" // the categories are constants that parse
	}
	var set strings.Builder
	for i := 0; i < len(re.Rune); i += 2 {
		set.WriteString(quoteRune(re.Rune[i]) + "-" + quoteRune(re.Rune[i+1]))
	}
	return set.String()
}
