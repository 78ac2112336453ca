package filter

import (
	"strconv"
	"strings"
	"unicode"
)

// group reads "(" and what belongs to it.
func (t *translator) group(f flags, depth int) (item, *syntaxError) {
	t.pos++
	opening, err := t.opening(&f)
	if err != nil || opening == "" {
		return item{re2: t.reference}, err
	}
	start := len(t.out)
	ends, err := t.alternatives(f, depth+1)
	inner := string(t.out[start:])
	t.out = t.out[:start]
	if err != nil {
		return item{}, err
	}
	if !t.accept(")") {
		return item{}, unfinished("missing ), unterminated subpattern")
	}
	return item{re2: opening + inner + ")", ends: ends}, nil
}

// comments steps over any "(?#...)".
func (t *translator) comments() *syntaxError {
	for t.accept("(?#") {
		end := strings.IndexByte(t.src[t.pos:], ')')
		if end < 0 {
			return unfinished("missing ), unterminated comment")
		}
		t.pos += end + 1
	}
	return nil
}

// opening reads what may follow "(", changes the flags by it and returns what it
// is in the translation: nothing where it was all of a reference to a group.
func (t *translator) opening(f *flags) (string, *syntaxError) {
	capture := "(?:"
	if t.backtracks {
		capture = "("
	}
	switch {
	case !t.accept("?"):
		t.groups++
		return capture, nil
	case t.accept(":"):
		return "(?:", nil
	case t.accept("P<"):
		return capture, t.name()
	case t.accept("="), t.accept("!"), t.accept("<="), t.accept("<!"):
		start := strings.LastIndex(t.src[:t.pos], "(")
		return t.src[start:t.pos], t.needsBacktracking("look-around")
	case t.accept("P="):
		return "", t.named()
	case t.accept("("):
		return "", unsupported("a conditional")
	case t.accept(">"):
		return "(?>", t.needsBacktracking("an atomic group")
	case t.atEnd(), t.src[t.pos:] == "P", t.src[t.pos:] == "<":
		return "", unfinished("unexpected end of pattern")
	}
	global, err := t.inlineFlags(f)
	if err == nil && global {
		err = invalid("global flags not at the start of the expression")
	}
	return "(?:", err
}

// named reads the rest of "(?P=name)", and leaves what refers to that group in
// t.reference.
func (t *translator) named() *syntaxError {
	end := strings.IndexByte(t.src[t.pos:], ')')
	if end < 0 {
		return unfinished("missing ), unterminated name")
	}
	name := t.src[t.pos : t.pos+end]
	t.pos += end + 1
	number, ok := t.names[name]
	if !ok {
		return invalid("unknown group name " + strconv.Quote(name))
	}
	t.reference = refersTo(number)
	return t.needsBacktracking("a backreference")
}

// refersTo matches what a group matched. The digits are held together.
func refersTo(group int) string { return `(?:\` + strconv.Itoa(group) + ")" }

// name reads the rest of "(?P<name>".
func (t *translator) name() *syntaxError {
	end := strings.IndexByte(t.src[t.pos:], '>')
	if end < 0 {
		return unfinished("missing >, unterminated name")
	}
	name := t.src[t.pos : t.pos+end]
	t.pos += end + 1
	if !isIdentifier(name, t.mode.bytes()) {
		return invalid("bad group name " + strconv.Quote(name))
	}
	if _, defined := t.names[name]; defined {
		return invalid("redefinition of group name " + strconv.Quote(name))
	}
	t.groups++
	if t.names == nil {
		t.names = map[string]int{}
	}
	t.names[name] = t.groups
	return nil
}

// isIdentifier reports whether Python takes name for a group's.
func isIdentifier(name string, ascii bool) bool {
	for i, r := range name {
		letter := r == '_' || unicode.IsLetter(r)
		if !letter && (i == 0 || !unicode.IsDigit(r)) || ascii && r > unicode.MaxASCII {
			return false
		}
	}
	return name != ""
}
