package filter

import (
	"slices"
	"strconv"
	"strings"
)

// Arg is the kind of argument that an operator takes.
type Arg uint8

const (
	NoArg      Arg = iota // ~q
	RegexArg              // ~u REGEX
	IntArg                // ~c NUMBER, or a comparison
	CompareArg            // ~size >10k
	NameArg               // ~cookie NAME
	PathArg               // ~json PATH
)

// Cost is what has to be at hand to answer. A greater one is dearer by orders
// of magnitude, and includes the lesser.
type Cost uint8

const (
	Columns Cost = iota // what a table of flows holds in memory
	Heads               // header blocks
	Bodies              // bodies and messages, decoded
)

// Operator describes one operator to people and to completion.
type Operator struct {
	Code string // without its tilde
	Arg  Arg
	Help string // one phrase
	Cost Cost
}

// Operators returns all operators in order of their codes. The slice is the
// caller's.
func Operators() []Operator {
	list := make([]Operator, len(table))
	for i := range table {
		list[i] = table[i].Operator
	}
	return list
}

// operator adds to the description what it does: is for operators without
// argument, find for those with a regex, measure for those that compare.
type operator struct {
	Operator
	words string // mitmproxy's words for it, for Describe
	mode  mode   // how regexes are read
	looks Facet  // what it looks at, if it needs no more
	is    func(Subject) bool
	find  func(Subject, *matcher) (bool, error)

	named    func(s Subject, name string) (bool, error)
	anywhere func(Subject, *argument) (bool, error)

	quantity *quantity // of comparisons
	measure  func(Subject) (n int64, known bool, err error)
}

// bind joins an operator to the argument of one term, nil without.
func (op *operator) bind(a *argument) test {
	switch op.Arg {
	case PathArg:
		return test{op.Cost, func(s Subject) (bool, error) { return s.Bodies(Either, a.path.in) }}
	case NameArg:
		return test{op.Cost, func(s Subject) (bool, error) { return op.named(s, a.name) }}
	case RegexArg:
		if op.anywhere != nil {
			return test{op.Cost, func(s Subject) (bool, error) { return op.anywhere(s, a) }}
		}
		return test{op.Cost, func(s Subject) (bool, error) { return op.find(s, a.regex) }}
	case IntArg, CompareArg:
		return test{op.Cost, func(s Subject) (bool, error) {
			n, known, err := op.measure(s)
			return known && err == nil && a.bounds.has(n), err
		}}
	}
	return test{op.Cost, func(s Subject) (bool, error) { return op.is(s), nil }}
}

// argument is what an operator's text means.
type argument struct {
	regex      *matcher
	note, head *matcher // the same as others read it, of what searches anywhere
	name       string
	path       *jsonPath
	bounds     bounds
}

func (op *operator) compile(text string) (*argument, *syntaxError) {
	switch {
	case op.Arg == NameArg:
		return &argument{name: text}, nil
	case op.Arg == PathArg:
		p, err := parseJSONPath(text)
		return &argument{path: p}, err
	case op.anywhere != nil:
		return compileAnywhere(text)
	case op.Arg == RegexArg:
		m, err := newMatcher(text, op.mode)
		return &argument{regex: m}, err
	case isComparator(text[0]):
		b, err := op.quantity.compare(text)
		return &argument{bounds: b}, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // no status is that large
		return &argument{bounds: bounds{1, 0}}, nil
	}
	return &argument{bounds: bounds{n, n}}, nil
}

func compileAnywhere(text string) (a *argument, err *syntaxError) {
	a = new(argument)
	if a.regex, err = newMatcher(text, bodyMode); err == nil {
		a.note, err = newMatcher(text, noteMode)
	}
	if err == nil {
		a.head, err = newMatcher(text, headMode)
	}
	return a, err
}

func lookup(code string) *operator {
	i, ok := slices.BinarySearchFunc(table[:], code, func(op operator, code string) int {
		return strings.Compare(op.Code, code)
	})
	if !ok {
		return nil
	}
	return &table[i]
}

// isPrefix reports whether more letters could make name an operator.
func isPrefix(name string) bool {
	return slices.ContainsFunc(table[:], func(op operator) bool { return strings.HasPrefix(op.Code, name) })
}

// table is in order of codes and never written to.
var table = [...]operator{
	{Operator: Operator{"a", NoArg, "response is an asset: CSS, JavaScript, image or font", Columns}, words: "is asset", looks: Exchange, is: isAsset},
	{Operator: Operator{"all", NoArg, "every flow", Columns}, words: "all flows", looks: Exchange, is: func(Subject) bool { return true }},
	{Operator: Operator{"any", RegexArg, "anywhere: URL, headers, bodies, messages, comment", Bodies}, words: "anything", mode: bodyMode, anywhere: anywhere},
	{Operator: Operator{"b", RegexArg, "body or message", Bodies}, words: "body", mode: bodyMode, find: inBody(Either)},
	{Operator: Operator{"bq", RegexArg, "request body, or message of the client", Bodies}, words: "body request", mode: bodyMode, find: inBody(Request)},
	{Operator: Operator{"bs", RegexArg, "response body, or message of the server", Bodies}, words: "body response", mode: bodyMode, find: inBody(Response)},
	{Operator: Operator{"c", IntArg, "HTTP status code, or a comparison: >=400, =4xx, =500..599", Columns}, words: "response code is", looks: Exchange, quantity: &statuses, measure: status},
	{Operator: Operator{"comment", RegexArg, "comment", Columns}, words: "comment", mode: noteMode, find: inComment},
	{Operator: Operator{"cookie", NameArg, "name of a cookie, sent or set", Heads}, words: "has cookie", named: hasCookie},
	{Operator: Operator{"d", RegexArg, "domain", Columns}, words: "domain", mode: textMode, looks: Site, find: inDomain},
	{Operator: Operator{"dns", NoArg, "DNS flow", Columns}, words: "is a DNS Flow", looks: Exchange, is: isKind(DNS)},
	{Operator: Operator{"dst", RegexArg, "address asked for, host:port", Heads}, words: "destination address", mode: textMode, find: inAddress(Response)},
	{Operator: Operator{"dur", CompareArg, "duration: >250ms, <=1.5s", Columns}, words: "duration is", quantity: &durations, measure: duration},
	{Operator: Operator{"e", NoArg, "flow has an error", Columns}, words: "has error", looks: Exchange, is: Subject.HasError},
	{Operator: Operator{"h", RegexArg, "header line", Heads}, words: "header", mode: headMode, find: inHead(Either)},
	{Operator: Operator{"hq", RegexArg, "request header line", Heads}, words: "req. header", mode: headMode, find: inHead(Request)},
	{Operator: Operator{"hs", RegexArg, "response header line", Heads}, words: "resp. header", mode: headMode, find: inHead(Response)},
	{Operator: Operator{"http", NoArg, "HTTP flow, WebSocket included", Columns}, words: "is an HTTP Flow", looks: Exchange, is: isKind(HTTP)},
	{Operator: Operator{"ip", RegexArg, "IP address of server or client", Heads}, words: "IP address", mode: textMode, find: inIP},
	{Operator: Operator{"json", PathArg, "path in a JSON body: data.items[0].id, items[*].price=9.90", Bodies}, words: "JSON has"},
	{Operator: Operator{"m", RegexArg, "request method", Columns}, words: "method", mode: byteMode, looks: Exchange, find: inMethod},
	{Operator: Operator{"marked", NoArg, "flow is marked", Columns}, words: "is marked", looks: Exchange, is: Subject.Marked},
	{Operator: Operator{"marker", RegexArg, "marker", Columns}, words: "marker", mode: textMode, looks: Exchange, find: inMarker},
	{Operator: Operator{"meta", RegexArg, "metadata, a line each", Heads}, words: "flow metadata", mode: noteMode, find: inMetadata},
	{Operator: Operator{"peer", RegexArg, "address connected to, host:port", Heads}, words: "connected address", mode: textMode, find: inConnected},
	{Operator: Operator{"port", CompareArg, "port asked for: =443, >=8000", Heads}, words: "port is", quantity: &ports, measure: Subject.Port},
	{Operator: Operator{"q", NoArg, "request without response", Columns}, words: "has no response", looks: Exchange, is: isUnanswered},
	{Operator: Operator{"qs", NameArg, "name of a parameter in the query", Columns}, words: "has query parameter", named: hasParameter},
	{Operator: Operator{"replay", NoArg, "flow was replayed", Columns}, words: "flow has been replayed", looks: Exchange, is: isReplay("")},
	{Operator: Operator{"replayq", NoArg, "request was replayed", Columns}, words: "request has been replayed", looks: Exchange, is: isReplay("request")},
	{Operator: Operator{"replays", NoArg, "response was replayed", Columns}, words: "response has been replayed", looks: Exchange, is: isReplay("response")},
	{Operator: Operator{"reqsize", CompareArg, "size of the request body as sent: >10k", Columns}, words: "request size is", quantity: &sizes, measure: size(Request)},
	{Operator: Operator{"s", NoArg, "response is there", Columns}, words: "has response", looks: Exchange, is: isAnswered},
	{Operator: Operator{"size", CompareArg, "size of the response body as sent: >10k, =1k..2k", Columns}, words: "response size is", quantity: &sizes, measure: size(Response)},
	{Operator: Operator{"sni", RegexArg, "server name asked for in TLS", Heads}, words: "server name", mode: textMode, find: inSNI},
	{Operator: Operator{"src", RegexArg, "address of the client, host:port", Heads}, words: "source address", mode: textMode, find: inAddress(Request)},
	{Operator: Operator{"t", RegexArg, "content type of request or response", Columns}, words: "content type", mode: byteMode, looks: Exchange, find: inContentType},
	{Operator: Operator{"tcp", NoArg, "TCP flow", Columns}, words: "is a TCP Flow", looks: Exchange, is: isKind(TCP)},
	{Operator: Operator{"time", CompareArg, "start: >2026-11-23T10:30, =2026-11", Columns}, words: "start is", quantity: &times, measure: start},
	{Operator: Operator{"tls", NoArg, "connection is encrypted", Columns}, words: "is encrypted", looks: Exchange, is: Subject.TLS},
	{Operator: Operator{"tq", RegexArg, "content type of request", Columns}, words: "req. content type", mode: byteMode, looks: Exchange, find: inTypeOf(Request)},
	{Operator: Operator{"ts", RegexArg, "content type of response", Columns}, words: "resp. content type", mode: byteMode, looks: Exchange, find: inTypeOf(Response)},
	{Operator: Operator{"u", RegexArg, "URL, or name asked of DNS", Columns}, words: "url", mode: textMode, find: inURL},
	{Operator: Operator{"udp", NoArg, "UDP flow", Columns}, words: "is a UDP Flow", looks: Exchange, is: isKind(UDP)},
	{Operator: Operator{"version", RegexArg, "HTTP version", Columns}, words: "HTTP version", mode: textMode, looks: Exchange, find: inVersion},
	{Operator: Operator{"websocket", NoArg, "WebSocket flow", Columns}, words: "is a Websocket Flow", looks: Exchange, is: isWebSocket},
}
