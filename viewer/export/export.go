// Package export writes one flow of HTTP as text for other programs: commands
// for a shell, calls for a language, and the messages themselves.
//
// A capture may have been made by somebody who means harm. What is written here
// a person pastes into a shell, so nothing of it may be taken for more than data:
// not by the shell, and not by the program that the shell starts. What cannot be
// said safely is left out, and a note says so.
//
// Texts are mitmproxy's where they are right. To add one, write its file and a
// line in [All].
//
// https://docs.mitmproxy.org/stable/overview/features/#export
package export

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// An Exchange is a flow with its bodies at hand.
type Exchange struct {
	Flow *flowpb.Flow
	// Request and Response are the bodies with their content encoding undone; nil
	// where they were not captured, which is not an empty one.
	Request, Response []byte
}

// A Format is one form of text.
type Format struct {
	Name      string // stable key, lower case: "curl"
	Label     string // for people: "cURL"
	Extension string // of a file: ".sh"
	// Write returns the text. It is UTF-8 but for the raw formats, which are the
	// bytes of messages. An error says why there is none.
	Write func(Exchange) (Text, error)
}

// A Text is what a Format makes of an Exchange.
type Text struct {
	Bytes []byte
	// Notes say what was left out, or is to be done, for people.
	Notes []string
	// File is the name of a file that the text refers to, which has to hold the
	// request body; empty if there is none.
	File string
}

// bodyFile is the name of the file that texts refer to.
const bodyFile = "request-body.bin"

// All returns every format, those that are wanted most first.
func All() []Format {
	return []Format{
		{"curl", "cURL", ".sh", curl},
		{"httpie", "HTTPie", ".sh", httpie},
		{"powershell", "PowerShell", ".ps1", powershell},
		{"fetch", "fetch (JavaScript)", ".js", fetch},
		{"python", "Python requests", ".py", python},
		{"raw_request", "Request as sent", ".http", rawRequest},
		{"raw_response", "Response as sent", ".http", rawResponse},
		{"raw", "Both as sent", ".http", raw},
	}
}

// For returns the formats that a flow can be written in.
func For(f *flowpb.Flow) []Format {
	if f.GetRequest() == nil {
		return nil
	}
	return slices.DeleteFunc(All(), func(x Format) bool {
		return f.Response == nil && x.Name == "raw_response"
	})
}

var errNoRequest = errors.New("there is no HTTP request to write")

// A call is a request, ready to be written as a command or a call of a function.
type call struct {
	method, url string
	headers     []header
	body        []byte // empty if there is none
	notes       []string
}

type header struct{ name, value string }

// newCall takes what is sent besides what every client sends itself: a length,
// and a host that is that of the URL.
func newCall(x Exchange) (*call, error) {
	r := x.Flow.GetRequest()
	if r == nil {
		return nil, errNoRequest
	}
	url, _ := flow.PrettyURL(x.Flow)
	c := &call{method: string(r.GetMethod()), url: escaped(url), body: x.Request}
	if !isToken(c.method) {
		return nil, errors.New("the method is none: " + excerpt(c.method))
	}
	if scheme, _, _ := strings.Cut(c.url, "://"); !strings.EqualFold(c.method, "CONNECT") && !isHTTP(scheme) {
		return nil, errors.New("the URL is not one of HTTP: " + excerpt(c.url))
	}
	if strings.Contains(c.url, "\x00") {
		return nil, errors.New("the URL has a byte 0, which no program can be given: " + strconv.Quote(c.url))
	}
	host := flow.Host(x.Flow)
	for _, h := range r.GetHeaders() {
		name, value := string(h.GetName()), string(h.GetValue())
		switch lower := strings.ToLower(name); {
		case lower == "content-length":
		case (lower == "host" || lower == ":authority") && value == host:
		case lower == "content-encoding" && !r.GetBody().GetDecoded() && len(x.Request) > 0:
			c.notes = append(c.notes, "the body is written decoded, without its content-encoding")
		case strings.HasPrefix(name, ":"):
		case !isToken(name):
			c.notes = append(c.notes, "a header is left out whose name is none: "+excerpt(name))
		case strings.ContainsAny(value, "\r\n\x00"):
			c.notes = append(c.notes, "the header "+excerpt(name)+" is left out: its value has a line break")
		default:
			c.headers = append(c.headers, header{name, escaped(value)})
		}
	}
	if len(r.GetTrailers().GetFields()) > 0 {
		c.notes = append(c.notes, "trailers are left out")
	}
	return c, nil
}

// excerpt returns a text of a capture as notes and errors have it: its beginning.
func excerpt(text string) string {
	const most = 100 // bytes
	if len(text) > most {
		return strconv.Quote(text[:most]) + "…"
	}
	return strconv.Quote(text)
}

// text returns the body as text that means the same bytes, if it can be.
func (c *call) text() (string, bool) {
	return string(c.body), utf8.Valid(c.body) && !strings.Contains(string(c.body), "\x00")
}

func isHTTP(scheme string) bool {
	switch strings.ToLower(scheme) {
	case "http", "https", "ws", "wss":
		return true
	}
	return false
}

// isToken reports whether s is a token, as methods and names of headers are.
//
// Source: https://www.rfc-editor.org/rfc/rfc9110#name-tokens
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// escaped writes bytes that are not UTF-8 as \xNN, as mitmproxy does.
func escaped(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			b.WriteString(`\x` + string("0123456789abcdef"[s[0]>>4]) + string("0123456789abcdef"[s[0]&15]))
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}
