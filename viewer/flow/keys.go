package flow

import "strconv"

// Keys gives flows the keys by which page and links name them: the id, then
// for later flows of the same id ~2, ~3 and so on, in the order of the files.
// A flow without an id counts from ~1. The zero value is ready for use.
type Keys struct {
	// Given reports whether a key was given before. Nil has Keys remember them.
	Given func(key string) bool

	given map[string]bool
	last  map[string]int // per id that repeats, the number given last
}

// Next returns the key of the next flow with id. It is not equal to any key
// given before, even where an id looks like a key.
func (k *Keys) Next(id string) string {
	key := id
	if id == "" || k.isGiven(id) {
		key = k.numbered(id)
	}
	if k.Given == nil {
		if k.given == nil {
			k.given = map[string]bool{}
		}
		k.given[key] = true
	}
	return key
}

func (k *Keys) isGiven(key string) bool {
	if k.Given != nil {
		return k.Given(key)
	}
	return k.given[key]
}

// numbered returns the key of a flow that cannot have its id for one.
func (k *Keys) numbered(id string) string {
	if k.last == nil {
		k.last = map[string]int{}
	}
	n := k.last[id]
	if n == 0 && id != "" {
		n = 1
	}
	for {
		n++
		if key := id + "~" + strconv.Itoa(n); !k.isGiven(key) {
			k.last[id] = n
			return key
		}
	}
}
