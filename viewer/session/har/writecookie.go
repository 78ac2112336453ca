package har

import (
	"strings"
	"time"

	"flowpane/viewer/flow"
)

// pairs writes a list of names and values.
func (o *object) pairs(name string, pairs []flow.Pair) {
	o.key(name)
	o.w.list(len(pairs), func(i int) {
		p := o.w.object(pairSpec, nil)
		p.text("name", pairs[i].Name)
		p.text("value", pairs[i].Value)
		p.end()
	})
}

// setCookies writes the cookies that a response sets.
func (o *object) setCookies(cookies []flow.SetCookie) {
	o.key("cookies")
	o.w.list(len(cookies), func(i int) {
		c := o.w.object(cookieSpec, nil)
		c.text("name", cookies[i].Name)
		c.text("value", cookies[i].Value)
		for _, attribute := range cookies[i].Attributes {
			c.attribute(attribute)
		}
		for _, flag := range [...]string{"httpOnly", "secure"} {
			if !c.has(c.property(flag)) {
				c.raw(flag, []byte("false"))
			}
		}
		c.end()
	})
}

// attribute writes an attribute of a cookie, the first of each name.
func (o *object) attribute(attribute flow.Pair) {
	member := strings.ToLower(string(attribute.Name))
	if member == "httponly" {
		member = "httpOnly"
	}
	if p := o.property(member); p == nil || o.has(p) {
		return
	}
	switch member {
	case "path", "domain":
		o.text(member, attribute.Value)
	case "httpOnly", "secure":
		o.raw(member, []byte("true"))
	case "expires":
		if at, ok := cookieTime(string(attribute.Value)); ok {
			o.date("expires", float64(at.Unix()))
		}
	}
}

// cookieTime reads the dates that servers send.
func cookieTime(s string) (time.Time, bool) {
	for _, layout := range [...]string{
		time.RFC1123, "Mon, 02-Jan-2006 15:04:05 MST", time.RFC850, "Mon, 02-Jan-06 15:04:05 MST", time.ANSIC,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
