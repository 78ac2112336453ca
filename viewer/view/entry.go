package view

import (
	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// Flags are the yes-or-no columns of the view.
type Flags uint16

const (
	WebSocket Flags = 1 << iota
	HasResponse
	HasError
	Marked
	TLS
	Edited
	Intercepted
	// ResponseAbsent: there is a response whose body was not captured.
	ResponseAbsent
)

// Has reports whether all flags of g are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// An Entry is what the view keeps of a flow: every column on screen, and what
// cheap filters and orders need. It is derived once, when the flow is read.
type Entry struct {
	Key   string
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

// Derive returns the entry of f under key. It keeps nothing of f.
func Derive(key string, f *flowpb.Flow) Entry {
	e := Entry{
		Key:          key,
		Kind:         flow.Kind(f),
		Method:       flow.Method(f),
		Path:         flow.Path(f),
		URL:          flow.URL(f),
		RequestSize:  flow.RequestSize(f),
		OrderSize:    flow.OrderSize(f),
		Created:      flow.Created(f),
		Duration:     -1,
		Marker:       flow.Marker(f),
		Comment:      flow.Comment(f),
		Replay:       flow.Replay(f),
		Flags:        flags(f),
	}
	// What is not the request's is the response's: the messages of a
	// conversation, the records of a DNS answer.
	e.ResponseSize = flow.TotalSize(f) - e.RequestSize
	e.PrettyURL, e.SearchableURL = flow.PrettyURL(f)
	e.Error, _ = flow.ErrorText(f)
	e.deriveTimes(f)
	switch e.Kind {
	case flowpb.Kind_HTTP:
		e.deriveHTTP(f)
	case flowpb.Kind_DNS:
		e.Host, e.PrettyHost = e.PrettyURL, e.PrettyURL
		e.StatusText = flow.StatusText(f)
	default:
		e.Host = string(f.GetServerConn().GetAddress().GetHost())
		e.PrettyHost = e.Host
	}
	return e
}

func (e *Entry) deriveTimes(f *flowpb.Flow) {
	start, ok := flow.Start(f)
	if !ok {
		return
	}
	e.Start = flow.Nanos(start)
	if end, ok := flow.End(f); ok {
		e.Duration = max(flow.Nanos(end)-e.Start, -1)
	}
}

func (e *Entry) deriveHTTP(f *flowpb.Flow) {
	e.RawMethod = string(f.GetRequest().GetMethod())
	e.Scheme = string(f.GetRequest().GetScheme())
	e.Host, e.PrettyHost = flow.Host(f), flow.PrettyHost(f)
	e.Version = string(f.GetRequest().GetHttpVersion())
	e.RequestContentTypes = flow.Values(f.GetRequest().GetHeaders(), "content-type")
	e.ContentTypes = flow.Values(f.GetResponse().GetHeaders(), "content-type")
	if len(e.ContentTypes) > 0 {
		e.ContentType = flow.MediaType(string(e.ContentTypes[0]))
	}
	if status, ok := flow.Status(f); ok {
		e.Status = int32(status)
	}
}

func flags(f *flowpb.Flow) Flags {
	var flags Flags
	set := func(flag Flags, on bool) {
		if on {
			flags |= flag
		}
	}
	set(WebSocket, flow.IsWebSocket(f))
	set(HasResponse, flow.HasResponse(f))
	set(HasError, f.Error != nil)
	set(Marked, flow.IsMarked(f))
	client := f.ClientConn
	set(TLS, client.GetTlsEstablished() || client.GetCommon().GetTls())
	set(Edited, f.Backup != nil)
	set(Intercepted, f.GetIntercepted())
	if f.Response != nil {
		_, _, present := flow.ResponseBody(f)
		set(ResponseAbsent, !present)
	}
	return flags
}
