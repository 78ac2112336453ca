package httpblob

import (
	"fmt"
	"strings"
	"syscall/js"
)

// An address is where a file lies.
type address struct {
	url    string
	origin string // of the site that is asked
	own    string // the origin of this page
}

// parse refuses what no site answers for, and what a browser would refuse with
// less to say about it.
func parse(url string) (address, error) {
	page, urls := js.Global().Get("location"), js.Global().Get("URL")
	if !urls.Call("canParse", url, page.Get("href")).Bool() {
		return address{}, fmt.Errorf("%s: this is no address", url)
	}
	u := urls.New(url, page.Get("href"))
	scheme := u.Get("protocol").String()
	a := address{url, u.Get("origin").String(), page.Get("origin").String()}
	switch {
	case scheme != "https:" && scheme != "http:":
		return a, fmt.Errorf("%s: an address of a session begins with https:// or http://, not with %s Save the file and drop it here", url, scheme)
	case u.Get("username").String()+u.Get("password").String() != "":
		return a, fmt.Errorf("%s: an address with a name or a password in it is not opened: a browser does not send them from here", a.origin)
	case scheme == "http:" && strings.HasPrefix(a.own, "https:") && !local(u.Get("hostname").String()):
		return a, fmt.Errorf("%s: this viewer came by https, so the browser lets it ask for nothing by http: use an https:// address if the site has one, or save the file and drop it here", url)
	}
	return a, nil
}

// local reports whether a browser counts http to a host as safe: it does not
// leave the machine.
func local(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "127.") || host == "[::1]"
}

// abroad reports whether another site is asked.
func (a address) abroad() bool { return a.origin != a.own }

// mode is that of fetch. What lies on this page's own site must be there: where
// it leads elsewhere, nobody has agreed to that.
func (a address) mode() string {
	if a.abroad() {
		return "cors"
	}
	return "same-origin"
}

// unanswered says why there may be no answer: a browser does not tell a page.
func (a address) unanswered(cause error) error {
	if !a.abroad() {
		return fmt.Errorf("%s: cannot be fetched; if it leads on to another site, link to that: %w", a.url, cause)
	}
	allowed := a.own
	if allowed == "null" { // a file, which has no origin to be named
		allowed = "*"
	}
	return fmt.Errorf("%s: cannot be fetched. Either there is no answer, or %s does not let this page read it, for which it has to send "+
		"“Access-Control-Allow-Origin: %s” and, to be read in parts, “Access-Control-Expose-Headers: Content-Range, Content-Length, ETag”; "+
		"a site that it leads on to has to send “Access-Control-Allow-Origin: *”. "+
		"Or download the file and drop it here (%w)", a.url, a.origin, allowed, cause)
}
