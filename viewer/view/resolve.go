package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowpane/viewer/filter"
)

// Resolve returns the keys of the flows that spec means:
//
//	@all       all of the session
//	@shown     those shown, in their order on screen
//	@hidden    the others
//	@focus     that with the focus, if there is one
//	@marked    those with a marker
//	@unmarked  those without
//	@KEY,KEY…  those that are there
//	a filter   those of the session, not of those shown alone, that match it
//
// All but @shown and keys are in the order of the files. An error is that of a
// filter, or of flows that it could not be asked of; then the keys are those of
// the flows that match as far as is known.
func (l *List) Resolve(spec string) ([]string, error) {
	name, special := strings.CutPrefix(spec, "@")
	if !special {
		return l.matching(spec)
	}
	in := func(int) bool { return true }
	switch name {
	case "all":
	case "shown":
		rows := slices.Clone(l.shown.rows)
		if l.shown.spec.Descending {
			slices.Reverse(rows)
		}
		return l.columns.keyTexts(rows), nil
	case "hidden":
		shown := l.shown.set(l.columns.n)
		in = func(row int) bool { return !shown.has(uint32(row)) }
	case "focus":
		in = func(row int) bool { return focus(row+1) == l.focus }
	case "marked":
		in = l.columns.marked
	case "unmarked":
		in = func(row int) bool { return !l.columns.marked(row) }
	default:
		return l.named(name)
	}
	return l.columns.keyTexts(l.stored(in)), nil
}

func (l *List) named(names string) ([]string, error) {
	if names == "" {
		return nil, errors.New("view: no flows are named after @")
	}
	var keys []string
	for key := range strings.SplitSeq(names, ",") {
		if _, ok := l.row(key); ok {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func (l *List) matching(expr string) ([]string, error) {
	f, err := filter.Parse(expr)
	if err != nil {
		return nil, err
	}
	x := newScan(selection{spec: Spec{Filter: f}}, l.loader, &l.answers)
	if err := x.advance(&l.columns, nil); err != nil {
		return nil, err
	}
	keys := l.columns.keyTexts(x.rows)
	if x.failed > 0 {
		return keys, fmt.Errorf("view: %d flows could not be asked: %s", x.failed, x.failure)
	}
	return keys, nil
}
