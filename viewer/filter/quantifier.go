package filter

import (
	"math"
	"strconv"
	"strings"
)

// quantifier follows an item; re2 is empty where there is none.
type quantifier struct {
	re2 string
	min int // repetitions that a match needs
	// possessive: what was repeated is not given back.
	possessive bool
}

// maxRepeat is RE2's bound on a counted repetition.
const maxRepeat = 1000

// quantifier reads what may follow it.
func (t *translator) quantifier(it item) (quantifier, *syntaxError) {
	if err := t.comments(); err != nil {
		return quantifier{}, err
	}
	q, ok, err := t.oneQuantifier()
	if err != nil {
		return q, err
	}
	if !ok {
		return quantifier{min: 1}, nil
	}
	if it.anchor {
		return q, invalid("nothing to repeat")
	}
	if t.accept("+") {
		q.possessive = true
		if err := t.needsBacktracking("a possessive quantifier"); err != nil {
			return q, err
		}
	} else {
		t.accept("?") // a lazy quantifier matches other text, but no other flow
	}
	if _, again, err := t.oneQuantifier(); again || err != nil {
		return q, invalid("multiple repeat")
	}
	return q, nil
}

func (t *translator) oneQuantifier() (q quantifier, ok bool, err *syntaxError) {
	switch {
	case t.accept("*"):
		return quantifier{re2: "*"}, true, nil
	case t.accept("+"):
		return quantifier{re2: "+", min: 1}, true, nil
	case t.accept("?"):
		return quantifier{re2: "?"}, true, nil
	}
	return t.braces()
}

// braces reads {n}, {n,}, {,n} or {n,m}. Anything else is ordinary text, and
// not stepped over.
func (t *translator) braces() (q quantifier, ok bool, err *syntaxError) {
	rest, found := strings.CutPrefix(t.src[t.pos:], "{")
	if !found {
		return q, false, nil
	}
	end := len(rest) - len(strings.TrimLeft(rest, ",0123456789"))
	if end < 1 || end == len(rest) || rest[end] != '}' {
		return q, false, nil
	}
	low, high, ranged := strings.Cut(rest[:end], ",")
	if !allDigits(low) || !allDigits(high) {
		return q, false, nil
	}
	if !ranged {
		high = low
	}
	minimum, err := t.count(low, 0)
	if err != nil {
		return q, true, err
	}
	maximum, err := t.count(high, math.MaxInt32)
	if err != nil {
		return q, true, err
	}
	if minimum > maximum {
		return q, true, invalid("min repeat greater than max repeat")
	}
	t.pos += end + 2
	re2 := "{" + strconv.Itoa(minimum) + ","
	if high != "" {
		re2 += strconv.Itoa(maximum)
	}
	return quantifier{re2: re2 + "}", min: minimum}, true, nil
}

// count reads one bound; the absent one is given.
func (t *translator) count(digits string, absent int) (int, *syntaxError) {
	if digits == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0, unsupported("a repeat count over " + strconv.Itoa(math.MaxInt32))
	}
	if n > maxRepeat {
		return int(n), t.needsBacktracking("a repeat count over " + strconv.Itoa(maxRepeat))
	}
	return int(n), nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}
