package export

import "strings"

// curl writes a command. It departs from mitmproxy's where that would send
// something else: HEAD is -I (with -X curl waits for a body), a method in lower
// case is kept, an empty header is 'name;', URLs with brackets or dots are sent as
// they are, a body that begins with @ or is not text does not come from elsewhere
// than it says.
//
// Source: https://curl.se/docs/manpage.html
func curl(x Exchange) (Text, error) {
	c, err := newCall(x)
	if err != nil {
		return Text{}, err
	}
	words := []string{"curl"}
	for _, h := range c.headers {
		switch {
		case strings.EqualFold(h.name, "accept-encoding"):
			words = append(words, "--compressed")
		case h.value == "":
			words = append(words, "-H", quote(h.name+";"))
		default:
			words = append(words, "-H", quote(h.name+": "+h.value))
		}
	}
	switch {
	case c.method == "HEAD":
		words = append(words, "-I")
	case c.method != "GET":
		if len(c.body) == 0 && !strings.EqualFold(c.method, "GET") {
			words = append(words, "-H", quote("content-length: 0"))
		}
		words = append(words, "-X", quote(c.method))
	}
	if strings.ContainsAny(c.url, "[]{}") {
		words = append(words, "-g")
	}
	if strings.Contains(c.url, "/.") {
		words = append(words, "--path-as-is")
	}
	words = append(words, quote(c.url))
	t := Text{Notes: c.notes}
	if len(c.body) > 0 {
		if c.method == "GET" {
			words = append(words, "-X", "GET")
		}
		words = append(words, t.curlBody(c)...)
	}
	t.Bytes = []byte(strings.Join(words, " "))
	return t, nil
}

func (t *Text) curlBody(c *call) []string {
	text, ok := c.text()
	switch {
	case !ok:
		return []string{"--data-binary", "@" + t.file()}
	case strings.HasPrefix(text, "@"):
		return []string{"--data-raw", shellBody(text)}
	}
	return []string{"-d", shellBody(text)}
}

// file notes that the text refers to a file with the body.
func (t *Text) file() string {
	t.File = bodyFile
	t.Notes = append(t.Notes, "the body is no text: save it as "+bodyFile)
	return bodyFile
}
