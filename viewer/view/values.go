package view

import (
	"maps"
	"slices"
	"strconv"
)

// A Quality is what flows have in common, and many filters ask for.
type Quality uint8

// The qualities.
const (
	Host   Quality = iota // to show
	Method                // as sent
	MediaType
	Status // of HTTP, in digits
	Marker
)

// Values returns the values that flows of the session have of a quality, in
// alphabetical order and without the empty one. It costs a look at what differs
// in them, not at each.
func (v *View) Values(of Quality) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := &v.list.columns
	found := map[string]bool{}
	if of == Host {
		for i := range c.sites.values {
			found[c.names.text(c.sites.values[i].pretty)] = true
		}
	} else {
		for i := range c.exchanges.values {
			found[c.quality(&c.exchanges.values[i], of)] = true
		}
	}
	delete(found, "")
	return slices.Sorted(maps.Keys(found))
}

func (c *columns) quality(x *exchange, of Quality) string {
	switch of {
	case Method:
		return c.names.text(x.rawMethod)
	case MediaType:
		return c.names.text(x.mediaType)
	case Marker:
		return c.names.text(x.marker)
	}
	if x.status == 0 {
		return ""
	}
	return strconv.Itoa(int(x.status))
}
