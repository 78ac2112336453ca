package filter

import "slices"

// A Facet is a group of a Subject's answers that many flows of a session share.
type Facet uint8

const (
	// Whole is a flow as such: nothing says which others are like it.
	Whole Facet = iota
	// Exchange is Kind, WebSocket, HasResponse, HasError, Marked, Marker, Replay,
	// TLS, Version, Method, Status and ContentTypes.
	Exchange
	// Site is Kind and Hosts.
	Site
)

// Faceted is a Subject that knows what many flows have in common.
type Faceted interface {
	Subject
	// Facet returns a number for what the flow answers to all of facet, which
	// is Exchange or Site. Flows with the same number answer the same. Numbers
	// are small: a Scan keeps a byte for each up to the greatest.
	Facet(facet Facet) uint32
	// Known returns what was noted by Note, of this flow, of a condition that
	// has to load it: "b REGEX".
	Known(condition string) (holds, known bool)
	Note(condition string, holds bool)
	// InURL reports whether n is in the URL, which exists and is of ASCII
	// characters alone; unless that is known, it has to be looked at.
	InURL(n *Needle) (found, known bool)
}

// Facet returns the facet that decides alone whether the filter holds: Whole if
// there is more than one, or none. Then flows with the same number of that
// facet match alike.
func (f *Filter) Facet() Facet {
	facet, first := Whole, true
	f.root.test(func(t *Term) test {
		if !first && facet != t.op.looks {
			facet = Whole
		} else if first {
			facet, first = t.op.looks, false
		}
		return t.run
	})
	return facet
}

// A Scan asks a filter of the flows of one session. It finds out once what
// conditions on methods, types, hosts and the like make of each distinct flow,
// and remembers that; its answers are those of [Filter.Match]. It is not safe
// for concurrent use.
type Scan struct {
	root    Node
	mixed   bool // there are conditions that cost less than those on URLs
	run     test
	subject Faceted

	slow     bool
	hopeless error
}

// Scan returns a Scan that remembers nothing yet.
func (f *Filter) Scan() *Scan {
	x := &Scan{root: f.root, slow: f.slow}
	f.root.test(func(t *Term) test {
		x.mixed = x.mixed || t.op.looks != Whole
		return t.run
	})
	x.run = f.root.test(x.remember)
	return x
}

// Match is [Filter.Match]. Once a regex took too long, it fails for all flows:
// what is hopeless for one seldom is for one alone.
func (x *Scan) Match(s Faceted) (ok bool, err error) {
	x.subject = s
	if x.slow {
		if x.hopeless != nil {
			return false, x.hopeless
		}
		defer func() {
			if err == errPatience {
				x.hopeless = err
			}
		}()
		defer givenUp(&ok, &err)
	}
	return x.run.match(s)
}

// remember makes t ready to run, with its answers remembered: by the facet that
// it looks at, which only what needs columns alone has, or by flows.
func (x *Scan) remember(t *Term) test {
	facet := t.op.looks
	switch {
	case t.op.Code == "u":
		return x.inURL(t)
	case facet == Whole && t.op.Cost == Columns:
		return t.run
	case facet == Whole:
		return x.once(t)
	}
	const unknown, no, yes = 0, 1, 2
	var known []uint8
	return test{t.run.cost, func(s Subject) (bool, error) {
		n := int(x.subject.Facet(facet))
		if n < len(known) && known[n] != unknown {
			return known[n] == yes, nil
		}
		if n >= len(known) {
			known = append(known, make([]uint8, n+1-len(known))...)
		}
		ok, err := t.run.match(s)
		if known[n] = no; ok {
			known[n] = yes
		}
		return ok, err
	}}
}

// once asks of each flow once, and where that failed, again.
func (x *Scan) once(t *Term) test {
	condition := t.Op + " " + t.Arg
	return test{t.run.cost, func(s Subject) (bool, error) {
		if holds, known := x.subject.Known(condition); known {
			return holds, nil
		}
		holds, err := t.run.match(s)
		if err == nil {
			x.subject.Note(condition, holds)
		}
		return holds, err
	}}
}

// inURL looks at a URL only where what the regex requires is in it, or the
// subject does not know. Letters have no forms beyond ASCII where it does.
func (x *Scan) inURL(t *Term) test {
	m := t.arg.regex
	if x.mixed || slices.ContainsFunc(m.literals, func(n *Needle) bool { return n.Len() == 0 }) {
		return t.run
	}
	return test{t.run.cost, func(s Subject) (bool, error) {
		for _, n := range m.literals {
			found, known := x.subject.InURL(n)
			switch {
			case !known:
				return t.run.match(s)
			case found && m.exact: // the URL need not be made
				return true, nil
			case found:
				url, _ := x.subject.URL()
				return around(m, true, url), nil
			}
		}
		return false, nil
	}}
}

// URLNeedle returns what the URL of every flow must have that the filter holds
// for, wherever InURL knows; nil if there is no such thing, or other conditions
// cost less. It decides if the filter holds for every flow whose URL has it.
func (x *Scan) URLNeedle() (needle *Needle, decides bool) {
	if t, ok := x.root.(*Term); ok && t.Op == "u" && len(t.arg.regex.literals) == 1 && t.arg.regex.literals[0].Len() > 0 {
		return t.arg.regex.literals[0], t.arg.regex.exact
	}
	return nil, false
}
