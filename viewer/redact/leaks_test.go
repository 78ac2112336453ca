package redact_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
	"flowpane/viewer/redact"
)

// redacted returns a flow without what is secret, as it leaves.
func redacted(t testing.TB, f *flowpb.Flow) *flowpb.Flow {
	t.Helper()
	over, err := redact.New(redact.Policy{}).Over(t.Context(), list{f})
	if err != nil {
		t.Fatal(err)
	}
	for g, err := range over.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	t.Fatal("there is no flow")
	return nil
}

// A leak is a text with something in it that is to be gone, and something that is
// to stay. Without what is to be gone all stays.
type leak struct{ kind, body, gone, stays string }

func (l leak) check(t *testing.T, got string) {
	t.Helper()
	if l.gone == "" && got != l.body || l.gone != "" && strings.Contains(got, l.gone) || !strings.Contains(got, l.stays) {
		t.Errorf("%s %q\nis %q", l.kind, l.body, got)
	}
}

// TestMarkup: secrets in HTML, XML and SVG.
func TestMarkup(t *testing.T) {
	const s = "hunterhuntress"
	for _, c := range []leak{
		{"text/xml", "<a><password><value>" + s + "</value></password><b>stays</b></a>", s, "<b>stays</b>"},
		{"text/xml", "<x:clientSecret a='1'>\n <v>one two</v><!-- --><w><![CDATA[" + s + "]]></w>\n</x:clientSecret><b>stays</b>", s, "<b>stays</b>"},
		{"text/xml", "<token><token>a1b2</token>" + s + "</token><b>stays</b>", s, "<b>stays</b>"},
		{"text/xml", "<password>\n<!-- one -->\n" + s + "</password>", s, "<!-- one -->"},
		{"text/xml", "<property><name>db.password</name><value>" + s + "</value></property>", s, "<name>db.password</name><value>"},
		{"text/xml", "<dict><key>authToken</key><string>" + s + "</string><key>name</key><string>Bob</string></dict>", s, "<string>Bob</string>"},
		{"text/xml", "<!-- password: " + s + " --><a>b</a>", s, "--><a>b</a>"},
		{"text/xml", "<!-- pw=abq -->", "abq", "<!-- pw="},
		{"text/xml", "<!-- <password>" + s + "</password> -->", s, "<!-- <password>"},
		{"text/xml", `<user name="bob" password='` + s + `'/>`, s, `<user name="bob" password='`},
		{"text/html", "<form><textarea name=password rows=2>" + s + "</textarea></form>", s, "<textarea name=password rows=2>"},
		{"text/html", `<p>Your key: <code id="api-key">` + s + `</code></p>`, s, `<code id="api-key">`},
		{"text/html", `<span class=x id=otp>4711</span>`, "4711", `<span class=x id=otp>`},
		{"text/html", "<input type=password value=" + s + ">", s, "<input type=password value="},
		{"text/html", `<input name="pass&#119;ord" value="` + s + `"><input type="pass&#x77;ord" value="` + s + `">`, s, `<input name="pass&#119;ord" value="`},
		{"text/xml", "<dict><key>auth&#84;oken</key><string>" + s + "</string></dict>", s, "<key>auth&#84;oken</key>"},
		{"text/html", `<input value='` + s + `' type="password">`, s, `' type="password">`},
		{"text/html", `<form><input type=password value="` + s, s, `<form><input type=password value="`},
		{"text/html", `<form><input type=password value=` + s, s, `<form><input type=password value=`},
		{"text/html", `<p title="a><input type=password value='` + s + `'><b>stays</b>`, s, `<b>stays</b>`},
		{"text/html", `<input value='` + s + `' type=password class=`, s, `' type=password class=`},
		{"text/html", `<p title="a><b>stays</b>`, "", ""},
		{"text/html", `<a data-config="{&quot;token&quot;:&quot;` + s + `&quot;}">x</a>`, s, `&quot;token&quot;:&quot;`},
		{"text/html", `<a title="a > b" data-token=` + s + `>x</a>`, s, `<a title="a > b" data-token=`},
		{"image/svg+xml", `<svg apiKey="` + s + `"><text>stays</text></svg>`, s, `<text>stays</text>`},
		{"image/svg+xml", `<svg><secret>` + s + `</secret></svg>`, s, `<svg><secret>`},

		{"text/html", `<div id="session"><h1>Sessions of the day</h1><p id="password-help">At least eight letters</p></div>`, "", ""},
		{"text/html", `<button id="token">Get a token</button><label id=secret>Secret</label><input type=password placeholder=secret>`, "", ""},
		{"image/svg+xml", `<svg><filter><feTurbulence seed="25"/></filter><path d="M1.2.3.4 5"/></svg>`, "", ""},
		{"application/javascript", "if (a<token&&b>c) { x = List<Secret> = y; for (i<n; i++) z }", "", ""},
		{"text/xml", "<password><hint>The name of your first pet</hint></password>", "", ""},
		{"text/xml", "<maxTokens>8000</maxTokens><passwordPolicy>strong</passwordPolicy>", "", ""},
	} {
		c.check(t, bodyOf(t, c.kind, c.body))
	}
}

func bodyOf(t *testing.T, kind, body string) string {
	t.Helper()
	f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Headers: fields([]string{"Content-Type", kind}), Content: []byte(body)}}
	return string(redacted(t, f).Response.Content)
}

// TestWrittenOtherwise: command lines, events of several lines, parts without a
// header that says where they end.
func TestWrittenOtherwise(t *testing.T) {
	const s = "hunterhuntress"
	for _, c := range []leak{
		{"text/plain", "$ curl -s -u bob:" + s + " https://x.test/", s, "$ curl -s -u bob:redacted-"},
		{"text/plain", `curl --user "bob:` + s + `" https://x.test/`, s, `" https://x.test/`},
		{"text/plain", "run mysql -h db -ubob -p" + s + " shop < dump.sql", s, " shop < dump.sql"},
		{"text/plain", "sshpass -p '" + s + "' ssh bob@host", s, "' ssh bob@host"},
		{"text/plain", "redis-cli -a " + s + " ping", s, " ping"},
		{"application/json", `{"cmd":"curl -u bob:` + s + ` x.test"}`, s, "curl -u bob:"},
		{"text/plain", "curl -u $USER:$PASSWORD https://x.test/ && mysql -p shop; use curl -u user", "", ""},
		{"text/plain", "mkdir -p " + s + "; libcurl -u a:" + s, "", ""},
		{"text/plain", "mysql -ubob -p" + s + " shop\ncurl -u bob:" + s + " x.test\ncurl --user a:" + s + "\nsudo mysql -p" + s, s, " shop\ncurl -u bob:redacted-"},
		{"text/plain", "curl -s \\\n  -u bob:" + s + " \\\n  https://x.test/", s, " \\\n  https://x.test/"},
		{"text/plain", "curl.exe -ubob:" + s + " x.test", s, " x.test"},
		{"text/plain", "curl -sSu bob:" + s + " x.test", s, " x.test"},
		{"text/plain", "curl -H 'X: a -u b' -u bob:'" + s + "' x.test", s, "-H 'X: a -u b' -u bob:'redacted-"},
		{"text/plain", `curl -u bob:hunter\!huntress x.test`, "huntress", " x.test"},
		{"text/plain", `curl -u 'bob:hunter'\''huntress' x.test`, "huntress", " x.test"},
		{"application/javascript", `run("curl -u \"bob:` + s + `\" x.test"); y("z")`, s, ` x.test"); y("z")`},
		{"application/javascript", `run("curl -u bob:` + s + `", "next")`, s, `", "next")`},
		{"text/plain", "sshpass -p" + s + " ssh bob@host", s, " ssh bob@host"},
		{"text/plain", "mysql -h db -pool -p" + s, s, "mysql -h db"},
		{"text/plain", "docker run -d --name mysql -p3306:3306 img; the mysql -port option", "", ""},
		{"text/plain", "redis-cli ping && cp -a /data/backup /mnt; curl -O https://x.test/a | docker exec -u 1000:1000 app", "", ""},
		{"text/plain", "apt install mysql && tar -pxzf foo.tgz", "", ""},

		{"text/event-stream", "event: a\ndata: {\"token\":\ndata: \"" + s + "\", \"b\": 1}\n\n", s, "\"b\": 1}\n\n"},
		{"text/event-stream", "data: {\"token\":\"" + s + "\"}\r\n\r\ndata: {\"b\":1}\r\n\r\n", s, "data: {\"b\":1}\r\n\r\n"},
		{"text/event-stream", "data: {\"a\":1}\ndata: {\"token\":\"" + s + "\"}\n\ndata: more\n\n", s, "data: {\"a\":1}\ndata: {\"token\":"},
		{"text/event-stream", "\ufeffdata: {\"name\":\"password\",\"value\":\"" + s + "\"}\n\n", s, "data:"},
		{"text/event-stream", "id: 1\n data: {\"name\":\"password\",\"value\":\"" + s + "\"}\n\n", s, "id: 1\n"},
		{"text/event-stream", "data: [\ndata\ndata: {\"token\":\"" + s + "\"}]\n\n", s, "data: ["},
		{"text/event-stream", "data: {\"a\":\ndata: 1}\n\nid: 7\ndata: token\n", "", ""},

		{"multipart/form-data", "--x1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" + s + "\r\n--x1--\r\n", s, "name=\"password\"\r\n\r\nredacted-"},
		{"", "--x1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" + s + "\r\n--x1--\r\n", s, "\r\n--x1--\r\n"},

		{"text/plain", "\r\n--x1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" + s + "\r\n--x1--\r\n", s, "\r\n--x1--\r\n"},

		{"text/plain", "EC2-93-184-77-21.compute-1.test and ip-93-184-77-21-db", "93-184-77-21", "-db"},
		{"text/plain", "ip-10-0-0-12abc ip-1-2-3-4-5x", "ip-1-2-3-4", "ip-10-0-0-12abc ip-"},
		{"text/plain", "host ip-93-184-77-21.ec2.internal is up", "93-184-77-21", ".ec2.internal is up"},
		{"text/plain", "zip-1-2-3-4 and ip-1-2-3", "", ""},
	} {
		c.check(t, bodyOf(t, c.kind, c.body))
	}
}

// TestShapes: mail, IP addresses, tokens and keys however they are written.
func TestShapes(t *testing.T) {
	const ip, mail, jwt = "93.184.77.21", "bob@corp.test", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJlLW9mLWl0"
	const key = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	for _, c := range []leak{
		{"text/html", "<p>bob&#64;corp.test, bob&#x40;corp.test and bob&commat;corp.test</p>", "corp", "<p>redacted-"},
		{"application/javascript", `var m = "bob\u0040corp.test", n = "bob\x40corp.test"`, "corp", `var m = "redacted-`},
		{"text/plain", "see https://x.test/u/bob%40corp.test/edit or bob%2540corp.test", "corp", "see https://x.test/u/"},
		{"text/plain", "mail bob@company.md now", "company", " now"},
		{"text/plain", "the files readme@2x.md, readme@x.md, guide@v2.1.md, notes@latest.md and icon@2x.png", "", ""},

		{"text/plain", "GET https://x.test/ip/" + ip + "/info", ip, "/info"},
		{"text/html", `<a href="/lookup/` + ip + `">x</a>`, ip, `<a href="/lookup/`},
		{"text/plain", "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36", "", ""},
		{"text/html", `<script src="https://cdn.test/lib/4.0.0.1/app.min.js"></script>`, "", ""},
		{"application/javascript", `var h="` + ip + `",u='http://` + ip + `:80/x',v="` + ip + `:8080"`, ip, `var h="`},
		{"application/javascript", `u="http:\/\/` + ip + `\/x",w="https:\/\/hooks.slack.com\/services\/T0\/` + ip + `"`, ip, `u="http:\/\/`},
		{"application/javascript", `var version="1.2.3.4",o={v:'1.2.3.4'},KEY_OID='2.5.29.14',mask="255.255.240.0";a=1.2.3.4;g("M1.2.3.4 5");// 1.2.3.4`, "", ""},
		{"text/plain", "who is 21.77.184.93.in-addr.arpa?", "21.77.184.93", ".in-addr.arpa?"},
		{"text/plain", "v=spf1 ip4:" + ip + "/24 -all", ip, "/24 -all"},

		{"text/plain", "session_" + jwt + " x", jwt, "session_"},
		{"text/plain", "%3D" + jwt + " x", jwt, " x"},
		{"text/plain", "old_" + key + " x", key, " x"},
		{"text/css", ".block_key-hover-is-active-for-the-long-names-2{} .ask_sk-loading-indicator-of-the-page-9{}", "", ""},
		{"text/plain", "clone https://hunterhuntress@git.test/x.git", "hunterhuntress", "@git.test/x.git"},
		{"text/plain", "clone https://" + key + ":x-oauth-basic@git.test/x.git", key, "@git.test/x.git"},
		{"text/plain", "clone ssh://git@git/x.git, mode reverse:https://x.test@443", "", ""},
		{"text/plain", "post to https://hooks.slack.com/services/T0AB/B1CD/hunterhuntress now", "T0AB/B1CD/hunter", "https://hooks.slack.com/services/redacted-"},
		{"application/json", `{"u":"https:\/\/discord.com\/api\/webhooks\/1234\/hunterhuntress"}`, "hunterhuntress", "discord.com"},
		{"text/plain", "https://api.telegram.org/bot12:hunterhuntress/sendMessage", "hunterhuntress", "/sendMessage"},
		{"text/plain", "https://slack.com/services/stay", "", ""},

		{"text/plain", "next=a%25253Ftoken%25253Dhunterhuntress", "hunterhuntress", "next=a%25253Ftoken%25253D"},
		{"application/x-www-form-urlencoded", "next=https%25253A%25252F%25252Fx.test%25252F%25253Ftoken%25253Dhunterhuntress", "hunterhuntress", "x.test"},
		{"application/x-www-form-urlencoded", "a=1;pin=4711;b=2", "4711", "a=1;pin="},
		{"application/x-www-form-urlencoded", "password=hunter;huntress&b=2", "huntress", "&b=2"},
		{"application/x-www-form-urlencoded", "a=1%3Bpin=4711%3Bb=2&c=3", "4711", "&c=3"},
		{"text/plain", "see https://x.test/?a=1%3Btoken%3Dhunterhuntress&b=2", "hunterhuntress", "&b=2"},
		{"application/x-www-form-urlencoded", "a=1%3Btoken%3Dhunter%3Bb%3D2%26c", "hunter%3B", "a=1%3Btoken%3Dredacted-"},
		{"application/x-www-form-urlencoded", "a=1%3Bb%3D2%3bc", "", ""},
		{"application/x-www-form-urlencoded", "js=var+a%3D1%3Bstate%3D%22open%22%3Bif(state)%7Balert(1)%7D", "", ""},
		{"application/x-www-form-urlencoded", "text=int+x%3Bkey%3Dvalue%3B+return+x", "", ""},
		{"application/x-www-form-urlencoded", "svg=%3Csvg+style%3D%22a%3Bkey%3Db%22%3E", "", ""},
		{"application/x-www-form-urlencoded", "redirect=https%3A%2F%2Fx.test%2Freset_password%3Blang%3Den", "", ""},
		{"application/x-www-form-urlencoded", "q=why+is+my+password%3F+please%3Bx%3D1+more+words", "", ""},
		{"application/x-www-form-urlencoded", "a=1;b=2;c", "", ""},
		{"application/x-www-form-urlencoded", "a=%25257B%252522pin%252522%25253A4711%25257D&b=2", "4711", "&b=2"},
		{"application/json", `{"db":"Server=db;User ID=sa;Password=huntress;Encrypt=true"}`, "huntress", ";Encrypt=true"},
		{"text/plain", "user=bob|pw=abq", "abq", "user=bob|pw="},
		{"text/plain", "a=1, b=2; token of the day, 3", "", ""},
		{"text/plain", "see https://x.test/?a=1;token=hunterhuntress", "hunterhuntress", "see https://x.test/?a=1;token="},
		{"text/html", `<script>a=x?y:z;token=someVariable;</script>`, "", ""},

		{"application/json", `{"query":"mutation { login(user: 7, pin: 4711) { id } }"}`, "4711", "login(user: 7, pin: "},
		{"application/graphql", "{ login(pin: 4711) { id } }", "4711", "{ login(pin: "},
		{"application/json", `{"query":"# log in\nmutation { login(pin: 4711, token: \"\"\"abq\"\"\") { id } }"}`, "abq", "login(pin: redacted-"},
		{"application/json", `{"query":"query Q($pin: Int!, $token: String) { login(pin: $pin) { token: accessToken\n secret: hidden } }"}`, "", ""},

		{"text/plain", "pw=abq", "abq", "pw="},
		{"text/plain", "user=bob&pw=abq", "abq", "user=bob&pw="},
		{"text/plain", "user=bob\r\npw=abq\r\nok=1\r\n", "abq", "user=bob\r\npw="},
		{"text/plain", "login user=bob pw=abq ok", "abq", "login user=bob pw="},
		{"text/plain", "pass=12 fail=3\nseed=42\nauth=on\nsession=7\npwd: Jim Meyering\n", "", ""},
	} {
		c.check(t, bodyOf(t, c.kind, c.body))
	}
}

// TestBinary: secrets in what is no text.
func TestBinary(t *testing.T) {
	const s, ip, mail = "hunterhuntress", "93.184.77.21", "bob.smith@corp.test"
	const key = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8a1B2c3D4" // of 48 letters: its length is the letter 0
	if len(key) != '0' {
		t.Fatalf("the key has %d letters", len(key))
	}
	text := func(number protowire.Number, s string) string {
		return string(protowire.AppendString(protowire.AppendTag(nil, number, protowire.BytesType), s))
	}
	count := string(protowire.AppendVarint(protowire.AppendTag(nil, 9, protowire.VarintType), 300))
	framed := func(s string) string {
		return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(s)))) + s
	}
	for _, c := range []leak{
		{"application/x-protobuf", text(1, ip) + text(6, "stays") + count, ip, text(6, "stays") + count},
		{"application/x-protobuf", text(3, text(2, ip)+text(6, mail)) + count, mail, count},
		{"application/x-protobuf", text(1, key), key, ""},
		{"", text(1, key), key, ""},
		{"application/octet-stream", "\x00\xff" + text(1, key) + "\xfe", key, "\x00\xff\n0"},
		{"application/x-protobuf", text(4, text(1, "password")+text(2, "abq")) + count, "abq", count},
		{"application/grpc+proto", framed(text(1, ip)+text(2, mail)) + framed(text(1, "stays")), ip, framed(text(1, "stays"))},
		{"application/x-protobuf", text(1, "words") + text(2, "1.2.3") + count, "", ""},

		{"application/cbor", "\xa2\x68password\x6e" + s + "\x64name\x63Bob", s, "\x64name\x63Bob"},
		{"", "\xa2\x63pin\x19\x12\x67\x64name\x63Bob", "\x19\x12\x67", "\x64name\x63Bob"},
		{"application/cbor", "\xbf\x65token\x7f\x67hunterh\x67untress\xff\x64name\x63Bob\xff", "untress", "\x64name\x63Bob\xff"},
		{"application/cbor", "\xa2\x7f\x65passw\x63ord\xff\x6e" + s + "\x64name\x63Bob", s, "\x64name\x63Bob"},
		{"application/cbor", "\xa2\xc7\xd8\x19\x68password\x6e" + s + "\x64name\x63Bob", s, "\x64name\x63Bob"},
		{"application/cbor", "\x81\xa1\x61a\xd8\x20\x6c" + ip, ip, "\x81\xa1\x61a"},
		{"application/cbor", "\xa1\x66secret\xa1\x61k\x43abq", "abq", "\xa1\x66secret\xa1\x61k"},
		{"application/cbor", "\xa2\x61a\x19\x12\x67\x64name\x63Bob", "", ""},
		{"application/msgpack", "\x82\xa8password\xd9\x30" + key + "\xa4name\xa3Bob", key, "\xa4name\xa3Bob"},
		{"application/msgpack", "\x82\xa3pin\xcd\x12\x67\xa4name\xa3Bob", "\xcd\x12\x67", "\xa4name\xa3Bob"},
		{"application/msgpack", "\x92\xa1a\x82\xa1b\x01\xa1c\xc4\x02xy", "", ""},

		{"", "\x10\x25\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02c1\x00\x03bob\x00\x0e" + s, s, "\x00\x03bob\x00\x0e"},
		{"", "\x10\x2f\x00\x04MQTT\x05\xc6\x00\x3c\x00\x00\x02c1\x00\x00\x01t\x00\x02hi\x00\x03bob\x00\x03abq", "abq", "\x00\x03bob\x00\x03"},
		{"application/dns-message", "\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x5d\xb8\x4d\x15", "\x5d\xb8\x4d\x15", "\x01a\x04test\x00"},
		{"application/dns-message", "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0221\x0277\x03184\x0293\x07in-addr\x04arpa\x00\x00\x0c\x00\x01", "\x0293\x07", "\x07in-addr\x04arpa\x00"},
		{"image/png", "\x89PNG\r\n\x1a\n\x00password=words 1.2.3.4", "", ""},
	} {
		c.check(t, bodyOf(t, c.kind, c.body))
		f := &flowpb.Flow{Id: []byte("f"), Websocket: &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Content: []byte(c.body)}}}}
		if got := redacted(t, f).Websocket.Messages[0].Content; c.gone != "" && !strings.Contains(c.kind, "dns") && bytes.Contains(got, []byte(c.gone)) {
			t.Errorf("in a message, %q\nis %q", c.body, got)
		}
	}
	got := bodyOf(t, "application/x-protobuf", text(1, mail)+text(2, "stays"))
	if _, _, n := protowire.ConsumeField([]byte(got)); n < 0 || got[n:] != text(2, "stays") {
		t.Errorf("%q is no message any more", got)
	}
}

// TestParts: parts of a form whose names say in which characters they are.
func TestParts(t *testing.T) {
	body := "--X\r\nContent-Disposition: form-data; name*=UTF-8''pass%77ord\r\n\r\nabq\r\n--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nstays\r\n--X--\r\n"
	leak{"multipart/form-data", body, "abq", "\r\n\r\nstays\r\n--X--\r\n"}.check(t, bodyOf(t, "multipart/form-data; boundary=X", body))
}

// TestProtocols: tokens in the one header that a page may choose for a WebSocket.
func TestProtocols(t *testing.T) {
	for value, want := range map[string]string{
		"bearer, hunterhuntress":                                                               "bearer, redacted-authorization-1",
		"graphql-transport-ws, access_token, hunterhuntress":                                   "graphql-transport-ws, access_token, redacted-authorization-1",
		"v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.aHVudGVy":                    "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.redacted-authorization-1",
		"json, a1b2c3d4e5f6g7h8i9":                                                             "json, redacted-authorization-1",
		"graphql-transport-ws, v12.stomp, ocpp2.0.1, mqttv3.1, wamp.2.json, v4.channel.k8s.io": "graphql-transport-ws, v12.stomp, ocpp2.0.1, mqttv3.1, wamp.2.json, v4.channel.k8s.io",
	} {
		f := &flowpb.Flow{Id: []byte("f"), Request: &flowpb.HTTPRequest{Headers: fields([]string{"Sec-WebSocket-Protocol", value})}}
		if got := string(redacted(t, f).Request.Headers[0].Value); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
}

// TestPaths: what is secret in the path of an address by its shape, or by its
// host, which stands elsewhere.
func TestPaths(t *testing.T) {
	for _, c := range []struct{ host, path, want string }{
		{"x.test", "/ip/93.184.77.21/info", "/ip/192.0.2.1/info"},
		{"x.test", "/u/bob%40corp.test?a=b%2540corp.test", "/u/redacted-email-1@example.invalid?a=redacted-email-2@example.invalid"},
		{"x.test", "/lib/1.12.1.0/jquery.js", "/lib/1.12.1.0/jquery.js"},
		{"x.test", "/a%20b/c%2Fd;v=1?q=%26", "/a%20b/c%2Fd;v=1?q=%26"},
		{"x.test", "/p?a=1;pin=4711#b", "/p?a=1;pin=redacted-url-1#b"},
		{"hooks.slack.com", "/services/T0/B1/huntress?x=1", "/services/redacted-url-1?x=1"},
		{"hooks.slack.com", "/docs/T0", "/docs/T0"},
		{"api.telegram.org", "/bot1:abc/getMe", "/botredacted-url-1/getMe"},
	} {
		f := &flowpb.Flow{Id: []byte("f"), Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{Host: []byte(c.host), Path: []byte(c.path)}}
		if got := string(redacted(t, f).Request.Path); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.host, c.path, got, c.want)
		}
	}
}

// TestDNS: IP addresses in texts and in names by which others are asked for.
func TestDNS(t *testing.T) {
	const ip, reverse = "93.184.77.21", "21.77.184.93.in-addr.arpa"
	const reverse6 = "7.7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.c.2.2.1.7.0.8.2.0.a.2.ip6.arpa"
	spf := "v=spf1 ip4:" + ip + " -all"
	f := &flowpb.Flow{
		Id: []byte("f"), Kind: new(flowpb.Kind_DNS),
		DnsRequest: &flowpb.DNSMessage{Questions: []*flowpb.DNSQuestion{{Name: []byte(reverse)}, {Name: []byte(reverse6)}}},
		DnsResponse: &flowpb.DNSMessage{Answers: []*flowpb.DNSRecord{
			{Name: []byte("corp.test"), Type: new(int32(16)), Data: append([]byte{byte(len(spf))}, spf...)},
			{Name: []byte(reverse), Type: new(int32(12)), Data: []byte("\x0221\x0277\x03184\x0293\x07in-addr\x04arpa\x00")},
			{Name: []byte("corp.test"), Type: new(int32(1)), Data: []byte{93, 184, 77, 21}},
			{Name: []byte("corp.test"), Type: new(int32(16)), Data: []byte("\x05hello\x00")},
		}},
	}
	got := redacted(t, f)
	all := string(got.Append(nil))
	for _, gone := range []string{ip, "21.77.184", "7.7.0.0.0", "\x0221\x0277", "\x5d\xb8\x4d\x15"} {
		if strings.Contains(all, gone) {
			t.Errorf("%q is still there", gone)
		}
	}
	answers := got.DnsResponse.Answers
	if name := string(got.DnsRequest.Questions[0].Name); name != "1.2.0.192.in-addr.arpa" {
		t.Errorf("the question is %q: it is no other name of the same placeholder", name)
	}
	if data := answers[0].Data; int(data[0]) != len(data)-1 || !bytes.HasSuffix(data, []byte(" -all")) {
		t.Errorf("the text is %q", data)
	}
	if data := answers[3].Data; string(data) != "\x05hello\x00" {
		t.Errorf("a text without an address is %q", data)
	}
}
