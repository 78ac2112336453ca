package flow

import (
	"cmp"

	"flowpane/proto/flowpb"
)

// Flags are the yes-or-no columns of a Summary. The bits are kept in files.
type Flags uint16

const (
	FlagWebSocket Flags = 1 << iota
	FlagResponse
	FlagError
	FlagMarked
	FlagTLS
	FlagEdited
	FlagIntercepted
	// FlagResponseAbsent: no body of an HTTP response was captured, be it that
	// there was no response.
	FlagResponseAbsent
	// FlagContested: a flow of another file in the session has the same id,
	// and differs. Summarize cannot know, and never sets it.
	FlagContested
)

// Has reports whether all flags of g are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Protocol returns the name of what a flow of a kind and flags speaks: "http",
// "websocket", "tcp", "udp" or "dns".
func Protocol(kind flowpb.Kind, flags Flags) string {
	switch kind {
	case flowpb.Kind_TCP:
		return "tcp"
	case flowpb.Kind_UDP:
		return "udp"
	case flowpb.Kind_DNS:
		return "dns"
	}
	if flags.Has(FlagWebSocket) {
		return "websocket"
	}
	return "http"
}

// A Summary is what a table shows of a flow, and what cheap filters and orders
// need. It is made once, when the flow is read: the view keeps it in columns,
// the store in its narrow index. Empty text is absent.
type Summary struct {
	Kind  flowpb.Kind
	Flags Flags
	// As shown; the order "method".
	Method string
	// As sent, which is what ~m searches.
	RawMethod string
	Scheme    string
	// Of the request line, and of the host header.
	Host, PrettyHost string
	Path             string
	// The order "url".
	URL string
	// What ~u searches, if SearchableURL.
	PrettyURL     string
	SearchableURL bool
	Version       string
	// 0 is none. For DNS the response code, named by StatusText.
	Status     int32
	StatusText string
	// The media type to show, and the headers as sent.
	ContentType                       string
	RequestContentTypes, ContentTypes [][]byte
	RequestSize, ResponseSize         int64
	// The order "size".
	OrderSize int64
	// The order "time": seconds.
	Created float64
	// Unix nanoseconds; 0 is unknown.
	Start int64
	// Nanoseconds; negative is unknown.
	Duration               int64
	Marker, Comment, Error string
	Replay                 string
	// The address of who connected, as ~src searches it, and the one that was
	// connected to: what a name resolved to, where that is known.
	Client, Server string
}

// Summarize returns the summary of f. Its lists of content types alias f.
func Summarize(f *flowpb.Flow) Summary { return new(Summarizer).Summarize(f) }

// A Summarizer makes summaries of many flows. It remembers texts that repeat,
// so that a flow costs little more than its URL. The zero value is ready.
type Summarizer struct {
	texts       Recent[struct{}]
	types       Recent[string] // media types, by Content-Type headers
	authorities Recent[authority]
	addresses   Recent[struct{}]
	scratch     []byte
}

// authority is what ParseAuthority says of a Host header.
type authority struct {
	host string
	port int
}

// Summarize returns the summary of f. Its lists of content types alias f.
func (m *Summarizer) Summarize(f *flowpb.Flow) Summary {
	s := Summary{
		Kind:        Kind(f),
		RequestSize: RequestSize(f),
		OrderSize:   OrderSize(f),
		Created:     Created(f),
		Duration:    -1,
		Flags:       flagsOf(f),
	}
	s.ResponseSize = s.OrderSize - s.RequestSize
	if len(f.GetMarker()) > 0 || f.GetMarked() {
		s.Marker = Marker(f)
	}
	s.Comment = Comment(f)
	s.Replay = Replay(f)
	s.Error, _ = ErrorText(f)
	s.Client = m.hostPort(Client(f))
	s.Server = m.hostPort(Connected(f))
	s.times(f)
	if s.Kind == flowpb.Kind_HTTP {
		m.http(&s, f)
		return s
	}
	s.Method, s.Path, s.URL = Method(f), Path(f), URL(f)
	if s.Kind == flowpb.Kind_DNS {
		s.PrettyURL, s.SearchableURL = question(f)
		s.Host, s.PrettyHost = s.PrettyURL, s.PrettyURL
		s.StatusText = StatusText(f)
		return s
	}
	s.Host = string(f.GetServerConn().GetAddress().GetHost())
	s.PrettyHost = s.Host
	return s
}

func (s *Summary) times(f *flowpb.Flow) {
	start, ok := Start(f)
	if !ok {
		return
	}
	s.Start = Nanos(start)
	if end, ok := End(f); ok {
		s.Duration = max(Nanos(end)-s.Start, -1)
	}
}

// http fills in what only HTTP flows have. What is not the request's is the
// response's: the messages of a conversation.
func (m *Summarizer) http(s *Summary, f *flowpb.Flow) {
	if f.GetWebsocket() != nil {
		s.ResponseSize = TotalSize(f) - s.RequestSize
	}
	if r := f.GetRequest(); r != nil {
		s.RawMethod, s.Scheme = m.text(r.Method), m.text(r.Scheme)
		s.Version = m.text(r.HttpVersion)
		s.Method = upper(s.RawMethod)
		s.RequestContentTypes = Values(r.Headers, "content-type")
		m.address(s, r)
	}
	s.ContentTypes = Values(f.GetResponse().GetHeaders(), "content-type")
	if len(s.ContentTypes) > 0 {
		s.ContentType = m.mediaType(s.ContentTypes[0])
	}
	if status, ok := Status(f); ok {
		s.Status = int32(status)
	}
}

// address fills in the forms of the address. The two URLs are one as a rule,
// and end with the path.
func (m *Summarizer) address(s *Summary, r *flowpb.HTTPRequest) {
	header := hostHeader(r)
	named := m.authority(header)
	s.Host = m.text(r.Host)
	s.PrettyHost = cmp.Or(named.host, s.Host)
	s.SearchableURL = true
	if isConnect(r) {
		s.Path, s.URL, s.PrettyURL = string(r.Path), requestURL(r), string(r.Authority)
		return
	}
	port := int(r.GetPort())
	m.scratch = appendURL(m.scratch[:0], s.Scheme, s.Host, port, r.Path)
	s.URL = string(m.scratch)
	s.Path = s.URL[len(s.URL)-len(r.Path):]
	if string(r.Path) == "*" {
		s.Path = "*"
	}
	s.PrettyURL = s.URL
	if len(header) > 0 {
		pretty := prettyPort(named.port, s.Scheme)
		if named.host != s.Host || pretty != port {
			m.scratch = appendURL(m.scratch[:0], s.Scheme, named.host, pretty, r.Path)
			s.PrettyURL = string(m.scratch)
		}
	}
}

// hostPort is HostPort.
func (m *Summarizer) hostPort(a *flowpb.Address) string {
	if a == nil {
		return ""
	}
	m.scratch = appendHostPort(m.scratch[:0], a)
	return recall(&m.addresses, m.scratch)
}

// text returns b as a string.
func (m *Summarizer) text(b []byte) string { return recall(&m.texts, b) }

// recall returns b as a string, the one that it returned before as a rule.
func recall(texts *Recent[struct{}], b []byte) string {
	known := texts.At(b)
	if known.Text != string(b) {
		known.Text = string(b)
	}
	return known.Text
}

// authority returns what a Host header says.
func (m *Summarizer) authority(header []byte) authority {
	known := m.authorities.At(header)
	if known.Text != string(header) {
		known.Text = string(header)
		known.Value.host, known.Value.port, _ = ParseAuthority(known.Text)
	}
	return known.Value
}

// mediaType is MediaType.
func (m *Summarizer) mediaType(header []byte) string {
	known := m.types.At(header)
	if known.Text != string(header) {
		known.Text = string(header)
		known.Value = MediaType(known.Text)
	}
	return known.Value
}

func flagsOf(f *flowpb.Flow) Flags {
	var flags Flags
	set := func(flag Flags, on bool) {
		if on {
			flags |= flag
		}
	}
	set(FlagWebSocket, IsWebSocket(f))
	set(FlagResponse, HasResponse(f))
	set(FlagError, f.GetError() != nil)
	set(FlagMarked, IsMarked(f))
	client := f.GetClientConn()
	set(FlagTLS, client.GetTlsEstablished() || client.GetCommon().GetTls())
	set(FlagEdited, f.GetBackup() != nil)
	set(FlagIntercepted, f.GetIntercepted())
	_, _, present := ResponseBody(f)
	set(FlagResponseAbsent, Kind(f) == flowpb.Kind_HTTP && !present)
	return flags
}
