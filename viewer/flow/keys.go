package flow

import (
	"strconv"
	"strings"
)

// Keys gives flows the keys by which page and links name them: the id, then
// for later flows of the same id ~2, ~3 and so on, in the order of the files.
// A flow without an id counts from ~1. The zero value is ready for use.
type Keys struct {
	// last has per id the number given last. It says which keys are taken too:
	// a key that ends in a number is that of an id before it, or an id itself.
	last map[string]int
}

// Next returns the key of the next flow with id. It is not equal to any key
// given before, even where an id looks like a key.
func (k *Keys) Next(id string) string {
	if k.last == nil {
		k.last = map[string]int{}
	}
	n := k.last[id] + 1
	if n == 1 && id != "" {
		if !k.numbered(id) {
			k.last[id] = 1
			return id
		}
		n = 2
	}
	for {
		if key := id + "~" + strconv.Itoa(n); k.last[key] == 0 {
			k.last[id] = n
			return key
		}
		n++
	}
}

// numbered reports whether key was given to another id with a number.
func (k *Keys) numbered(key string) bool {
	i := strings.LastIndexByte(key, '~')
	if i < 0 {
		return false
	}
	n, err := strconv.Atoi(key[i+1:])
	return err == nil && strconv.Itoa(n) == key[i+1:] && k.last[key[:i]] >= n && (n > 1 || n == 1 && i == 0)
}
