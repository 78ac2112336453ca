package filter

import (
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of parentheses and of "!".
const maxDepth = 200

// Parse reads one filter expression. The error, if any, is an [*Error]. An
// expression that is empty or only white space is one, too: whoever takes it
// for "no filter" decides so before calling.
func Parse(expr string) (*Filter, error) {
	p := parser{src: expr}
	root, err := p.filter()
	if err != nil {
		return nil, err
	}
	f := &Filter{root: root, run: root.test(func(t *Term) test { return t.run })}
	f.slow = f.backtracks()
	return f, nil
}

type parser struct {
	src   string
	pos   int
	depth int
}

func (p *parser) filter() (Node, *Error) {
	if !utf8.ValidString(p.src) {
		return nil, &Error{Pos: 0, End: len(p.src), Msg: "not valid UTF-8"}
	}
	if p.space(); p.atEnd() {
		return nil, &Error{Pos: 0, End: len(p.src), Msg: "empty filter expression", Incomplete: true}
	}
	n, err := p.sequence()
	if err != nil {
		return nil, err
	}
	if !p.atEnd() {
		return nil, &Error{Pos: p.pos, End: p.pos + 1, Msg: "\")\" without \"(\""}
	}
	return n, nil
}

// sequence reads expressions up to the end or a closing parenthesis, at least one.
func (p *parser) sequence() (Node, *Error) {
	var list []Node
	for {
		n, err := p.chain('|')
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if p.space(); p.atEnd() || p.src[p.pos] == ')' {
			return joinAnd(list), nil
		}
	}
}

// chain reads operands joined by op: terms by '|', or factors by '&'.
func (p *parser) chain(op byte) (Node, *Error) {
	var list []Node
	for {
		n, err := p.operand(op)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if p.space(); !p.operator(op) {
			break
		}
	}
	if op == '&' {
		return joinAnd(list), nil
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return &Or{over(list[0], list[len(list)-1]), list}, nil
}

func (p *parser) operand(op byte) (Node, *Error) {
	if op == '|' {
		return p.chain('&')
	}
	return p.factor()
}

func joinAnd(list []Node) Node {
	if len(list) == 1 {
		return list[0]
	}
	return &And{over(list[0], list[len(list)-1]), list}
}

// operator steps over op if it is next and an operand follows it. Without one
// it is a word, and is left for the next atom.
func (p *parser) operator(op byte) bool {
	if p.atEnd() || p.src[p.pos] != op {
		return false
	}
	rest := strings.TrimLeft(p.src[p.pos+1:], whitespace)
	if rest == "" || rest[0] == ')' {
		return false
	}
	p.pos = len(p.src) - len(rest)
	return true
}

func (p *parser) factor() (Node, *Error) {
	p.space()
	start := p.pos
	if !p.operator('!') {
		return p.atom()
	}
	if err := p.deeper(start); err != nil {
		return nil, err
	}
	x, err := p.factor()
	p.depth--
	if err != nil {
		return nil, err
	}
	return &Not{span{start, x.End()}, x}, nil
}

// atom reads at a position where something stands: callers have skipped space
// and know that neither the end nor, but for a first atom, ")" is next.
func (p *parser) atom() (Node, *Error) {
	switch p.src[p.pos] {
	case '(':
		return p.group()
	case '~':
		return p.coded()
	case ')':
		return nil, &Error{Pos: p.pos, End: p.pos + 1, Msg: "\")\" where a filter should be"}
	}
	op := lookup("u")
	return p.term(op, p.pos)
}

func (p *parser) group() (Node, *Error) {
	start := p.pos
	if err := p.deeper(start); err != nil {
		return nil, err
	}
	unclosed := &Error{Pos: start, End: start + 1, Msg: "\"(\" without \")\"", Incomplete: true}
	p.pos++
	if p.space(); p.atEnd() {
		return nil, unclosed
	}
	if p.src[p.pos] == ')' {
		return nil, &Error{Pos: start, End: p.pos + 1, Msg: "nothing between the parentheses"}
	}
	n, err := p.sequence()
	if err != nil {
		return nil, err
	}
	if p.atEnd() {
		return nil, unclosed
	}
	p.pos++
	p.depth--
	n.(interface{ widen(pos, end int) }).widen(start, p.pos)
	return n, nil
}

func (p *parser) deeper(start int) *Error {
	if p.depth++; p.depth > maxDepth {
		return &Error{Pos: start, End: start + 1, Msg: "nested too deeply"}
	}
	return nil
}

const whitespace = " \t\r\n"

func (p *parser) atEnd() bool { return p.pos == len(p.src) }

func (p *parser) space() {
	p.pos = len(p.src) - len(strings.TrimLeft(p.src[p.pos:], whitespace))
}
