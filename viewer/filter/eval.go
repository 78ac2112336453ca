package filter

import (
	"bytes"
	"cmp"
	"slices"
)

// Side says which half of an exchange is meant. Of flows that are streams of
// messages, the client's are the request.
type Side uint8

const (
	Either Side = iota
	Request
	Response
)

// Kind is the protocol of a flow. Other values are allowed and match no
// operator that asks for a protocol.
type Kind uint8

const (
	HTTP Kind = iota // WebSocket flows as well
	TCP
	UDP
	DNS
)

// Subject is what a filter asks of one flow. Methods without an error answer
// from memory, in the class [Columns]; the others may load, and their errors
// end the match. Slices belong to the Subject and are not kept.
type Subject interface {
	Kind() Kind
	WebSocket() bool
	HasResponse() bool
	HasError() bool
	Marked() bool
	// Marker and Comment are empty where there is none, and so is Replay, which
	// is the side that was replayed: "request" or "response".
	Marker() string
	Comment() string
	Replay() string

	// URL is the pretty URL of HTTP, or the name in DNS's first question;
	// false where there is neither.
	URL() ([]byte, bool)
	// Hosts returns the host connected to and the one to show. HTTP only.
	Hosts() (host, pretty string)
	// Method is the request's method as sent. HTTP only.
	Method() []byte
	// TLS reports whether the connection is encrypted.
	TLS() bool
	// Version is that of HTTP, as sent; empty for others.
	Version() string
	// Size is that of a body as sent, of Request or Response, or of the messages
	// of that side, in bytes; false where there is none.
	Size(Side) (int64, bool)
	// Start is in nanoseconds of Unix, Duration in nanoseconds; false where that
	// is not known.
	Start() (int64, bool)
	Duration() (int64, bool)
	// Status is false where there is no HTTP response.
	Status() (int, bool)
	// ContentTypes returns the values of all content-type headers of a side,
	// Request or Response, in order. HTTP only.
	ContentTypes(Side) [][]byte
	// HeaderBlock returns "Name: value\r\n" repeated, for Request or Response;
	// false where there is no such message. HTTP only.
	HeaderBlock(Side) ([]byte, bool, error)
	// Address is "host:port" of who asked or, for Response, of who was asked;
	// false where it is not known.
	Address(Side) (string, bool, error)
	// Connected is the "host:port" that was connected to: what the address asked
	// for resolved to, where that is known; false where it is not known.
	Connected() (string, bool, error)
	// Port is the one that was asked for.
	Port() (int64, bool, error)
	// IPs are the addresses of client and server that are known.
	IPs() ([]string, error)
	// SNI is the server name asked for in TLS, by either side, or empty.
	SNI() (string, error)
	// Metadata is "key: value" of each, a line each.
	Metadata() (string, error)
	// Bodies calls match with each decoded body or message of a side, until it
	// returns true, and returns whether it did. What was not captured is not offered.
	Bodies(side Side, match func([]byte) bool) (bool, error)
}

// Filter is a parsed expression. It is immutable and safe for concurrent use.
type Filter struct {
	root Node
	run  test
	slow bool // a regex backtracks, and may be given up
}

// Root returns the tree.
func (f *Filter) Root() Node { return f.root }

// Cost returns the dearest thing that Match may ask for.
func (f *Filter) Cost() Cost { return f.run.cost }

// Match reports whether the filter holds for one flow. Cheap conditions are
// asked before dear ones, whatever their order in the expression. An error is
// the Subject's own, or says that a regex took too long.
func (f *Filter) Match(s Subject) (ok bool, err error) {
	if f.slow {
		defer givenUp(&ok, &err)
	}
	return f.run.match(s)
}

// test is a tree made ready to run, by leaf for its terms.
type test struct {
	cost  Cost
	match func(Subject) (bool, error)
}

func (t *Term) test(leaf func(*Term) test) test { return leaf(t) }

func (n *Not) test(leaf func(*Term) test) test {
	x := n.X.test(leaf)
	return test{x.cost, func(s Subject) (bool, error) {
		ok, err := x.match(s)
		return !ok && err == nil, err
	}}
}

func (n *And) test(leaf func(*Term) test) test { return firstTo(false, n.X, leaf) }
func (n *Or) test(leaf func(*Term) test) test  { return firstTo(true, n.X, leaf) }

// firstTo asks each node, cheapest first, until one answers want.
func firstTo(want bool, nodes []Node, leaf func(*Term) test) test {
	tests := make([]test, len(nodes))
	for i, n := range nodes {
		tests[i] = n.test(leaf)
	}
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.cost, b.cost) })
	return test{tests[len(tests)-1].cost, func(s Subject) (bool, error) {
		for _, t := range tests {
			if ok, err := t.match(s); err != nil || ok == want {
				return ok && err == nil, err
			}
		}
		return !want, nil
	}}
}

func isKind(k Kind) func(Subject) bool {
	return func(s Subject) bool { return s.Kind() == k }
}

func isWebSocket(s Subject) bool { return s.Kind() == HTTP && s.WebSocket() }

// isExchange tells flows that are asked and answered once from streams.
func isExchange(s Subject) bool   { return s.Kind() == HTTP || s.Kind() == DNS }
func isAnswered(s Subject) bool   { return isExchange(s) && s.HasResponse() }
func isUnanswered(s Subject) bool { return isExchange(s) && !s.HasResponse() }

// isAsset looks for mitmproxy's asset types: anywhere in the value, minding case.
func isAsset(s Subject) bool {
	if s.Kind() != HTTP || !s.HasResponse() {
		return false
	}
	types := [...]string{
		"text/javascript", "application/x-javascript", "application/javascript",
		"text/css", "image/", "font/", "application/font",
	}
	for _, value := range s.ContentTypes(Response) {
		for _, t := range types {
			if bytes.Contains(value, []byte(t)) {
				return true
			}
		}
	}
	return false
}

func inMarker(s Subject, m *matcher) (bool, error)  { return inText(m, s.Marker()), nil }
func inComment(s Subject, m *matcher) (bool, error) { return inText(m, s.Comment()), nil }

func inURL(s Subject, m *matcher) (bool, error) {
	url, ok := s.URL()
	return ok && inText(m, url), nil
}

func inDomain(s Subject, m *matcher) (bool, error) {
	if s.Kind() != HTTP {
		return false, nil
	}
	host, pretty := s.Hosts()
	return inText(m, host) || inText(m, pretty), nil
}

func inMethod(s Subject, m *matcher) (bool, error) {
	return s.Kind() == HTTP && m.inBytes(s.Method()), nil
}

func inContentType(s Subject, m *matcher) (bool, error) {
	if s.Kind() != HTTP {
		return false, nil
	}
	return slices.ContainsFunc(s.ContentTypes(Request), m.inBytes) ||
		slices.ContainsFunc(s.ContentTypes(Response), m.inBytes), nil
}

func inHead(side Side) func(Subject, *matcher) (bool, error) {
	sides := []Side{side}
	if side == Either {
		sides = []Side{Request, Response}
	}
	return func(s Subject, m *matcher) (bool, error) {
		if s.Kind() != HTTP {
			return false, nil
		}
		for _, side := range sides {
			block, ok, err := s.HeaderBlock(side)
			if err != nil {
				return false, err
			}
			if ok && m.inBytes(block) {
				return true, nil
			}
		}
		return false, nil
	}
}

func inBody(side Side) func(Subject, *matcher) (bool, error) {
	return func(s Subject, m *matcher) (bool, error) { return s.Bodies(side, m.inBytes) }
}

func isReplay(side string) func(Subject) bool {
	return func(s Subject) bool { return s.Replay() != "" && (side == "" || s.Replay() == side) }
}

func inTypeOf(side Side) func(Subject, *matcher) (bool, error) {
	return func(s Subject, m *matcher) (bool, error) {
		return s.Kind() == HTTP && slices.ContainsFunc(s.ContentTypes(side), m.inBytes), nil
	}
}

func inAddress(side Side) func(Subject, *matcher) (bool, error) {
	return func(s Subject, m *matcher) (bool, error) {
		address, ok, err := s.Address(side)
		return ok && err == nil && inText(m, address), err
	}
}

func inConnected(s Subject, m *matcher) (bool, error) {
	address, ok, err := s.Connected()
	return ok && err == nil && inText(m, address), err
}

func inMetadata(s Subject, m *matcher) (bool, error) {
	text, err := s.Metadata()
	return err == nil && inText(m, text), err
}

func inVersion(s Subject, m *matcher) (bool, error) {
	return s.Kind() == HTTP && inText(m, s.Version()), nil
}

func inIP(s Subject, m *matcher) (bool, error) {
	ips, err := s.IPs()
	return err == nil && slices.ContainsFunc(ips, func(ip string) bool { return inText(m, ip) }), err
}

func inSNI(s Subject, m *matcher) (bool, error) {
	name, err := s.SNI()
	return name != "" && err == nil && inText(m, name), err
}

func status(s Subject) (int64, bool, error) {
	code, ok := s.Status()
	return int64(code), ok, nil
}

func size(side Side) func(Subject) (int64, bool, error) {
	return func(s Subject) (int64, bool, error) {
		n, ok := s.Size(side)
		return n, ok, nil
	}
}

func duration(s Subject) (int64, bool, error) {
	n, ok := s.Duration()
	return n, ok, nil
}

func start(s Subject) (int64, bool, error) {
	n, ok := s.Start()
	return n, ok, nil
}
