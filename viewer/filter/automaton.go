package filter

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

const (
	// maxStates bounds an automaton; a regex that needs more has none.
	maxStates = 512
	// maxInsts bounds the program that one is made of, and so the time it takes.
	maxInsts = 512
)

// automaton is a regex made ready to be searched for one table look-up a byte,
// some ten times as fast as package regexp goes. A byte b is the character
// U+0000+b. It is immutable.
type automaton struct {
	class   [256]uint8 // bytes that no state tells apart are one class
	classes int
	next    []uint32 // by state*classes + class: a state, times classes
	start   uint32   // times classes
	atEnd   []bool   // by state: a match ends with the text
}

// newAutomaton returns nil where an automaton would be too large.
func newAutomaton(re2 string) *automaton {
	re, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil || len(prog.Inst) > maxInsts {
		return nil
	}
	m := maker{prog: prog, automaton: &automaton{}, known: map[string]int{}}
	m.classify()
	m.queue = make([]uint32, 0, len(prog.Inst))
	m.seen = make([]bool, len(prog.Inst))
	m.offset(position{}) // what it is after a match does not matter
	m.start = m.offset(position{insts: []uint32{uint32(prog.Start)}, before: noChar})
	for n := 1; n < len(m.positions); n++ {
		if len(m.positions) > maxStates {
			return nil
		}
		m.expand(n)
	}
	return m.automaton
}

// accepts reports whether the regex matches anywhere in s.
func accepts[T string | []byte](a *automaton, s T) bool { return accepted(a, s) >= 0 }

// accepted returns where in s, or up to four bytes behind, it is known that the
// regex matches, or -1. State 0 has found a match, and goes nowhere else.
func accepted[T string | []byte](a *automaton, s T) int {
	state, i := a.start, 0
	for ; i+4 <= len(s); i += 4 { // jumps are what costs most in WebAssembly
		state = a.next[state+uint32(a.class[s[i]])]
		state = a.next[state+uint32(a.class[s[i+1]])]
		state = a.next[state+uint32(a.class[s[i+2]])]
		state = a.next[state+uint32(a.class[s[i+3]])]
		if state == 0 {
			return i + 4
		}
	}
	for ; i < len(s); i++ {
		state = a.next[state+uint32(a.class[s[i]])]
	}
	if a.atEnd[int(state)/a.classes] {
		return len(s)
	}
	return -1
}

// noChar stands for the character before the first, and for that after the
// last.
const noChar = -1

// A position is where a search is: before which instructions, in ascending
// order, and after which character. Of the latter counts only what empty matches
// ask for.
type position struct {
	insts  []uint32
	before rune
}

// A maker makes an automaton of a program, position by position.
type maker struct {
	*automaton
	prog      *syntax.Prog
	positions []position // by state
	known     map[string]int
	members   []rune // by class, one of its bytes
	words     bool   // a match depends on where words begin
	lines     bool   // or lines

	queue []uint32 // instructions reached and yet to be followed
	seen  []bool
}

// classify puts bytes into classes: those that the same instructions match,
// and that are alike for empty matches.
func (m *maker) classify() {
	for i := range m.prog.Inst {
		if inst := &m.prog.Inst[i]; inst.Op == syntax.InstEmptyWidth {
			op := syntax.EmptyOp(inst.Arg)
			m.words = m.words || op&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
			m.lines = m.lines || op&(syntax.EmptyBeginLine|syntax.EmptyEndLine) != 0
		}
	}
	classes := map[string]uint8{}
	for b := range len(m.class) {
		key := []byte{byte(m.context(rune(b)))}
		for i := range m.prog.Inst {
			if matches(&m.prog.Inst[i], rune(b)) {
				key = binary.AppendUvarint(key, uint64(i))
			}
		}
		class, ok := classes[string(key)]
		if !ok {
			class = uint8(len(classes))
			classes[string(key)] = class
			m.members = append(m.members, rune(b))
		}
		m.class[b] = class
	}
	m.classes = len(classes)
}

// context returns a character that is to empty matches what r is.
func (m *maker) context(r rune) rune {
	switch {
	case m.lines && r == '\n':
		return '\n'
	case m.words && r >= 0 && syntax.IsWordChar(r):
		return 'w'
	}
	return ' '
}

func matches(inst *syntax.Inst, r rune) bool {
	switch inst.Op {
	case syntax.InstRune, syntax.InstRune1:
		return inst.MatchRune(r)
	case syntax.InstRuneAny:
		return true
	case syntax.InstRuneAnyNotNL:
		return r != '\n'
	}
	return false
}

// offset returns the number of a position, times classes.
func (m *maker) offset(p position) uint32 {
	key := binary.AppendVarint(nil, int64(p.before))
	for _, inst := range p.insts {
		key = binary.AppendUvarint(key, uint64(inst))
	}
	n, ok := m.known[string(key)]
	if !ok {
		n = len(m.positions)
		m.known[string(key)] = n
		m.positions = append(m.positions, p)
		m.next = append(m.next, make([]uint32, m.classes)...)
		m.atEnd = append(m.atEnd, n == 0)
	}
	return uint32(n * m.classes)
}

// expand finds out where each class leads from a state.
func (m *maker) expand(state int) {
	from := m.positions[state]
	_, m.atEnd[state] = m.reach(from, noChar)
	for class, r := range m.members {
		if len(m.positions) > maxStates {
			return
		}
		at, matched := m.reach(from, r)
		if matched {
			continue // state 0
		}
		next := position{insts: []uint32{uint32(m.prog.Start)}, before: m.context(r)}
		for _, inst := range at {
			if matches(&m.prog.Inst[inst], r) {
				next.insts = append(next.insts, m.prog.Inst[inst].Out)
			}
		}
		slices.Sort(next.insts)
		next.insts = slices.Compact(next.insts)
		m.next[state*m.classes+class] = m.offset(next)
	}
}

// reach follows what matches nothing between two characters. It returns the
// instructions that are then before after, and whether one of them is a match.
func (m *maker) reach(from position, after rune) (at []uint32, matched bool) {
	clear(m.seen)
	m.queue = m.queue[:0]
	for _, inst := range from.insts {
		m.add(inst)
	}
	holds := syntax.EmptyOpContext(from.before, after)
	for i := 0; i < len(m.queue); i++ {
		switch inst := &m.prog.Inst[m.queue[i]]; inst.Op {
		case syntax.InstMatch:
			return nil, true
		case syntax.InstAlt, syntax.InstAltMatch:
			m.add(inst.Out)
			m.add(inst.Arg)
		case syntax.InstNop, syntax.InstCapture:
			m.add(inst.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^holds == 0 {
				m.add(inst.Out)
			}
		}
	}
	return m.queue, false
}

func (m *maker) add(inst uint32) {
	if !m.seen[inst] {
		m.seen[inst] = true
		m.queue = append(m.queue, inst)
	}
}
