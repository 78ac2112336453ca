package flow

import "strconv"

// Keys gives flows the keys by which page and links name them: the id, then
// for later flows of the same id ~2, ~3 and so on, in the order of the files.
// A flow without an id counts from ~1. The zero value is ready for use.
type Keys struct {
	last map[string]int // per id, the number given last
	used map[string]bool
}

// Next returns the key of the next flow with id. It is not equal to any key
// given before, even where an id looks like a key.
func (k *Keys) Next(id string) string {
	if k.last == nil {
		k.last, k.used = map[string]int{}, map[string]bool{}
	}
	for {
		k.last[id]++
		key := id
		if n := k.last[id]; n > 1 || id == "" {
			key += "~" + strconv.Itoa(n)
		}
		if !k.used[key] {
			k.used[key] = true
			return key
		}
	}
}
