package filter_test

import (
	"errors"
	"strings"

	"flowpane/viewer/filter"
)

// fake is a Subject made of literals. It counts what was dear.
type fake struct {
	kind      filter.Kind
	websocket bool
	failed    bool
	marked    bool

	marker, comment string
	replay          string
	metadata        string
	addresses       [3]string // by Side; empty is none
	tls             bool
	version, sni    string
	sizes           [3]int64 // by Side; negative is none
	start, duration int64    // 0 is unknown
	peer            string   // empty is none
	port            int64    // 0 is none
	ips             []string

	url          string
	host, pretty string
	method       string
	status       int // 0 without HTTP response
	answered     bool

	types  [3][]string // by Side
	heads  [3]string
	bodies [3][]string

	loadErr error
	loads   *int
}

var errLoad = errors.New("body is gone")

func (f fake) Kind() filter.Kind       { return f.kind }
func (f fake) WebSocket() bool         { return f.websocket }
func (f fake) HasResponse() bool       { return f.answered }
func (f fake) HasError() bool          { return f.failed }
func (f fake) Marked() bool            { return f.marked }
func (f fake) Marker() string          { return f.marker }
func (f fake) Comment() string         { return f.comment }
func (f fake) Replay() string          { return f.replay }
func (f fake) URL() ([]byte, bool)     { return []byte(f.url), f.url != "" }
func (f fake) Hosts() (string, string) { return f.host, f.pretty }
func (f fake) Method() []byte          { return []byte(f.method) }
func (f fake) Status() (int, bool)     { return f.status, f.status != 0 }

func (f fake) ContentTypes(side filter.Side) [][]byte {
	var list [][]byte
	for _, t := range f.types[side] {
		list = append(list, []byte(t))
	}
	return list
}

func (f fake) HeaderBlock(side filter.Side) ([]byte, bool, error) {
	f.load()
	return []byte(f.heads[side]), f.heads[side] != "", f.loadErr
}

func (f fake) Bodies(side filter.Side, match func([]byte) bool) (bool, error) {
	f.load()
	if f.loadErr != nil {
		return false, f.loadErr
	}
	for s := filter.Request; s <= filter.Response; s++ {
		if side != filter.Either && side != s {
			continue
		}
		for _, b := range f.bodies[s] {
			if match([]byte(b)) {
				return true, nil
			}
		}
	}
	return false, nil
}

func (f fake) load() {
	if f.loads != nil {
		*f.loads++
	}
}

func request() fake {
	f := fake{
		kind: filter.HTTP, url: "http://address:22/path", host: "address", pretty: "address", method: "GET",
	}
	f.heads[filter.Request] = "header: qvalue\r\ncontent-length: 7\r\n"
	f.bodies[filter.Request] = []string{"content"}
	return f
}

func response() fake {
	f := request()
	f.answered, f.status = true, 200
	f.heads[filter.Response] = "header-response: svalue\r\ncontent-length: 7\r\n"
	f.bodies[filter.Response] = []string{"message"}
	return f
}

func failure() fake {
	f := request()
	f.failed = true
	return f
}

func websocket() fake {
	f := response()
	f.websocket, f.status = true, 101
	f.url, f.host, f.pretty = "http://example.com/ws", "example.com", "example.com"
	f.bodies = [3][]string{filter.Request: {"hello binary", "hello text"}, filter.Response: {"it's me"}}
	return f
}

func stream(kind filter.Kind) fake {
	return fake{
		kind:   kind,
		bodies: [3][]string{filter.Request: {"hello"}, filter.Response: {"it's me"}},
	}
}

func question() fake {
	return fake{
		kind: filter.DNS, url: "dns.google",
		bodies: [3][]string{filter.Request: {"dns.google"}},
	}
}

func answer() fake {
	f := question()
	f.answered = true
	f.bodies[filter.Response] = []string{strings.Join([]string{"dns.google", "8.8.8.8", "8.8.4.4"}, "\r\n")}
	return f
}

func (f fake) Address(side filter.Side) (string, bool, error) {
	f.load()
	return f.addresses[side], f.addresses[side] != "", f.loadErr
}

func (f fake) Metadata() (string, error) {
	f.load()
	return f.metadata, f.loadErr
}

func (f fake) TLS() bool                           { return f.tls }
func (f fake) Version() string                     { return f.version }
func (f fake) Size(side filter.Side) (int64, bool) { return f.sizes[side], f.sizes[side] >= 0 }
func (f fake) Start() (int64, bool)                { return f.start, f.start != 0 }
func (f fake) Duration() (int64, bool)             { return f.duration, f.duration != 0 }

func (f fake) Connected() (string, bool, error) {
	f.load()
	return f.peer, f.peer != "", f.loadErr
}

func (f fake) Port() (int64, bool, error) {
	f.load()
	return f.port, f.port != 0, f.loadErr
}

func (f fake) IPs() ([]string, error) {
	f.load()
	return f.ips, f.loadErr
}

func (f fake) SNI() (string, error) {
	f.load()
	return f.sni, f.loadErr
}
