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
	// a slash. The address of a row is then its pretty URL, which is what ~u
	// searches. Else the address is the path, and the URLs are before.
	split                bool
	scheme, host, pretty symbol
	before, prettyBefore symbol // the path
}

// setAddress sets what is like that of row near as a rule, if there is any.
func (c *columns) setAddress(p *page, i int, s *flow.Summary, near int, any bool) {
	var was site
	if any {
		was = *c.siteAt(near)
	}
	is := site{
		kind: uint8(s.Kind), searchable: s.SearchableURL,
		scheme: c.names.like(was.scheme, s.Scheme),
		host:   c.names.like(was.host, s.Host),
		pretty: c.names.like(was.pretty, s.PrettyHost),
	}
	before, prettyBefore, text := s.URL, s.PrettyURL, s.Path
	if strings.HasPrefix(s.Path, "/") && strings.HasSuffix(s.URL, s.Path) && strings.HasSuffix(s.PrettyURL, s.Path) {
		is.split, text = true, s.PrettyURL
		before, prettyBefore = before[:len(before)-len(s.Path)], prettyBefore[:len(prettyBefore)-len(s.Path)]
	}
	is.before = c.names.like(was.before, before)
	is.prettyBefore = c.names.like(was.prettyBefore, prettyBefore)
	if !any {
		p.site[i], p.address[i] = c.sites.intern(is), c.texts.add(text)
		return
	}
	q, j := c.at(near)
	if p.site[i] = q.site[j]; is != was {
		p.site[i] = c.sites.intern(is)
	}
	if p.address[i] = q.address[j]; !c.texts.is(q.address[j], text) {
		p.address[i] = c.texts.add(text)
	}
}

// siteAt returns the site of a row. It is not to be changed.
func (c *columns) siteAt(row int) *site {
	p, i := c.at(row)
	return &c.sites.values[p.site[i]]
}

func (c *columns) address(row int) string {
	p, i := c.at(row)
	return c.texts.text(p.address[i])
}

// path returns the path of a row.
func (c *columns) path(row int) string {
	s, text := c.siteAt(row), c.address(row)
	if s.split {
		text = text[len(c.names.text(s.prettyBefore)):]
	}
	return text
}

// prettyURL returns what ~u searches.
func (c *columns) prettyURL(row int) string {
	if s := c.siteAt(row); !s.split {
		return c.names.text(s.prettyBefore)
	}
	return c.address(row)
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
