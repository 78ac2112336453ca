package flow

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// FuzzHost: a host as people write it is text that no label is longer in, and is
// what it is. An authority is taken apart into what it has, or not at all.
func FuzzHost(f *testing.F) {
	decoded, split := 0, 0
	for _, host := range []string{"xn--caf-dma.test", "a.XN--caf-dma.xn--p1ai", "xn--ihqwcrb4cv8a8dqg056pqjye", "Plain.test.:80", "[::1]:443", "::1", "a:b:1", "xn--\xff", "xn--99999999", ":65536"} {
		f.Add(host)
		if UnicodeHost(host) != host {
			decoded++
		}
		if _, _, ok := ParseAuthority(host); ok {
			split++
		}
	}
	if decoded < 3 || split < 4 {
		f.Fatalf("of the seeds %d are decoded and %d taken apart", decoded, split)
	}
	f.Fuzz(func(t *testing.T, host string) {
		name := UnicodeHost(host)
		if name != host && !utf8.ValidString(name) || strings.Count(name, ".") < strings.Count(host, ".") {
			t.Errorf("%q is %q", host, name)
		}
		part, port, ok := ParseAuthority(host)
		if !ok && (part != host || port != 0) || ok && !strings.Contains(host, part) || port < 0 || port > 65535 {
			t.Errorf("%q is %q and %d: %v", host, part, port, ok)
		}
	})
}

// FuzzRecord writes the data of a record of any type. It is text, and of what is no
// data of its type all is there.
func FuzzRecord(f *testing.F) {
	seeds := []struct {
		kind int32
		data string
	}{
		{typeA, "\x7f\x00\x00\x01"}, {typeAAAA, strings.Repeat("\x00", 15) + "\x01"}, {typeCNAME, "\x08xn--p1ai\x00"}, {typeTXT, "\x01a"},
		{typeHTTPS, "\x00\x01\x00\x00\x01\x00\x03\x02h2"}, {typeHTTPS, "\x00\x00\x01a\x00"}, {typeCNAME, "\x01"}, {0, "\xff"},
	}
	valid := 0
	for _, s := range seeds {
		f.Add(s.kind, []byte(s.data))
		if _, ok := recordText(s.kind, []byte(s.data)); ok {
			valid++
		}
	}
	if valid < len(seeds)-1 {
		f.Fatalf("%d of the seeds are data of their type", valid)
	}
	f.Fuzz(func(t *testing.T, kind int32, data []byte) {
		record := &flowpb.DNSRecord{Type: &kind, Data: data}
		text := RecordText(record)
		if _, ok := recordText(kind, data); !ok && len(text) < 2*len(data) || !utf8.ValidString(text) {
			t.Errorf("%q of type %d is %q", data, kind, text)
		}
		message := &flowpb.DNSMessage{Answers: []*flowpb.DNSRecord{record}}
		if got := DNSText(message); got != text {
			t.Errorf("%q of type %d is %q in a message", data, kind, got)
		}
	})
}

// FuzzText: the text of a body is what a charset makes of it, or its bytes.
func FuzzText(f *testing.F) {
	decoded := 0
	for _, s := range []struct{ body, contentType string }{
		{"M\xe4rkte", "text/plain; charset=latin1"}, {"\xff\xfeh\x00i\x00", "text/html"}, {"<meta charset=\"gbk\">\xc4\xe3", "text/html"},
		{"<?xml version='1.0' encoding='utf-16'?>", "text/xml"}, {"@charset \"shift_jis\";\x83e", "text/css"}, {"{}", "application/json"}, {"\x00\x00\xfe\xff\x00\x00\x00", ""},
	} {
		f.Add([]byte(s.body), s.contentType)
		if Text([]byte(s.body), s.contentType) != s.body {
			decoded++
		}
	}
	if decoded < 4 {
		f.Fatalf("%d of the seeds are in another charset", decoded)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text := Text(body, contentType)
		if !utf8.ValidString(text) && !strings.HasSuffix(string(body), text) {
			t.Errorf("%q as %s is %q", body, contentType, text)
		}
	})
}

// FuzzParameters: what is taken out of a URL, a form and headers is no more than is
// there, and has no mark left that parts it.
func FuzzParameters(f *testing.F) {
	const url, cookie, set = "/p?a=1&b=%zz&c=%41+&&=x#f?d", "a=1; b; ; c=\"d\"", "id=1; Path=/; HttpOnly; a=b"
	if len(Query([]byte(url))) != 4 || len(cookies(cookie)) != 3 || len(setCookies(set)[0].Attributes) != 3 {
		f.Fatalf("the seeds are %q, %q and %q", Query([]byte(url)), cookies(cookie), setCookies(set))
	}
	f.Add([]byte(url))
	f.Add([]byte(cookie))
	f.Add([]byte(set))
	f.Add([]byte("text/html; Charset='utf-8"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, pair := range append(Query(b), cookies(string(b))...) {
			if len(pair.Name)+len(pair.Value) > len(b) || len(pair.Name)+len(pair.Value) == 0 && len(b) == 0 {
				t.Errorf("%q has %q", b, pair)
			}
		}
		for _, pair := range cookies(string(b)) {
			if bytes.ContainsAny(pair.Name, ";=") || bytes.ContainsAny(pair.Value, ";") {
				t.Errorf("%q has the cookie %q", b, pair)
			}
		}
		for _, c := range setCookies(string(b)) {
			for _, a := range append(c.Attributes, c.Pair) {
				if bytes.ContainsAny(a.Name, ";=") || bytes.ContainsAny(a.Value, ";") {
					t.Errorf("%q sets %q", b, c)
				}
			}
		}
		if media := MediaType(string(b)); strings.Contains(media, ";") || media != "" && !strings.Contains(media, "/") {
			t.Errorf("%q is of the type %q", b, media)
		}
		if strings.Contains(Param(string(b), "charset"), ";") {
			t.Errorf("%q is in %q", b, Param(string(b), "charset"))
		}
	})
}

func headers(name, value string) []*flowpb.HTTPHeader {
	return []*flowpb.HTTPHeader{{Name: []byte(name), Value: []byte(value)}}
}

func cookies(value string) []Pair         { return Cookies(headers("Cookie", value)) }
func setCookies(value string) []SetCookie { return SetCookies(headers("Set-Cookie", value)) }
