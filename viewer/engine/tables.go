package engine

import (
	"strconv"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
)

// parameters returns the tables of what stands within the headers and the path
// of a request and its response.
func parameters(f *flowpb.Flow) []*table {
	query := pairs("Query", flow.Query(f.GetRequest().GetPath()))
	sent := pairs("Cookies", flow.Cookies(f.GetRequest().GetHeaders()))
	set := &table{viewerpb.Section{Tab: "response", Title: "Cookies set"}}
	for _, c := range flow.SetCookies(f.GetResponse().GetHeaders()) {
		set.add(text(c.Name), text(c.Value)+"\n"+explain(&c))
	}
	return []*table{query, sent, set}
}

func pairs(title string, list []flow.Pair) *table {
	t := &table{viewerpb.Section{Tab: "request", Title: title}}
	for _, p := range list {
		t.Fields = append(t.Fields, &viewerpb.Field{Name: text(p.Name), Value: text(p.Value)})
	}
	return t
}

// explain says in plain words for what a cookie is, and for how long.
func explain(c *flow.SetCookie) string {
	var words []string
	say := func(name string, known func(value string) string) {
		if value, ok := c.Attribute(name); ok {
			words = append(words, known(text(value)))
		}
	}
	is := func(meaning string) func(string) string { return func(string) string { return meaning } }
	say("domain", func(v string) string { return "for " + strings.TrimPrefix(v, ".") + " and hosts below it" })
	if _, ok := c.Attribute("domain"); !ok {
		words = append(words, "for this host alone")
	}
	say("path", func(v string) string { return "below " + v })
	_, lasting := c.Attribute("max-age")
	say("max-age", lifetime)
	if !lasting {
		say("expires", func(v string) string { return "until " + v })
		if _, lasting = c.Attribute("expires"); !lasting {
			words = append(words, "until the browser is closed")
		}
	}
	say("secure", is("over TLS alone"))
	say("httponly", is("not for scripts"))
	say("samesite", func(v string) string { return "sent from other sites: " + sameSite(v) })
	say("partitioned", is("kept apart by site"))
	return strings.Join(words, " · ")
}

func lifetime(maxAge string) string {
	seconds, err := strconv.ParseInt(maxAge, 10, 64)
	switch {
	case err != nil:
		return "for " + maxAge
	case seconds <= 0:
		return "deleted"
	case seconds < 1e9:
		return "for " + (time.Duration(seconds) * time.Second).String()
	}
	return "for years"
}

func sameSite(value string) string {
	switch strings.ToLower(value) {
	case "strict":
		return "never"
	case "lax":
		return "when they link here"
	case "none":
		return "always"
	}
	return value
}

// maxCertificates is how many certificates of a chain are shown.
const maxCertificates = 10

// certificates returns a table for each certificate that the server showed.
// At is when that was.
func certificates(c *flowpb.ServerConnection) (tables []*table) {
	chain := c.GetCommon().GetCertificateList()
	if len(chain) == 0 && len(c.GetCert()) > 0 {
		chain = [][]byte{c.GetCert()}
	}
	at := time.Unix(0, flow.Nanos(c.GetTimestampStart()))
	for i, b := range chain[:min(len(chain), maxCertificates)] {
		title := "Certificate"
		if len(chain) > 1 {
			title += " " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(chain))
		}
		tables = append(tables, certificate(title, b, at))
	}
	return tables
}

func certificate(title string, b []byte, at time.Time) *table {
	t := &table{viewerpb.Section{Tab: "connection", Title: title}}
	c, err := flow.ParseCertificate(b)
	if err != nil {
		t.add("Unreadable", err.Error())
		return t
	}
	const layout = "2006-01-02 15:04:05 UTC"
	until := c.NotAfter.UTC().Format(layout)
	switch {
	case at.Unix() <= 0:
	case at.After(c.NotAfter):
		until += ", which was over"
	case at.Before(c.NotBefore):
		until += ", which had not begun"
	}
	t.add("Subject", text([]byte(c.Subject)))
	t.add("Issuer", text([]byte(c.Issuer)))
	t.add("Names", text([]byte(strings.Join(c.Names, ", "))))
	t.add("Valid", c.NotBefore.UTC().Format(layout)+" to "+until)
	t.add("Key", c.Key)
	t.add("Signature", c.Signature+", not verified")
	if c.Authority {
		t.add("Authority", "it may sign others")
	}
	t.add("Serial number", c.Serial)
	t.add("SHA-256", c.SHA256)
	return t
}
