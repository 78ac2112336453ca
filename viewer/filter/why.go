package filter

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A Reason is one condition of a filter that holds for a flow, and where.
type Reason struct {
	// Condition is as [Filter.String] writes it.
	Condition string
	// Place is a phrase: "response body".
	Place string
	// Hit is what was found, and Before and After some of the text around it.
	// They are empty where the condition looks for no text. Bytes that are not
	// UTF-8 are U+FFFD.
	Before, Hit, After string
}

// How many bytes of text a Reason has before and after a hit.
const (
	beforeHit = 32
	afterHit  = 80
)

// maxHit is how many bytes of a hit a Reason has.
const maxHit = 200

// Why returns why the filter holds for a flow: each condition that has a say in
// that and holds, with the first place where it does.
func (f *Filter) Why(s Subject) (reasons []Reason, err error) {
	ok := true
	defer givenUp(&ok, &err)
	for t := range wanted(f.root) {
		holds, err := t.run.match(s)
		if err != nil {
			return reasons, err
		}
		if holds && t.op.Arg != NoArg {
			reason, err := t.reason(s)
			if err != nil {
				return reasons, err
			}
			reason.Condition = (&Filter{root: t}).String()
			reasons = append(reasons, reason)
		}
	}
	return reasons, nil
}

// A hit is where a term finds something.
type hit struct {
	place string
	text  []byte
	m     *matcher
}

// reason returns the first place where t, which holds, finds something.
func (t *Term) reason(s Subject) (found Reason, err error) {
	err = t.places(s, func(h hit) bool {
		begin, end := h.m.locate(h.text)
		if begin < 0 {
			return false
		}
		found = Reason{
			Place:  h.place,
			Before: readable(h.text[max(begin-beforeHit, 0):begin]),
			Hit:    readable(h.text[begin:min(end, begin+maxHit)]),
			After:  readable(bytes.TrimRight(h.text[end:min(end+afterHit, len(h.text))], "\r\n")),
		}
		return true
	})
	return found, err
}

// readable returns b as text in one line.
func readable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(b), string(utf8.RuneError)))
}

// places calls each with every text that t looks at, until it returns true.
func (t *Term) places(s Subject, each func(hit) bool) error {
	text := func(place, text string) bool { return each(hit{place, []byte(text), t.arg.regex}) }
	switch t.Op {
	case "u":
		url, _ := s.URL()
		text("URL", string(url))
	case "d":
		host, pretty := s.Hosts()
		_ = text("host", pretty) || text("host", host)
	case "m":
		text("method", string(s.Method()))
	case "t", "tq", "ts":
		t.types(s, each)
	case "comment":
		text("comment", s.Comment())
	case "marker":
		text("marker", s.Marker())
	case "version":
		text("version", s.Version())
	case "meta":
		metadata, err := s.Metadata()
		text("metadata", metadata)
		return err
	case "src", "dst":
		return t.address(s, text)
	case "peer":
		address, _, err := s.Connected()
		text("server", address)
		return err
	case "ip":
		ips, err := s.IPs()
		for _, ip := range ips {
			text("address", ip)
		}
		return err
	case "sni":
		name, err := s.SNI()
		text("server name", name)
		return err
	case "any":
		return t.anywhere(s, each)
	case "h", "hq", "hs":
		_, err := t.heads(s, t.arg.regex, sideOf(t.Op), each)
		return err
	case "b", "bq", "bs":
		return t.bodies(s, sideOf(t.Op), each)
	}
	return nil
}

// sideOf returns the side that a code names with its last letter.
func sideOf(code string) Side {
	switch code[len(code)-1] {
	case 'q':
		return Request
	case 's':
		return Response
	}
	return Either
}

var sides = [...]struct {
	side Side
	name string
}{{Request, "request"}, {Response, "response"}}

func (t *Term) types(s Subject, each func(hit) bool) {
	for _, side := range sides {
		if asked := sideOf(t.Op); asked != Either && asked != side.side {
			continue
		}
		for _, value := range s.ContentTypes(side.side) {
			if each(hit{side.name + " content type", value, t.arg.regex}) {
				return
			}
		}
	}
}

func (t *Term) address(s Subject, text func(place, text string) bool) error {
	side, place := Request, "client"
	if t.Op == "dst" {
		side, place = Response, "server"
	}
	address, _, err := s.Address(side)
	text(place, address)
	return err
}

func (t *Term) heads(s Subject, m *matcher, asked Side, each func(hit) bool) (bool, error) {
	for _, side := range sides {
		if asked != Either && asked != side.side {
			continue
		}
		block, _, err := s.HeaderBlock(side.side)
		if err != nil {
			return false, err
		}
		if each(hit{side.name + " headers", block, m}) {
			return true, nil
		}
	}
	return false, nil
}

func (t *Term) bodies(s Subject, asked Side, each func(hit) bool) error {
	for _, side := range sides {
		if asked != Either && asked != side.side {
			continue
		}
		place := side.name + " body"
		if s.Kind() != HTTP || s.WebSocket() {
			place = "messages"
		}
		found, err := s.Bodies(side.side, func(b []byte) bool { return each(hit{place, b, t.arg.regex}) })
		if found || err != nil {
			return err
		}
	}
	return nil
}

func (t *Term) anywhere(s Subject, each func(hit) bool) error {
	url, _ := s.URL()
	if each(hit{"URL", url, t.arg.note}) || each(hit{"comment", []byte(s.Comment()), t.arg.note}) {
		return nil
	}
	if found, err := t.heads(s, t.arg.head, Either, each); found || err != nil {
		return err
	}
	return t.bodies(s, Either, each)
}
