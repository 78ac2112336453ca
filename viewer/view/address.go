package view

import (
	"strings"

	"flowpane/viewer/flow"
)

// A site is what the addresses of many flows have in common.
type site struct {
	kind       uint8
	searchable bool // ~u has something to search
	// split: both URLs are a text that repeats and the path, which begins with
	// a slash. Else they are what is before.
	split                bool
	scheme, host, pretty symbol
	before, prettyBefore symbol // the path
}

// setAddress sets the address of a row that is added, or was here before.
// Most are like the last one of the same host.
func (c *columns) setAddress(p *page, i int, s *flow.Summary) {
	host := c.names.like(c.lastHost, s.Host)
	near, known := c.siteOf.get(host)
	var was site
	if known {
		was = c.sites.values[near]
	}
	is := site{
		kind: uint8(s.Kind), searchable: s.SearchableURL, host: host,
		scheme: c.names.like(was.scheme, s.Scheme),
		pretty: c.names.like(was.pretty, s.PrettyHost),
	}
	before, prettyBefore := s.URL, s.PrettyURL
	if strings.HasPrefix(s.Path, "/") && strings.HasSuffix(s.URL, s.Path) && strings.HasSuffix(s.PrettyURL, s.Path) {
		is.split = true
		before, prettyBefore = before[:len(before)-len(s.Path)], prettyBefore[:len(prettyBefore)-len(s.Path)]
	}
	is.before = c.names.like(was.before, before)
	is.prettyBefore = c.names.like(was.prettyBefore, prettyBefore)
	if !known || is != was {
		near = c.sites.intern(is)
		c.siteOf.set(host, near)
	}
	p.site[i], c.lastHost = near, host
	if c.lastPath == 0 || !c.texts.is(c.lastPath-1, s.Path) {
		c.lastPath = c.texts.add(s.Path) + 1
	}
	p.path[i] = c.lastPath - 1
}

// siteAt returns the site of a row. It is not to be changed.
func (c *columns) siteAt(row int) *site {
	p, i := c.at(row)
	return &c.sites.values[p.site[i]]
}

// path returns the path of a row.
func (c *columns) path(row int) string {
	p, i := c.at(row)
	return c.texts.text(p.path[i])
}

// appendPrettyURL appends what ~u searches.
func (c *columns) appendPrettyURL(b []byte, row int) []byte {
	s := c.siteAt(row)
	b = append(b, c.names.text(s.prettyBefore)...)
	if s.split {
		b = append(b, c.path(row)...)
	}
	return b
}

// url returns the URL of a row in two parts, of which the first is that of
// its site.
func (c *columns) url(row int) (before, path string) {
	return c.names.text(c.siteAt(row).before), c.pathInURL(row)
}

// pathInURL returns the path where the URL ends with it, else nothing.
func (c *columns) pathInURL(row int) string {
	if !c.siteAt(row).split {
		return ""
	}
	return c.path(row)
}
