package filter

import (
	"strconv"
	"strings"
	"unicode"
)

// group reads "(" and what belongs to it.
func (t *translator) group(f flags, depth int) (item, *syntaxError) {
	t.pos++
	if err := t.opening(&f); err != nil {
		return item{}, err
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
	return item{re2: "(?:" + inner + ")", ends: ends}, nil
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

// opening reads what may follow "(" and changes the flags by it.
func (t *translator) opening(f *flags) *syntaxError {
	switch {
	case !t.accept("?"):
		t.groups++
		return nil
	case t.accept(":"):
		return nil
	case t.accept("P<"):
		return t.name()
	case t.accept("="), t.accept("!"), t.accept("<="), t.accept("<!"):
		return unsupported("look-around")
	case t.accept("P="):
		return unsupported("a backreference")
	case t.accept("("):
		return unsupported("a conditional")
	case t.accept(">"):
		return unsupported("an atomic group")
	case t.atEnd(), t.src[t.pos:] == "P", t.src[t.pos:] == "<":
		return unfinished("unexpected end of pattern")
	}
	global, err := t.inlineFlags(f)
	if err == nil && global {
		err = invalid("global flags not at the start of the expression")
	}
	return err
}

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
	for _, other := range t.names {
		if other == name {
			return invalid("redefinition of group name " + strconv.Quote(name))
		}
	}
	t.names = append(t.names, name)
	t.groups++
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
