package filter

import "strings"

// coded reads "~code" and its argument.
func (p *parser) coded() (Node, *Error) {
	start := p.pos
	p.pos++
	name := p.take(isLetter)
	op := lookup(name)
	if op == nil {
		return nil, p.noOperator(start, name)
	}
	closes := op.Arg == NoArg && !p.atEnd() && p.src[p.pos] == ')'
	if !p.atEnd() && isPrintable(p.src[p.pos]) && !closes {
		return nil, &Error{Pos: start, End: p.pos, Msg: "~" + name + " must be followed by a space"}
	}
	return p.term(op, start)
}

// noOperator explains a name that the table does not have.
func (p *parser) noOperator(start int, name string) *Error {
	e := &Error{Pos: start, End: p.pos, Msg: "unknown operator ~" + name}
	switch {
	case name == "" && p.atEnd():
		e.Msg, e.Incomplete = "the name of an operator must follow ~", true
	case name == "":
		e.Msg = "the name of an operator must follow ~ directly"
	case p.atEnd():
		e.Incomplete = isPrefix(name)
	}
	return e
}

// term reads the argument of op, whose own text began at start.
func (p *parser) term(op *operator, start int) (Node, *Error) {
	t := &Term{Op: op.Code, op: op}
	if op.Arg == NoArg {
		t.span = span{start, p.pos}
		t.run = op.bind(nil)
		return t, nil
	}
	p.space()
	argStart := p.pos
	var err *Error
	switch {
	case op.Arg == RegexArg, op.Arg == NameArg, op.Arg == PathArg:
		t.Arg, err = p.regex(op, start)
	case op.Arg == IntArg && (p.atEnd() || !isComparator(p.src[p.pos])):
		t.Arg, err = p.number(op, start)
	default:
		t.Arg, err = p.comparison(op, start)
	}
	if err != nil {
		return nil, err
	}
	t.span = span{start, p.pos}
	m, bad := op.compile(t.Arg)
	if bad != nil {
		quoted := p.src[argStart] == '"' || p.src[argStart] == '\''
		return nil, &Error{
			Pos: argStart, End: p.pos, Msg: bad.msg,
			Incomplete: bad.unfinished && !quoted && p.atEnd(),
		}
	}
	t.arg, t.run = m, op.bind(m)
	return t, nil
}

// number reads digits and drops their leading zeros.
func (p *parser) number(op *operator, start int) (string, *Error) {
	digits := p.take(isDigit)
	if digits == "" {
		return "", p.missing(op, start, " needs a number")
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		digits = "0"
	}
	return digits, nil
}

// comparison reads a sign and a value, which blanks may part.
func (p *parser) comparison(op *operator, start int) (string, *Error) {
	sign := p.take(isComparator)
	if sign == "" {
		return "", p.missing(op, start, " needs a comparison, such as "+example(op.Help))
	}
	p.space()
	return sign + p.take(isWord), nil
}

// example returns the first comparison in the help of an operator.
func example(help string) string {
	_, examples, _ := strings.Cut(help, ": ")
	first, _, _ := strings.Cut(examples, ", ")
	return first
}

// regex reads a word or a quoted string, and returns what it stands for.
func (p *parser) regex(op *operator, start int) (string, *Error) {
	if !p.atEnd() && (p.src[p.pos] == '"' || p.src[p.pos] == '\'') {
		return p.quoted()
	}
	word := p.take(isWord)
	if word != "" {
		return word, nil
	}
	if !p.atEnd() && p.src[p.pos] == '(' {
		return "", p.missing(op, start, needs(op)+", in quotes if it has parentheses")
	}
	return "", p.missing(op, start, needs(op))
}

func needs(op *operator) string {
	switch op.Arg {
	case NameArg:
		return " needs a name"
	case PathArg:
		return " needs a path, such as data.items[0].id"
	}
	return " needs a regex"
}

func (p *parser) missing(op *operator, start int, what string) *Error {
	return &Error{Pos: start, End: p.pos, Msg: "~" + op.Code + what, Incomplete: p.atEnd()}
}

// quoted reads a string in quotes of either kind.
func (p *parser) quoted() (string, *Error) {
	start, quote := p.pos, p.src[p.pos]
	var b strings.Builder
	for p.pos++; !p.atEnd(); p.pos++ {
		c := p.src[p.pos]
		switch c {
		case quote:
			p.pos++
			return b.String(), nil
		case '\n', '\r':
			return "", &Error{Pos: start, End: p.pos, Msg: "a line ends inside quotes; write \\n for a line break"}
		case '\\':
			if p.pos++; p.atEnd() {
				return "", p.unquoted(start)
			}
			if c = p.src[p.pos]; c == '\n' {
				return "", &Error{Pos: start, End: p.pos, Msg: "a line ends inside quotes; write \\n for a line break"}
			}
			c = unescape(c)
		}
		b.WriteByte(c)
	}
	return "", p.unquoted(start)
}

func (p *parser) unquoted(start int) *Error {
	return &Error{Pos: start, End: len(p.src), Msg: "the closing quote is missing", Incomplete: true}
}

// unescape is what a backslash in quotes makes of c: its own self, mostly.
func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	case '0':
		return 0
	}
	return c
}

// take steps over the bytes that are in the set.
func (p *parser) take(in func(byte) bool) string {
	start := p.pos
	for !p.atEnd() && in(p.src[p.pos]) {
		p.pos++
	}
	return p.src[start:p.pos]
}

func isLetter(c byte) bool    { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isPrintable(c byte) bool { return '!' <= c && c <= '~' }
func isWord(c byte) bool      { return strings.IndexByte("()~'\""+whitespace, c) < 0 }
