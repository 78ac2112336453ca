// Package link is the grammar of the URL fragment, which holds every state of
// the view: where the session is and what to look at. Browsers never send a
// fragment to a server.
//
//	#url=samples/shop.mitm&filter=~c%20404&highlight=~e&order=-size&flow=4f2c&tab=response&view=json
//
//	fragment = [ pair *( "&" pair ) ]
//	pair     = key "=" value
//
// A value is bytes, as a rule UTF-8. Letters, digits and the characters
//
//	. - _ ~ / : @ ? , $
//
// stand for themselves; any other byte is written as % and two hexadecimal
// digits. What is read may hold others as they are, but for &. A plus is a plus,
// and a % that begins no escape is a %. An empty value is as good as none. The
// order of pairs is of no meaning but among those of url.
//
// Where the session is, of which the first of these that a link has counts:
//
//	local      the name of a session kept in this browser, where alone it opens
//	s          a small session itself: a digit for the version of its
//	           encoding, then base64url
//	url        the address of a file, relative to the page or absolute; repeated,
//	           it names the files of one session, in order
//	key        with url: what opens those of them that are encrypted; see
//	           package seal
//
// What to look at:
//
//	filter     a filter expression: flows that are shown
//	highlight  a filter expression: flows that stand out
//	order      the name of a column, with "-" in front when descending
//	flow       the key of the flow that is open: its id, with ~2, ~3 and so on
//	           for later records of the same id
//	tab        the tab of the flow that is open: "response"
//	view       the content view its body is shown in: "json"
//
// Of a key that is not url and is given twice the first value counts. Links
// outlive versions: no key or value changes its meaning, and a key that is not
// known is passed over, so that links of later versions still open.
package link

import "strings"

// A Link is a state of the view. Zero fields are not written.
type Link struct {
	// URLs are the files of the session, in order, relative to the page.
	URLs []string
	// Key opens the files of URLs, which are encrypted. A fragment is sent to no
	// host.
	Key string
	// Local names a session kept by this browser.
	Local string
	// Session is a small session itself, as text.
	Session string
	// Filter is a filter expression.
	Filter string
	// Highlight is a filter expression too, whose flows stand out.
	Highlight string
	// Order is the name of a column, with "-" in front when descending.
	Order string
	// Flow is the key of the flow shown in the detail pane.
	Flow string
	// Tab is a tab of the detail pane, and View the content view chosen there.
	Tab, View string
}

// Parse reads a fragment, with or without its #. It never fails: what it does
// not understand it leaves out, and a % that begins no escape stands for itself.
// Of a key given twice the first value counts, but url may be repeated.
func Parse(fragment string) Link {
	var l Link
	for pair := range strings.SplitSeq(strings.TrimPrefix(fragment, "#"), "&") {
		key, value, _ := strings.Cut(pair, "=")
		value = Unescape(value)
		if key == "url" && value != "" {
			l.URLs = append(l.URLs, value)
			continue
		}
		if field := l.field(key); field != nil && *field == "" {
			*field = value
		}
	}
	return l
}

// String returns the fragment of l, without #. It is ASCII, and Parse of it
// gives l again; no URL may be empty.
func (l Link) String() string {
	var b strings.Builder
	for _, url := range l.URLs {
		write(&b, "url", url)
	}
	for _, key := range [...]string{"key", "local", "s", "filter", "highlight", "order", "flow", "tab", "view"} {
		write(&b, key, *l.field(key))
	}
	return b.String()
}

func (l *Link) field(key string) *string {
	switch key {
	case "key":
		return &l.Key
	case "local":
		return &l.Local
	case "s":
		return &l.Session
	case "filter":
		return &l.Filter
	case "highlight":
		return &l.Highlight
	case "order":
		return &l.Order
	case "flow":
		return &l.Flow
	case "tab":
		return &l.Tab
	case "view":
		return &l.View
	}
	return nil
}

func write(b *strings.Builder, key, value string) {
	if value == "" {
		return
	}
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(key)
	b.WriteByte('=')
	for i := range len(value) {
		if c := value[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
}

const hex = "0123456789ABCDEF"

// plain reports whether c stands for itself in a value. All of these may stand
// in a fragment, no browser rewrites them, and mail programs do not end a link
// at them.
func plain(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("-._~/:@?,$", c) >= 0
}

// Unescape undoes percent-escapes. What is none stays as it is.
func Unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := digit(s[i+1]), digit(s[i+2])
			if hi < 16 && lo < 16 {
				b.WriteByte(hi<<4 | lo)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func digit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
