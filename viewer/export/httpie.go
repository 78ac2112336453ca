package export

import (
	"errors"
	"strconv"
	"strings"
)

// httpie writes a command. A body that is not text comes from a file.
//
// Source: https://httpie.io/docs/cli
func httpie(x Exchange) (Text, error) {
	c, err := newCall(x)
	if err != nil {
		return Text{}, err
	}
	if strings.HasPrefix(c.method, "-") {
		return Text{}, errors.New("HTTPie takes the method for an option: " + strconv.Quote(c.method))
	}
	words := []string{"http", quote(c.method), quote(c.url)}
	for _, h := range c.headers {
		words = append(words, quote(h.name+": "+h.value))
	}
	t := Text{Notes: c.notes}
	if len(c.body) > 0 {
		if text, ok := c.text(); ok {
			words = append(words, "<<<", shellBody(text))
		} else {
			words = append(words, "<", t.file())
		}
	}
	t.Bytes = []byte(strings.Join(words, " "))
	return t, nil
}
