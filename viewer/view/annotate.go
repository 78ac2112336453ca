package view

import (
	"slices"

	"flowpane/viewer/flow"
)

// Annotate changes what was said of a flow; nil leaves it. The Watch looks at
// all flows anew: a filter or an order may depend on it.
func (v *View) Annotate(key string, marker, comment *string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.keys[key]
	if !ok {
		return
	}
	c := &v.columns
	if marker != nil { // snapshots keep the columns that they have
		c.marker, c.flags = slices.Clone(c.marker), slices.Clone(c.flags)
		c.marker[i] = c.names.intern(*marker)
		c.flags[i] &^= flow.FlagMarked
		if *marker != "" {
			c.flags[i] |= flow.FlagMarked
		}
	}
	if comment != nil {
		c.comment = slices.Clone(c.comment)
		c.comment[i] = *comment
	}
	c.generation++
	v.notify()
}
