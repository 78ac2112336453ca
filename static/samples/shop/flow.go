package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"strconv"
	"strings"
)

// An exchange is an HTTP flow in the terms of the story.
type exchange struct {
	at     float64 // seconds since the start
	took   float64 // until the response began; 0 is 40 ms
	to     site
	method string // "" is GET
	path   string
	send   []string // "Name: value"
	body   []byte   // nil is an empty one
	// The response. A status of 0 is none.
	status  int
	headers []string
	content []byte
	coding  string // "gzip" or "deflate"
	absent  bool   // the content was not captured
	// What mitmproxy and its user noted.
	err, marker, comment, replay string
	again                        bool // the id of the flow before
	metadata                     dict
	before                       *exchange // as it was before it was edited
	talk                         []message // WebSocket
}

type message struct {
	fromClient bool
	text       string
	after      float64 // seconds since the flow began
	binary     bool
	dropped    bool
}

const agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

var reasons = map[int]string{
	101: "Switching Protocols", 200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently",
	302: "Found", 304: "Not Modified", 307: "Temporary Redirect", 401: "Unauthorized", 404: "Not Found",
	409: "Conflict", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
}

// common returns the keys that every flow has, in mitmproxy's order.
func common(kind, id string, s site, created float64) dict {
	return dict{
		{"version", 21}, {"type", kind}, {"id", id}, {"error", nil},
		{"client_conn", s.client()}, {"server_conn", s.server()},
		{"intercepted", false}, {"is_replay", nil}, {"marked", ""}, {"metadata", dict{}},
		{"comment", ""}, {"timestamp_created", created}, {"backup", nil},
	}
}

func (d dict) set(key string, value any) {
	for i := range d {
		if d[i].key == key {
			d[i].value = value
		}
	}
}

// flow returns the flow as mitmproxy writes it.
func (e exchange) flow(number int) dict {
	began := start + e.at
	d := common("http", uuid(0xf1, number), e.to, began)
	if e.err != "" {
		d.set("error", dict{{"msg", e.err}, {"timestamp", began + e.wait()}})
	}
	if e.replay != "" {
		d.set("is_replay", e.replay)
	}
	d.set("marked", e.marker)
	d.set("comment", e.comment)
	if e.metadata != nil {
		d.set("metadata", e.metadata)
	}
	if e.before != nil {
		d.set("backup", e.before.flow(number))
	}
	return append(d, pair{"request", e.request()}, pair{"response", e.response()}, pair{"websocket", e.websocket()})
}

func (e exchange) wait() float64 {
	if e.took == 0 {
		return 0.04
	}
	return e.took
}

func (e exchange) request() dict {
	method := e.method
	if method == "" {
		method = "GET"
	}
	began := start + e.at
	fields := []string{agent, "Accept: */*", "Accept-Encoding: gzip, deflate"}
	authority := ""
	if e.to.version() == "HTTP/1.1" {
		fields = append([]string{"Host: " + e.to.host}, fields...)
	} else {
		authority = e.to.host
	}
	fields = append(fields, e.send...)
	if len(e.body) > 0 {
		fields = append(fields, "Content-Length: "+strconv.Itoa(len(e.body)))
	}
	return dict{
		{"http_version", []byte(e.to.version())}, {"headers", e.headerList(fields)},
		{"content", append([]byte{}, e.body...)}, {"trailers", nil},
		{"timestamp_start", began}, {"timestamp_end", began + 0.002},
		{"host", e.to.host}, {"port", e.to.port}, {"method", []byte(method)},
		{"scheme", []byte(e.to.scheme())}, {"authority", []byte(authority)}, {"path", []byte(e.path)},
	}
}

func (e exchange) response() dict {
	if e.status == 0 {
		return nil
	}
	content := append([]byte{}, encoded(e.content, e.coding)...)
	fields := append([]string{"Date: Tue, 20 Oct 2026 08:30:00 GMT", "Server: shop/4.2"}, e.headers...)
	if e.coding != "" {
		fields = append(fields, "Content-Encoding: "+e.coding)
	}
	reason := reasons[e.status]
	if e.to.version() != "HTTP/1.1" {
		reason = ""
	}
	if e.status != 101 && e.status != 204 && e.status != 304 && e.method != "HEAD" {
		fields = append(fields, "Content-Length: "+strconv.Itoa(len(content)))
	}
	if e.absent {
		content = nil
	}
	first := start + e.at + e.wait()
	return dict{
		{"http_version", []byte(e.to.version())}, {"headers", e.headerList(fields)},
		{"content", content}, {"trailers", nil},
		{"timestamp_start", first}, {"timestamp_end", first + 0.003 + float64(len(content))/4e6},
		{"status_code", e.status}, {"reason", []byte(reason)},
	}
}

// headerList returns fields as pairs of bytes. HTTP/2 and 3 write names small.
func (e exchange) headerList(fields []string) list {
	var l list
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		if e.to.version() != "HTTP/1.1" {
			name = strings.ToLower(name)
		}
		l = append(l, list{[]byte(name), []byte(value)})
	}
	return l
}

func (e exchange) websocket() dict {
	if e.talk == nil {
		return nil
	}
	messages, last := list{}, 0.0
	for _, m := range e.talk {
		opcode := 1
		if m.binary {
			opcode = 2
		}
		messages = append(messages, list{opcode, m.fromClient, []byte(m.text), start + e.at + m.after, m.dropped, false})
		last = m.after
	}
	return dict{
		{"messages", messages}, {"closed_by_client", true}, {"close_code", 1000},
		{"close_reason", "bye"}, {"timestamp_end", start + e.at + last + 0.5},
	}
}

func encoded(content []byte, coding string) []byte {
	var b bytes.Buffer
	switch coding {
	case "gzip":
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		w.Write(content)
		w.Close()
	case "deflate":
		w := zlib.NewWriter(&b)
		w.Write(content)
		w.Close()
	default:
		return content
	}
	return b.Bytes()
}

// stream returns a TCP or UDP flow.
func stream(kind string, number int, s site, at float64, talk []message) dict {
	messages := list{}
	for _, m := range talk {
		messages = append(messages, list{m.fromClient, []byte(m.text), start + at + m.after})
	}
	d := common(kind, uuid(0xf1, number), s, start+at)
	return append(d, pair{"messages", messages})
}

// An answer is a resource record for the name that was asked for.
type answer struct {
	kind int
	data []byte
}

// lookup returns a DNS flow.
func lookup(number int, at float64, name string, kind, code int, answers ...answer) dict {
	question := list{dict{{"name", name}, {"type", kind}, {"class_", 1}}}
	records := list{}
	for _, a := range answers {
		records = append(records, dict{{"name", name}, {"type", a.kind}, {"class_", 1}, {"ttl", 300}, {"data", a.data}})
	}
	message := func(query bool, code int, records list, at float64) dict {
		return dict{
			{"id", 4711 + number}, {"query", query}, {"op_code", 0}, {"authoritative_answer", false},
			{"truncation", false}, {"recursion_desired", true}, {"recursion_available", !query},
			{"reserved", 0}, {"response_code", code}, {"questions", question},
			{"answers", records}, {"authorities", list{}}, {"additionals", list{}}, {"timestamp", start + at},
		}
	}
	d := common("dns", uuid(0xf1, number), dns, start+at)
	return append(d, pair{"request", message(true, 0, list{}, at)}, pair{"response", message(false, code, records, at+0.012)})
}
