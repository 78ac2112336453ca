package filter

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// syntaxError says why a regex cannot be used.
type syntaxError struct {
	msg        string
	unfinished bool // more text at its end may mend it
	backtracks bool // an engine that backtracks can do it, and RE2 cannot
}

// translation is a Python regex as RE2 understands it. It has no captures:
// filters ask only whether, never where.
//
// In modes that see bytes, the RE2 form is over the characters U+0000 to U+00FF,
// one for each byte.
type translation struct {
	re2 string
	// backtracks: RE2 cannot do it, and re2 is for an engine that backtracks,
	// with the captures that it needs.
	backtracks bool

	// literals has one text for each outermost branch, ASCII letters in lower
	// case: every match contains one of them. If exact, each branch is its
	// literal and nothing else, case ignored.
	literals [][]byte
	exact    bool
}

// translate follows the parser of Python 3.13's re module
// (https://docs.python.org/3.13/library/re.html), and refuses what it refuses.
func translate(regex string, m mode) (translation, *syntaxError) {
	t, err := translateFor(regex, m, false)
	if err != nil && err.backtracks {
		return translateFor(regex, m, true)
	}
	return t, err
}

func translateFor(regex string, m mode, backtracks bool) (translation, *syntaxError) {
	t := translator{src: regex, mode: m, out: []byte("(?i)"), exact: true, backtracks: backtracks}
	scope := flags{fold: true, lines: m == headMode || m == noteMode, dot: m == bodyMode}
	if err := t.globalFlags(&scope); err != nil {
		return translation{}, err
	}
	if _, err := t.alternatives(scope, 0); err != nil {
		return translation{}, err
	}
	if !t.atEnd() {
		return translation{}, invalid("unbalanced parenthesis")
	}
	return translation{string(t.out), backtracks, t.literals, t.exact}, nil
}

// flags are those in force at one place of a regex.
type flags struct {
	fold  bool // i
	lines bool // m: ^ and $ match at lines
	dot   bool // s: . matches line breaks
}

// maxGroups bounds the nesting of groups.
const maxGroups = 200

type translator struct {
	src  string
	pos  int
	mode mode
	out  []byte

	backtracks bool // what is made is for an engine that does

	names     map[string]int // of groups, and their numbers
	groups    int
	reference string // what the reference that group read last refers by

	// Literals are collected from outermost sequences only: the run of
	// characters being read, the longest one of this branch, and those of
	// branches before it.
	run, best []byte
	literals  [][]byte
	exact     bool
}

func invalid(msg string) *syntaxError { return &syntaxError{msg: "invalid regex: " + msg} }
func unfinished(msg string) *syntaxError {
	return &syntaxError{msg: "invalid regex: " + msg, unfinished: true}
}
func unsupported(what string) *syntaxError {
	return &syntaxError{msg: what + " in a regex is not supported yet"}
}

// needsBacktracking is the error of what RE2 cannot do. None comes where an
// engine that backtracks is at hand.
func (t *translator) needsBacktracking(what string) *syntaxError {
	if t.backtracks {
		return nil
	}
	err := unsupported(what)
	err.backtracks = true
	return err
}

// alternatives reads up to ")" or the end. It reports whether a branch ends in
// "$", after which nothing may follow: see dollar.
func (t *translator) alternatives(f flags, depth int) (ends bool, err *syntaxError) {
	if depth > maxGroups {
		return false, invalid("groups nested too deeply")
	}
	for {
		branchEnds, err := t.sequence(f, depth)
		if err != nil {
			return false, err
		}
		ends = ends || branchEnds
		if depth == 0 {
			t.endRun()
			t.literals = append(t.literals, t.best)
			t.best = nil
		}
		if !t.accept("|") {
			return ends, nil
		}
		t.out = append(t.out, '|')
	}
}

// sequence reads items and their quantifiers up to "|", ")" or the end.
func (t *translator) sequence(f flags, depth int) (ends bool, err *syntaxError) {
	for {
		if err := t.comments(); err != nil {
			return false, err
		}
		if t.atEnd() || t.src[t.pos] == '|' || t.src[t.pos] == ')' {
			return ends, nil
		}
		it, err := t.item(f, depth)
		if err != nil {
			return false, err
		}
		if ends && !it.dollar {
			return false, t.needsBacktracking("anything after $")
		}
		q, err := t.quantifier(it)
		if err != nil {
			return false, err
		}
		if it.ends && q.re2 != "" {
			return false, t.needsBacktracking("a repeated $")
		}
		if q.possessive {
			t.out = append(t.out, "(?>"+it.re2+q.re2+")"...)
		} else {
			t.out = append(t.out, it.re2+q.re2...)
		}
		if depth == 0 {
			t.collect(it, q)
		}
		ends = ends || it.ends
	}
}

// item is one thing that a quantifier can follow.
type item struct {
	re2     string
	literal byte // the one byte it stands for, lower case
	is      bool // literal is valid
	anchor  bool // matches a position; Python lets nothing repeat it
	ends    bool // "$", or a group with a branch that ends in it
	dollar  bool // "$" itself, the one thing allowed after a "$"
}

// collect adds an item of an outermost sequence, where case is always ignored,
// to its literal.
func (t *translator) collect(it item, q quantifier) {
	once := q.re2 == ""
	t.exact = t.exact && it.is && once
	if it.is && q.min > 0 {
		t.run = append(t.run, it.literal)
	}
	if !it.is || !once {
		t.endRun()
	}
}

func (t *translator) endRun() {
	if len(t.run) > len(t.best) {
		t.best = t.run
	}
	t.run = nil
}

func (t *translator) item(f flags, depth int) (item, *syntaxError) {
	c := t.src[t.pos]
	switch c {
	case '\\':
		return t.escape(f)
	case '[':
		return t.class(f)
	case '(':
		return t.group(f, depth)
	case '*', '+', '?':
		return item{}, invalid("nothing to repeat")
	}
	t.pos++
	switch {
	case c == '.' && f.dot:
		return item{re2: `(?s:.)`}, nil
	case c == '.':
		return item{re2: `[^\n]`}, nil
	case c == '^' && f.lines:
		return item{re2: `(?m:^)`, anchor: true}, nil
	case c == '^':
		return item{re2: `\A`, anchor: true}, nil
	case c == '$' && t.backtracks && !f.lines:
		return item{re2: `(?=\n?\z)`, anchor: true}, nil
	case c == '$':
		return dollar(f), nil
	case c == '{':
		t.pos--
		if _, ok, err := t.braces(); ok || err != nil {
			return item{}, invalid("nothing to repeat")
		}
		t.pos++
	case c >= utf8.RuneSelf && !t.mode.bytes():
		r, size := utf8.DecodeRuneInString(t.src[t.pos-1:])
		t.pos += size - 1
		return t.char(r, f), nil
	}
	return t.char(rune(c), f), nil
}

// dollar is Python's "$": at lines like RE2's, otherwise at the end or before a
// line break that is the end. RE2 cannot look ahead, so the line break is
// matched; that nothing may follow makes it the same.
func dollar(f flags) item {
	if f.lines {
		return item{re2: `(?m:$)`, anchor: true}
	}
	return item{re2: `(?:\n?\z)`, anchor: true, ends: true, dollar: true}
}

// char is one character, or byte, that stands for itself.
func (t *translator) char(r rune, f flags) item {
	letter := r < utf8.RuneSelf && isLetter(byte(r))
	var it item
	if t.mode.bytes() || r < utf8.RuneSelf {
		it.is, it.literal = true, byte(r)
		if letter {
			it.literal |= 0x20
		}
	}
	switch {
	case !t.mode.bytes() && f.fold && strings.ContainsRune(dotted, r):
		it.re2 = "[" + dotted + "]"
	case f.fold && (letter || !t.mode.bytes()), r < utf8.RuneSelf && !letter:
		it.re2 = quoteRune(r)
	default:
		it.re2 = "(?-i:" + quoteRune(r) + ")" // beyond ASCII bytes have no case
	}
	return it
}

// dotted are the letters that Python folds to one another and Unicode's simple
// case folding does not.
const dotted = "iI\u0130\u0131"

func quoteRune(r rune) string {
	if r < utf8.RuneSelf && (isLetter(byte(r)) || isDigit(byte(r))) {
		return string(r)
	}
	return `\x{` + strconv.FormatInt(int64(r), 16) + `}`
}

func (t *translator) atEnd() bool { return t.pos == len(t.src) }

func (t *translator) accept(s string) bool {
	if !strings.HasPrefix(t.src[t.pos:], s) {
		return false
	}
	t.pos += len(s)
	return true
}
