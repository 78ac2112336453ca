package filter

// Node is one node of a parsed expression: [*And], [*Or], [*Not] or [*Term].
// Pos and End are byte offsets into the expression; parentheses written around
// a node belong to it. The tree must not be changed.
type Node interface {
	Pos() int
	End() int
	test(leaf func(*Term) test) test
}

// And holds when all of X do. X has at least two nodes. Nesting is kept as it
// was written: "(a & b) & c" is not "a & b & c".
type And struct {
	span
	X []Node
}

// Or holds when any of X does. X has at least two nodes.
type Or struct {
	span
	X []Node
}

// Not holds when X does not.
type Not struct {
	span
	X Node
}

// Term is one operator with its argument.
type Term struct {
	span
	Op  string // code of the operator without its tilde; "u" for a naked regex
	Arg string // the regex, unquoted, or the number without leading zeros; empty for operators without argument

	op  *operator
	arg *argument // nil if op takes none
	run test
}

// span is the place of a node; the parser widens it by parentheses.
type span struct{ pos, end int }

func (s *span) Pos() int           { return s.pos }
func (s *span) End() int           { return s.end }
func (s *span) widen(pos, end int) { s.pos, s.end = pos, end }
func over(first, last Node) span   { return span{first.Pos(), last.End()} }
func sameList(a, b []Node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// Equal reports whether two trees say the same in the same shape. Positions do
// not count.
func Equal(a, b Node) bool {
	switch a := a.(type) {
	case *And:
		b, ok := b.(*And)
		return ok && sameList(a.X, b.X)
	case *Or:
		b, ok := b.(*Or)
		return ok && sameList(a.X, b.X)
	case *Not:
		b, ok := b.(*Not)
		return ok && Equal(a.X, b.X)
	case *Term:
		b, ok := b.(*Term)
		return ok && a.Op == b.Op && a.Arg == b.Arg
	}
	return false
}
