package flow

import "flowpane/proto/flowpb"

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
}

// Summarize returns the summary of f. Its lists of content types alias f.
func Summarize(f *flowpb.Flow) Summary {
	s := Summary{
		Kind:        Kind(f),
		Method:      Method(f),
		Path:        Path(f),
		URL:         URL(f),
		RequestSize: RequestSize(f),
		OrderSize:   OrderSize(f),
		Created:     Created(f),
		Duration:    -1,
		Marker:      Marker(f),
		Comment:     Comment(f),
		Replay:      Replay(f),
		Flags:       flagsOf(f),
	}
	// What is not the request's is the response's: the messages of a
	// conversation, the records of a DNS answer.
	s.ResponseSize = TotalSize(f) - s.RequestSize
	s.Error, _ = ErrorText(f)
	s.times(f)
	switch s.Kind {
	case flowpb.Kind_HTTP:
		s.http(f)
	case flowpb.Kind_DNS:
		s.PrettyURL, s.SearchableURL = question(f)
		s.Host, s.PrettyHost = s.PrettyURL, s.PrettyURL
		s.StatusText = StatusText(f)
	default:
		s.Host = string(f.GetServerConn().GetAddress().GetHost())
		s.PrettyHost = s.Host
	}
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

func (s *Summary) http(f *flowpb.Flow) {
	r := f.GetRequest()
	header := HostHeader(r)
	s.RawMethod = string(r.GetMethod())
	s.Scheme = string(r.GetScheme())
	s.Host = Host(f)
	s.PrettyHost = prettyHost(header, s.Host)
	s.PrettyURL, s.SearchableURL = prettyURL(r, header, s.URL), r != nil
	s.Version = string(r.GetHttpVersion())
	s.RequestContentTypes = Values(r.GetHeaders(), "content-type")
	s.ContentTypes = Values(f.GetResponse().GetHeaders(), "content-type")
	if len(s.ContentTypes) > 0 {
		s.ContentType = MediaType(string(s.ContentTypes[0]))
	}
	if status, ok := Status(f); ok {
		s.Status = int32(status)
	}
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
