package archive

import (
	"cmp"
	"slices"
)

// spans are stretches of a file that do not lie over each other, in their order.
// An archive in which many names share one content is small, and would take all
// the memory there is.
type spans []span

type span struct{ from, to int64 }

// add adds a stretch, unless it lies over another one.
func (s *spans) add(offset, length int64) bool {
	n := span{offset, offset + max(length, 0)}
	at, _ := slices.BinarySearchFunc(*s, n, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	if at < len(*s) && (*s)[at].from < n.to || at > 0 && (*s)[at-1].to > n.from {
		return false
	}
	*s = slices.Insert(*s, at, n)
	return true
}
