package mitm

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A shape says what mitmproxy takes for a value: the tags it may have, and for
// a dict the exact keys, for a list its items or those of a tuple.
type shape struct {
	tags  string
	keys  []string // in the order of the file
	of    map[string]shape
	items *shape
	tuple []shape
	least int // of a tuple
}

func tagged(tags string) shape   { return shape{tags: tags} }
func many(items shape) shape     { return shape{tags: "]", items: &items} }
func tuple(items ...shape) shape { return shape{tags: "]", tuple: items, least: len(items)} }
func (s shape) orNull() shape    { s.tags += "~"; return s }

// reversed returns s with the keys of all dicts in reverse order.
func (s shape) reversed() shape {
	s.keys = slices.Clone(s.keys)
	slices.Reverse(s.keys)
	of := map[string]shape{}
	for key, v := range s.of {
		of[key] = v.reversed()
	}
	s.of = of
	s.tuple = slices.Clone(s.tuple)
	for i, item := range s.tuple {
		s.tuple[i] = item.reversed()
	}
	if s.items != nil {
		items := s.items.reversed()
		s.items = &items
	}
	return s
}

// object is a dict: key, shape, key, shape.
func object(pairs ...any) shape {
	s := shape{tags: "}", of: map[string]shape{}}
	for i := 0; i < len(pairs); i += 2 {
		key := pairs[i].(string)
		s.keys = append(s.keys, key)
		switch v := pairs[i+1].(type) {
		case string:
			s.of[key] = tagged(v)
		case shape:
			s.of[key] = v
		}
	}
	return s
}

// recordShape is that of a record of a type, in memory order.
func recordShape(typ string) shape {
	address := tuple(tagged(";"), tagged("#"), tagged("#"), tagged("#"))
	address.least = 2
	hostPort := tuple(tagged(";"), tagged("#"))
	lines := many(tuple(tagged(","), tagged(",")))
	conn := func(last ...any) []any {
		return append([]any{
			"id", ";", "transport_protocol", ";", "error", ";~", "tls", "!", "certificate_list", many(tagged(",")), "alpn", ",~",
			"alpn_offers", many(tagged(",")), "cipher", ";~", "cipher_list", many(tagged(";")), "tls_version", ";~", "sni", ";~",
		}, last...)
	}
	client := object(append([]any{"peername", address, "sockname", address},
		conn("timestamp_start", "^#", "timestamp_end", "^#~", "timestamp_tls_setup", "^#~", "mitmcert", ",~", "proxy_mode", ";")...)...)
	server := object(append([]any{"peername", address.orNull(), "sockname", address.orNull()},
		conn("timestamp_start", "^#~", "timestamp_end", "^#~", "timestamp_tls_setup", "^#~", "address", hostPort.orNull(),
			"timestamp_tcp_setup", "^#~", "via", tuple(tagged(";"), hostPort).orNull())...)...)
	common := []any{
		"version", "#", "type", ";", "id", ";", "error", object("msg", ";", "timestamp", "^#").orNull(), "client_conn", client, "server_conn", server,
		"intercepted", "!", "is_replay", ";~", "marked", ";", "metadata", ",;#^!~]}", "comment", ";", "timestamp_created", "^#", "backup", "}~",
	}
	message := []any{"http_version", ",", "headers", lines, "content", ",~", "trailers", lines.orNull(), "timestamp_start", "^#~", "timestamp_end", "^#~"}
	record := many(object("name", ";", "type", "#", "class_", "#", "ttl", "#", "data", ","))
	dns := object("id", "#", "query", "!", "op_code", "#", "authoritative_answer", "!", "truncation", "!", "recursion_desired", "!",
		"recursion_available", "!", "reserved", "#", "response_code", "#", "questions", many(object("name", ";", "type", "#", "class_", "#")),
		"answers", record, "authorities", record, "additionals", record, "timestamp", "^#~")
	switch typ {
	case typeHTTP:
		socket := object("messages", many(tuple(tagged("#"), tagged("!"), tagged(","), tagged("^#~"), tagged("!"), tagged("!"))),
			"closed_by_client", "!~", "close_code", "#~", "close_reason", ";~", "timestamp_end", "^#~")
		return object(append(common,
			"request", object(append(slices.Clone(message), "host", ";", "port", "#", "method", ",", "scheme", ",", "authority", ",", "path", ",")...),
			"response", object(append(slices.Clone(message), "status_code", "#", "reason", ",")...).orNull(),
			"websocket", socket.orNull())...)
	case typeDNS:
		return object(append(common, "request", dns, "response", dns.orNull())...)
	}
	return object(append(common, "messages", many(tuple(tagged("!"), tagged(","), tagged("^#~"))))...)
}

// strict fails unless all records of a dump are what mitmproxy insists on.
func strict(t testing.TB, dump []byte) {
	t.Helper()
	shapes := map[string]shape{}
	for len(dump) > 0 {
		e, size, err := scan(dump, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkRecord(t, shapes, e, false)
		dump = dump[size:]
	}
}

// checkRecord checks a record, or a backup, which may be reversed.
func checkRecord(t testing.TB, shapes map[string]shape, e element, isBackup bool) {
	t.Helper()
	var typ, backup element
	d := newDecoder()
	for p := d.pairs(e); p.next(); {
		switch string(p.key) {
		case "type":
			typ = p.value
		case "backup":
			backup = p.value
		}
	}
	name := string(typ.payload)
	if _, ok := shapes[name]; !ok {
		shapes[name] = recordShape(name)
	}
	s := shapes[name]
	if isBackup && d.isReversed(e) {
		s = s.reversed()
	}
	check(t, name, e, s)
	if backup.tag == tagDict {
		checkRecord(t, shapes, backup, true)
	}
}

func check(t testing.TB, where string, e element, s shape) {
	t.Helper()
	if !strings.ContainsRune(s.tags, rune(e.tag)) {
		t.Fatalf("%s is %s %q, want one of %s", where, tagName(e.tag), e.payload, s.tags)
	}
	if e.tag == tagText && !utf8.Valid(e.payload) {
		t.Fatalf("%s is not UTF-8", where)
	}
	d := newDecoder()
	switch {
	case e.tag == tagDict && s.keys != nil:
		var keys []string
		for p := d.pairs(e); p.next(); {
			keys = append(keys, string(p.key))
			check(t, where+"."+string(p.key), p.value, s.of[string(p.key)])
		}
		if slices.Reverse(keys); !slices.Equal(keys, s.keys) {
			t.Fatalf("%s has the keys %q, want %q", where, keys, s.keys)
		}
	case e.tag == tagList && (s.items != nil || s.tuple != nil):
		n := 0
		for l := d.items(e); l.next(); n++ {
			switch {
			case s.items != nil:
				check(t, where, l.value, *s.items)
			case n < len(s.tuple):
				check(t, where, l.value, s.tuple[n])
			}
		}
		if s.tuple != nil && n != len(s.tuple) && n != s.least {
			t.Fatalf("%s has %d items", where, n)
		}
	}
	if d.err != nil {
		t.Fatal(d.err)
	}
}

// TestStrict: what is to be refused is.
func TestStrict(t *testing.T) {
	good := string(rewritten(t, []byte(tnet(httpDict("a", nil, []byte("b")))+tnet(tcpDict("b", "c")))))
	strict(t, []byte(good))
	for _, test := range []struct{ old, new string }{
		{"7:comment;", "7:Comment;"},
		{"7:comment;6:a note;", "7:comment;6:a note,"},
		{"9:is_replay;0:~", "9:is_replay;0:]"},
		{"7:content;1:b,", "7:content;1:b;"},
		{"1:c,3:8.5^", "1:c,3:8.5,"},
		{"1:c,3:8.5^", "1:c,0:~0:~"},
		{"9:127.0.0.1;", "9:127.0.0.\xff;"},
		{"6:backup;0:~17:timestamp_created;1:5#", "17:timestamp_created;1:5#6:backup;0:~"},
	} {
		bad := strings.Replace(good, test.old, test.new, 1)
		if bad == good || len(bad) != len(good) {
			t.Fatalf("%q is not there", test.old)
		}
		refused := new(failing)
		func() {
			defer func() { _ = recover() }()
			strict(refused, []byte(bad))
		}()
		if !refused.failed {
			t.Errorf("%q is not refused", test.new)
		}
	}
}

// failing is a test that notes that it failed.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper() {}

func (f *failing) Fatalf(string, ...any) {
	f.failed = true
	panic(f)
}
