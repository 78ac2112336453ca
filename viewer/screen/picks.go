package screen

import (
	"context"
	"slices"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// maxPicks is how many flows can be picked one by one, or by a range; all that
// are shown can be picked whatever their number.
const maxPicks = 100_000

// picks are the flows that what is done next is done with, if they are more than
// the one that is selected. Another filter or order drops them.
type picks struct {
	all    bool // that are shown
	keys   map[string]bool
	anchor int // the row from which on a range goes, or -1
}

type rangeCame struct {
	keys []string
	err  error
}

func (p *picks) has(key string) bool { return p.all || p.keys[key] }

// picked returns how many flows are picked.
func (s *Screen) picked() int {
	if s.picks.all {
		return s.table.count
	}
	return len(s.picks.keys)
}

// dropPicks picks nothing, and reports whether something was picked.
func (s *Screen) dropPicks(do *commands) bool {
	had := s.picked() > 0
	do.stop(slotPicks)
	s.picks = picks{anchor: -1}
	return had
}

// scope returns what is picked, as the engine has it.
func (p *picks) scope() (viewerpb.Scope, []string) {
	if p.all {
		return viewerpb.Scope_VIEW, nil
	}
	keys := make([]string, 0, len(p.keys))
	for key := range p.keys {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return viewerpb.Scope_KEYS, keys
}

// pickRow adds the flow of a row to what is picked, or takes it away. What was
// selected is the first that is picked.
func (s *Screen) pickRow(do *commands, i int) {
	t, p := &s.table, &s.picks
	row := t.cache.row(i)
	if row == nil || len(p.keys) >= maxPicks {
		return
	}
	if p.all {
		*p = picks{}
	}
	if p.keys == nil {
		p.keys = map[string]bool{}
		if t.selected != "" && i != t.selectedIndex {
			p.keys[t.selected] = true
		}
	}
	if p.keys[row.Key] {
		delete(p.keys, row.Key)
	} else {
		p.keys[row.Key] = true
	}
	p.anchor, t.cursor = i, i
	do.add(Focus{FocusRow})
}

// pickTo picks all flows from where the last pick was, or from what is selected,
// to a row.
func (s *Screen) pickTo(do *commands, i int) {
	t, p := &s.table, &s.picks
	if t.count == 0 {
		return
	}
	i = max(min(i, t.count-1), 0)
	if p.anchor < 0 || p.anchor >= t.count {
		p.anchor = t.cursor
		if t.selected != "" && t.selectedIndex >= 0 {
			p.anchor = t.selectedIndex
		}
	}
	t.cursor = i
	s.scrollTo(do, t.geometry.reveal(i, false))
	s.askRows(do)
	from, count := min(i, p.anchor), max(i, p.anchor)-min(i, p.anchor)+1
	count = min(count, maxPicks)
	do.add(Focus{FocusRow}, Call{slotPicks, func(ctx context.Context, engine api.API, post func(Msg)) {
		keys, err := keysOf(ctx, engine, from, count)
		post(rangeCame{keys, err})
	}})
}

// keysOf asks for the keys of some rows.
func keysOf(ctx context.Context, engine api.API, from, count int) (keys []string, err error) {
	const window = 1000
	for len(keys) < count {
		rows, err := engine.Rows(ctx, uint64(from+len(keys)), uint32(min(count-len(keys), window)))
		if err != nil || len(rows.Rows) == 0 {
			return keys, err
		}
		for _, r := range rows.Rows {
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}

func (s *Screen) rangeCame(m rangeCame) {
	if s.failed(m.err) {
		return
	}
	s.picks.all, s.picks.keys = false, make(map[string]bool, len(m.keys))
	for _, key := range m.keys {
		s.picks.keys[key] = true
	}
}

// pickAll picks all flows that are shown.
func (s *Screen) pickAll(do *commands) {
	if s.table.count > 0 {
		s.dropPicks(do)
		s.picks.all = true
	}
}
