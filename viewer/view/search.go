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

	// By offset in the chunk, the paths with the needle, those that are not of
	// ASCII characters, and all of these.
	found, foreign, passing bitmap
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
		s.grow(c)
	}
	a := s.sites[site]
	if a == notAsked {
		a = s.answer(c, site)
	}
	switch {
	case a == always:
		return true, true
	case a == never:
		return false, true
	case a == inPath && (int(ref>>32) == s.chunk || s.reach(c, ref)):
		return s.found.has(uint32(ref)), !s.foreign.has(uint32(ref))
	}
	return false, false
}

// pass appends those of the rows from one to before another that may have the
// needle in their URLs: all but those of which in says that they do not. It stops
// at next, where another chunk begins. It makes no call for most rows, which would
// cost more than all else.
func (s *search) pass(rows []uint32, c *columns, from, to int) (passed []uint32, next int) {
	s.grow(c)
	began := false
	for next = from; next < to; {
		p, i := c.at(next)
		sites := p.site[i:min(i+to-next, pageRows)]
		paths, answers := p.path[i:i+len(sites)], s.sites
		for k, site := range sites {
			a, ref := answers[site], paths[k]
			if a == notAsked {
				a = s.answer(c, site)
			}
			if number := int(ref >> 32); a == inPath && number != s.chunk {
				switch {
				case number >= len(c.texts.full):
					a = unsure
				case began:
					return rows, next + k
				default:
					s.reach(c, ref)
				}
			}
			began = true
			if a == never || a == inPath && s.passing[uint32(ref)/64]>>(ref%64)&1 == 0 {
				continue
			}
			rows = append(rows, uint32(next+k))
		}
		next += len(sites)
	}
	return rows, next
}

// grow makes room for what can be said of the sites there are.
func (s *search) grow(c *columns) {
	if missing := len(c.sites.values) - len(s.sites); missing > 0 {
		s.sites = append(s.sites, make([]siteAnswer, missing)...)
	}
}

// answer asks what can be said of all URLs of a site.
func (s *search) answer(c *columns, site symbol) siteAnswer {
	s.sites[site] = s.ask(c, &c.sites.values[site])
	return s.sites[site]
}

// reach looks at the chunk that a path is in, and reports whether it is a full one.
func (s *search) reach(c *columns, path textRef) bool {
	number := int(path >> 32)
	if number == s.chunk {
		return true
	}
	if number >= len(c.texts.full) {
		return false
	}
	s.look(&c.texts.full[number])
	s.chunk = number
	return true
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
	s.passing = append(s.passing[:0], s.found...)
	for i, word := range s.foreign {
		s.passing[i] |= word
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
