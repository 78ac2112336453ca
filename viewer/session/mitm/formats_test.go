package mitm

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// today returns f as the wire has it, with its bodies in it, and without what
// only old formats say.
func today(t testing.TB, r session.Reader, f *flowpb.Flow) string {
	t.Helper()
	f.FormatVersion, f.Mode = nil, nil
	if q := f.Request; q != nil {
		q.FirstLineFormat, q.Content, q.Body = nil, content(t, r, q.Content, q.Body), nil
	}
	if p := f.Response; p != nil {
		p.Content, p.Body = content(t, r, p.Content, p.Body), nil
	}
	for _, m := range f.Messages {
		m.Content, m.Body = content(t, r, m.Content, m.Body), nil
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		m.Content, m.Body = content(t, r, m.Content, m.Body), nil
	}
	f.ClientConn.TlsExtensions, f.ClientConn.Common.State, f.ServerConn.Common.State = nil, nil, nil
	return string(f.Append(nil))
}

// withoutIDs is what formats before 5 say of connections.
func withoutIDs(f *flowpb.Flow) { f.ClientConn.Id, f.ServerConn.Id = nil, nil }

// TestEveryFormat reads one file of records of all formats: the same flow, as
// every format writes it, reads the same, and its bodies stay in the file.
func TestEveryFormat(t *testing.T) {
	for _, test := range []struct {
		name  string
		first int // the first format that has such flows
		write func(format int) string
	}{
		{"http", oldest, func(format int) string { return tnet(older(timelessDict("a"), format)) }},
		{"tcp", zero + 17, func(format int) string { return tnet(older(timelessTCP("a"), format)) }},
		{"websocket", 3, func(format int) string { return olderSocket(timelessSocket("a"), format) }},
	} {
		var dump strings.Builder
		for format := test.first; format <= newest; format++ {
			dump.WriteString(test.write(format))
		}
		for _, whole := range []int64{maxWhole, 0} {
			r := newReader(context.Background(), blob.Bytes([]byte(dump.String())), whole)
			flows, issues := collect(t, r)
			if len(flows) != newest-test.first+1 || len(issues) != 0 {
				t.Fatalf("%s: %d flows, %v", test.name, len(flows), issues)
			}
			for i, f := range flows {
				format := test.first + i
				same(t, test.name+": format", int(f.GetFormatVersion()), format)
				same(t, test.name+": references", len(bodies(f)) > 0, true)
				latest, _ := collect(t, open(blob.Bytes([]byte(test.write(newest)))))
				if format < 5 {
					withoutIDs(latest[0])
				}
				if test.name == "websocket" && format <= lastApart {
					latest[0].Metadata = f.Metadata // which names what joined it
				}
				got := today(t, r, f)
				want := today(t, open(blob.Bytes([]byte(test.write(newest)))), latest[0])
				if got != want {
					t.Errorf("%s, format %d: %q, want %q", test.name, format, got, want)
				}
			}
		}
	}
}

// one reads the only flow of a dump.
func one(t *testing.T, d dict) *flowpb.Flow {
	t.Helper()
	flows, issues := collect(t, open(blob.Bytes([]byte(tnet(d)))))
	if len(flows) != 1 || len(issues) != 0 {
		t.Fatal(len(flows), issues)
	}
	return flows[0]
}

// TestPython2 looks at what only records of mitmproxy before 1 have.
func TestPython2(t *testing.T) {
	d := older(timelessDict("a"), zero+11)
	set := func(key, field string, value any) dict {
		for i := 0; i < len(d); i += 2 {
			if string(d[i].([]byte)) == key {
				inner := d[i+1].(dict)
				for j := 0; j < len(inner); j += 2 {
					if string(inner[j].([]byte)) == field {
						inner = append(append(append(dict{}, inner[:j+1]...), value), inner[j+2:]...)
					}
				}
				return append(append(append(dict{}, d[:i+1]...), inner), d[i+2:]...)
			}
		}
		t.Fatal("no ", key)
		return nil
	}
	same(t, "http_version", string(one(t, set("request", "httpversion", []any{2, 0})).Request.HttpVersion), "HTTP/2.0")
	same(t, "host", string(one(t, set("request", "host", []byte("xn--caf-dma.test"))).Request.Host), "café.test")
	same(t, "form_in", string(one(t, set("request", "form_in", []byte("absolute"))).Request.FirstLineFormat), "absolute")
	same(t, "use_ipv6", one(t, set("client_conn", "address", dict{[]byte("address"), []any{[]byte("fe80::1"), 80, 7, 9}})).ClientConn.Address.GetScopeId(), 9)
	same(t, "an address of nothing", one(t, set("client_conn", "address", dict{})).ClientConn.Address == nil, true)
	same(t, "state", one(t, set("server_conn", "state", []any{[]any{[]byte("socks"), dict{}}})).ServerConn.Common.State == nil, true)
	same(t, "not established", one(t, set("client_conn", "ssl_established", false)).ClientConn.Common.GetTls(), false)
	same(t, "no certificate", len(one(t, set("client_conn", "clientcert", nil)).ClientConn.Common.CertificateList), 0)
	same(t, "an empty certificate", len(one(t, set("server_conn", "cert", []byte{})).ServerConn.Common.CertificateList), 0)
	f := one(t, d)
	same(t, "no mode is made up", f.Mode == nil, true)
	same(t, "replayed, said once", string(f.IsReplay)+strconv.FormatBool(f.Request.IsReplay == nil), "requesttrue")
}

// TestOldFacts looks at what formats 0.18 to 9 have apart from all.
func TestOldFacts(t *testing.T) {
	d := older(timelessDict("a").with("is_replay", "response").with("marked", ":x:").with("response", nil), 7)
	f := one(t, d)
	same(t, "no response", f.Response == nil && f.IsReplay == nil, true)
	same(t, "marked", f.GetMarked() && string(f.Marker) == ":default:", true)

	proxy := func(d dict) dict {
		return d.in(func(s dict) dict {
			return s.with("via", s).with("alpn_proto_negotiated", []byte("h2")).with("sni", true)
		}, "server_conn").in(func(c dict) dict { return c.with("cipher_name", "C") }, "client_conn")
	}
	f = one(t, proxy(older(timelessDict("a"), 1)))
	via := f.ServerConn.Via
	same(t, "via", string(via.Address.Host)+string(via.SourceAddress.Host)+string(via.Common.TransportProtocol), "shop.test10.0.0.2tcp")
	same(t, "via has TLS", via.Common.GetTls() && len(via.Common.CertificateList) == 1, true)
	same(t, "sni", string(f.ServerConn.Sni), "shop.test")
	same(t, "what was agreed upon was offered", string(f.ServerConn.Common.AlpnOffers[0])+string(f.ClientConn.Common.CipherList[0]), "h2C")
	same(t, "no more than that", len(f.ServerConn.Common.CipherList)+len(f.ClientConn.Common.AlpnOffers), 0)

	peer := func(s dict) dict { return s.with("peername", []any{"10.0.0.1", 443}) }
	for _, format := range []int{zero + 17, zero + 18, 1, 2, 18} {
		f = one(t, older(timelessDict("a").in(peer, "server_conn"), format))
		same(t, "peer in format "+strconv.Itoa(format), address(f.ServerConn.IpAddress), `["10.0.0.1",443]`)
	}
	f = one(t, older(timelessTCP("a").with("metadata", dict{"n", 7}).with("intercepted", true), 1))
	same(t, "tcp", typeOf(f)+strconv.FormatBool(f.GetIntercepted()), "tcptrue")
	same(t, "metadata", string(lookup(f.Metadata, "n").GetInteger()), "7")
	f = one(t, older(timelessDict("a"), zero+18))
	same(t, "metadata is added", f.Metadata.Dict != nil && len(f.Metadata.Dict.Pairs) == 0, true)
}

// TestBackupOfAnotherFormat: a backup says its own format.
func TestBackupOfAnotherFormat(t *testing.T) {
	f := one(t, timelessDict("a").with("backup", older(timelessDict("b"), zero+11)))
	same(t, "formats", f.GetFormatVersion()-f.Backup.GetFormatVersion(), newest-oldest)
	same(t, "replayed", string(f.Backup.IsReplay), "request")
}

// TestCloseCodes: mitmproxy 2 wrote close codes as text.
func TestCloseCodes(t *testing.T) {
	for _, test := range []struct {
		code any
		want string
	}{{1001, "1001"}, {"1001", "1001"}, {[]byte("1001"), "1001"}, {"(status code missing)", "absent"}, {nil, "absent"}} {
		c := socketDict("s", "a").with("close_code", test.code).with("messages", []any{[]any{1, true, "four items", 7}})
		flows, _ := collect(t, open(blob.Bytes([]byte(tnet(oldDict("a", dict{"websocket", true}))+tnet(c)))))
		if len(flows) != 1 {
			t.Fatal(len(flows))
		}
		w := flows[0].Websocket
		got := "absent"
		if w.CloseCode != nil {
			got = strconv.FormatInt(w.GetCloseCode(), 10)
		}
		same(t, "close code", got, test.want)
		same(t, "dropped is unknown", w.Messages[0].Dropped == nil, true)
	}
}

// TestNumbers: numbers have no bounds where they stand for nothing but
// themselves.
func TestNumbers(t *testing.T) {
	huge := "123456789012345678901234567890"
	for _, d := range []string{"inf", "-inf", "nan"} {
		f := one(t, timelessDict("a").with("timestamp_created", raw(strconv.Itoa(len(d))+":"+d+"^")))
		same(t, d, strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f.GetTimestampCreated(), 'g', -1, 64), "+")), d)
	}
	f := one(t, timelessDict("a").with("metadata", dict{"n", raw("30:" + huge + "#")}).with("timestamp_created", raw("30:"+huge+"#")))
	same(t, "huge", string(lookup(f.Metadata, "n").GetInteger()), huge)
	same(t, "a huge time", f.GetTimestampCreated(), 123456789012345678901234567890.0)
}

// TestVersions: every format is read or refused by its name.
func TestVersions(t *testing.T) {
	const none = " is none that mitmproxy wrote"
	for _, test := range []struct {
		version any
		want    string
	}{
		{[]any{0, 11}, ""}, {[]any{0, 19, 1}, ""}, {[]any{1, 0, 2}, ""}, {[]any{2}, ""}, {[]any{3, 0, 0}, ""},
		{4, ""}, {21, ""},
		{[]any{0, 10}, "flow format 0.10 (mitmproxy 0.10) is older than what mitmproxy itself can convert (0.11)"},
		{[]any{}, "flow format 0.0 (mitmproxy 0.0) is older than what mitmproxy itself can convert (0.11)"},
		{[]any{0, 20}, "flow format 0.20" + none},
		{[]any{1, 1}, "flow format 1.1" + none},
		{[]any{4, 0, 0}, "flow format 4.0" + none},
		{[]any{-1, 0}, "-1 is out of range"},
		{[]any{"1", 0}, "it should be an integer, and is text"},
		{3, "flow format 3" + none}, {0, "flow format 0" + none},
		{22, "flow format 22 is newer than this viewer reads (up to 21, mitmproxy 13)"},
		{1 << 31, "2147483648 is out of range"},
		{"21", "it should be an integer, and is text"},
		{nil, "it does not say its flow format"},
	} {
		dump := tnet(older(timelessDict("a"), 1).with("version", test.version)) + tnet(timelessDict("next"))
		flows, issues := collect(t, open(blob.Bytes([]byte(dump))))
		if test.want == "" {
			same(t, "flows", len(flows)-len(issues), 2)
			continue
		}
		if len(flows) != 1 || len(issues) != 1 || issues[0].Error() != "byte 0: "+test.want {
			t.Errorf("%v: %d flows, %v", test.version, len(flows), issues)
		}
	}
}

// TestDamagedPython2: where a record of mitmproxy 0.11 to 0.17 is damaged, the
// next is found, whose version is near neither of its ends.
func TestDamagedPython2(t *testing.T) {
	d := older(timelessDict("a"), zero+13)
	var response dict
	for i := 0; i < len(d); i += 2 {
		if string(d[i].([]byte)) == "response" {
			response = d[i+1].(dict)
			d = append(d[:i:i], d[i+2:]...)
			break
		}
	}
	response = append(response, []byte("content"), []byte(strings.Repeat("x", 2*endLen)))
	d = append(dict{[]byte("response"), response}, append(d, []byte("padding"), []byte(strings.Repeat("y", 2*endLen)))...)
	ids, issues := read(t, "damage"+tnet(d))
	if strings.Join(ids, " ") != "a" || len(issues) != 1 || !strings.HasSuffix(issues[0], "(6 bytes were passed over)") {
		t.Errorf("%q, %q", ids, issues)
	}
}
