package view

import "flowpane/viewer/filter"

// Why returns why f holds for a flow, and nothing if it does not, or there is no
// such flow.
func (v *View) Why(f *filter.Filter, key string) ([]filter.Reason, error) {
	c, rows := v.find(key)
	if len(rows) == 0 {
		return nil, nil
	}
	s := subject{loader: v.list.loader, answers: &v.list.answers}
	s.is(&c, int(rows[0]))
	if ok, err := f.Match(&s); !ok {
		return nil, err
	}
	return f.Why(&s)
}

// Matching returns those of the flows for which f holds. It calls pause after
// each, and stops where that returns an error. One that cannot be asked does not
// match.
func (v *View) Matching(f *filter.Filter, keys []string, pause func() error) ([]string, error) {
	c, rows := v.find(keys...)
	x := newScan(selection{spec: Spec{Filter: f}}, v.list.loader, &v.list.answers)
	var matching []uint32
	for _, row := range rows {
		if x.matches(&c, row) {
			matching = append(matching, row)
		}
		if err := pause(); err != nil {
			return nil, err
		}
	}
	return c.keyTexts(matching), nil
}

// find returns the rows of flows that were not removed, and columns to read.
func (v *View) find(keys ...string) (c columns, rows []uint32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, key := range keys {
		if row, ok := v.list.row(key); ok {
			rows = append(rows, row)
		}
	}
	return v.list.columns.snapshot(), rows
}
