package view

import (
	"unicode/utf8"

	"flowpane/viewer/filter"
)

// A search looks for one text in many URLs: once in what those of a site begin
// with, and in a chunk of paths at a time. That costs a third of looking at one
// after the other.
type search struct {
	needle *filter.Needle
	sites  []siteAnswer // by symbols of sites
	chunk  int          // looked at last, or -1

	// By offset in the chunk, the paths with the needle, and those that are
	// not of ASCII characters.
	found, foreign bitmap
}

// A siteAnswer is what can be said of all URLs of a site.
type siteAnswer uint8

const (
	notAsked siteAnswer = iota
	always              // they have the needle
	never
	inPath // they have it where their path has
	unsure // it may begin before the path, or letters have forms beyond ASCII
)

// in reports whether the URL of a row has the needle, if that is known: as a
// rule where the path lies in a full chunk.
func (s *search) in(c *columns, row int) (found, known bool) {
	p, i := c.at(row)
	site, ref := p.site[i], p.path[i]
	if int(site) >= len(s.sites) {
		s.sites = append(s.sites, make([]siteAnswer, len(c.sites.values)-len(s.sites))...)
	}
	if s.sites[site] == notAsked {
		s.sites[site] = s.ask(c, &c.sites.values[site])
	}
	switch s.sites[site] {
	case always:
		return true, true
	case never:
		return false, true
	case unsure:
		return false, false
	}
	if number := int(ref >> 32); number != s.chunk {
		if number >= len(c.texts.full) {
			return false, false
		}
		s.look(&c.texts.full[number])
		s.chunk = number
	}
	return s.found.has(uint32(ref)), !s.foreign.has(uint32(ref))
}

func (s *search) ask(c *columns, site *site) siteAnswer {
	before := c.names.text(site.prettyBefore)
	for i := range len(before) {
		if before[i] >= utf8.RuneSelf {
			return unsure
		}
	}
	switch {
	case !site.searchable:
		return unsure
	case s.needle.Index(before, 0) >= 0:
		return always
	case !site.split:
		return never
	case s.needle.Straddles(before, '/'):
		return unsure
	}
	return inPath
}

// look finds the texts of a chunk that have the needle.
func (s *search) look(c *chunk) {
	clear(s.found)
	clear(s.foreign)
	s.found, s.foreign = s.found.grow(len(c.texts)), s.foreign.grow(len(c.texts))
	for _, at := range c.foreign {
		s.foreign.set(at)
	}
	hit := s.needle.Index(c.texts, 0)
	for at := 0; hit >= 0; {
		from, to := bounds(c.texts, at)
		switch {
		case hit >= to: // in a later one
			at = to
		case hit >= from && hit+s.needle.Len() <= to:
			s.found.set(uint32(at))
			at, hit = to, s.needle.Index(c.texts, to)
		default: // of a length and a text, or of two
			hit = s.needle.Index(c.texts, hit+1)
		}
	}
}

// searches are those of the texts that a filter has.
type searches []*search

func (x *searches) of(n *filter.Needle) *search {
	for _, s := range *x {
		if s.needle == n {
			return s
		}
	}
	*x = append(*x, &search{needle: n, chunk: -1})
	return (*x)[len(*x)-1]
}
