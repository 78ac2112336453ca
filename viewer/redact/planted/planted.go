// Package planted has flows with secrets of all classes in them, in all encodings,
// and a scanner that finds those. It shares no code with what takes them out. Only
// tests import it.
package planted

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
)

// Secrets are values that were put into flows.
type Secrets struct {
	// Where says of each value where it stands.
	Where map[string]string
	Flows []*flowpb.Flow

	n int
}

// secret returns a new one that looks like a made-up password.
func (p *Secrets) secret(where string) string {
	p.n++
	return p.plant(where, fmt.Sprintf("Pl4nted/%02d+%s", p.n, "Zq7wX"))
}

// token is a secret of letters and digits alone.
func (p *Secrets) token(where string) string {
	p.n++
	return p.plant(where, fmt.Sprintf("tok3n%02dQwErTy%02dz", p.n, 99-p.n))
}

func (p *Secrets) plant(where, value string) string {
	p.Where[value] = where
	return value
}

func (p *Secrets) jwt(where, subject string) string {
	enc := base64.RawURLEncoding.EncodeToString
	token := enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc([]byte(`{"sub":"`+subject+`"}`)) + "." + enc([]byte("signature of "+where))
	return p.plant(where, token)
}

// add adds a flow with bodies and headers.
func (p *Secrets) add(path string, request, response []string, body, answer []byte) *flowpb.Flow {
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(p.Flows))
	start := 1718000000.25 + float64(len(p.Flows))
	f := &flowpb.Flow{
		Id: []byte(id), Kind: new(flowpb.Kind_HTTP), FormatVersion: new(int32(21)), TimestampCreated: new(start),
		ClientConn: &flowpb.ClientConnection{Id: []byte("c" + id), Address: address(p.plant("client address", fmt.Sprintf("10.77.3.%d", len(p.Flows)+1)), 5000), TimestampStart: new(start)},
		ServerConn: &flowpb.ServerConnection{Id: []byte("s" + id), Address: address("api.shop.test", 443), IpAddress: address(p.plant("server address", "93.184.77.21"), 443), TimestampStart: new(start)},
		Request: &flowpb.HTTPRequest{
			Method: []byte("POST"), Scheme: []byte("https"), Host: []byte("api.shop.test"), Port: new(int32(443)), Path: []byte(path), HttpVersion: []byte("HTTP/1.1"),
			Headers: fields(append([]string{"Host", "api.shop.test"}, request...)), Content: body, TimestampStart: new(start), TimestampEnd: new(start + .1),
		},
		Response: &flowpb.HTTPResponse{
			HttpVersion: []byte("HTTP/1.1"), StatusCode: new(int32(200 + len(p.Flows))), Reason: []byte("OK"),
			Headers: fields(response), Content: answer, TimestampStart: new(start + .2), TimestampEnd: new(start + .3),
		},
	}
	if body == nil {
		f.Request.Content = []byte{}
	}
	if answer == nil {
		f.Response.Content = []byte{}
	}
	p.Flows = append(p.Flows, f)
	return f
}

func address(host string, port int32) *flowpb.Address {
	return &flowpb.Address{Host: []byte(host), Port: new(port)}
}

func fields(pairs []string) []*flowpb.HTTPHeader {
	var list []*flowpb.HTTPHeader
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return list
}

func zipped(t testing.TB, encoding string, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch encoding {
	case "gzip":
		z := gzip.NewWriter(&out)
		_, err = z.Write(b)
		z.Close()
	case "deflate":
		z := zlib.NewWriter(&out)
		_, err = z.Write(b)
		z.Close()
	case "br":
		z := brotli.NewWriter(&out)
		_, err = z.Write(b)
		z.Close()
	case "zstd":
		z, _ := zstd.NewWriter(&out)
		_, err = z.Write(b)
		z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// New returns flows with secrets of all classes in every encoding, and some without
// any, whose paths begin with "/clean". Their bodies are inline.
func New(t testing.TB) *Secrets {
	t.Helper()
	p := &Secrets{Where: map[string]string{}}
	type object = map[string]any
	b64 := base64.StdEncoding.EncodeToString

	// Headers.
	basic := p.secret("basic password")
	p.add("/headers", []string{
		"Authorization", "Bearer " + p.token("bearer"), "Proxy-Authorization", "Basic " + p.plant("basic", b64([]byte("mario:"+basic))),
		"X-Api-Key", p.token("api key header"), "X-CSRF-Token", p.token("csrf header"), "X-Auth-Token", p.secret("auth token header"),
		"X-Forwarded-For", p.plant("forwarded", "85.10.201.44") + ", 127.0.0.1", "Cookie", "theme=dark; sid=" + p.token("cookie") + "; data=" + url.QueryEscape(p.secret("escaped cookie")),
		"Referer", "https://shop.test/cb?code=" + p.token("code in referer") + "&next=%2Fhome", "X-Amz-Security-Token", p.token("aws"), "From", p.plant("from", "luigi@plumbers.example.com"),
	}, []string{
		"Set-Cookie", "session=" + p.token("set-cookie") + "; Path=/; HttpOnly", "Location", "https://user:" + p.token("userinfo") + "@shop.test/next#access_token=" + p.token("fragment"),
		"Authentication-Info", "nextnonce=" + p.token("nonce"), "Content-Type", "text/plain",
	}, nil, []byte("basic "+basic+" once more"))

	// Addresses.
	p.add("/a;jsessionid="+p.token("matrix")+"/"+p.jwt("jwt in path", "7")+"?access_token="+p.token("query")+"&api_key="+url.QueryEscape(p.secret("escaped query"))+"&q=shoes&next="+url.QueryEscape("https://x.test/?sig="+p.token("nested url"))+"&email="+url.QueryEscape(p.plant("mail in query", "peach+castle@kingdom.example.org")), nil, []string{"Content-Type", "text/html"},
		nil, []byte(`<a href="https://shop.test/?token=`+p.token("link in markup")+`&amp;x=1">x</a><input type="hidden" name="csrf_token" value="`+html.EscapeString(p.secret("input"))+`"><meta name="csrf-token" content="`+p.token("meta")+`"><script>var cfg = {"apiKey": "`+p.token("script")+`", password: '`+p.secret("script string")+`'};</script>`))

	// Bodies by content type and content encoding.
	for _, encoding := range []string{"gzip", "br", "zstd", "deflate"} {
		doc := jsonOf(object{"user": object{"password": p.secret("json password, " + encoding), "pin": 123456, "name": "Mario"}, "tokens": []any{object{"access_token": p.token("json token, " + encoding)}}, "mail": p.plant("mail, "+encoding, encoding+"@mushroom.example.net"), "max_tokens": 100})
		p.add("/json/"+encoding, []string{"Content-Type", "application/json", "Content-Encoding", encoding}, []string{"Content-Type", "application/json; charset=utf-8", "Content-Encoding", encoding}, zipped(t, encoding, doc), zipped(t, encoding, jsonOf([]any{object{"deep": object{"client_secret": p.secret("json answer, " + encoding)}}})))
	}
	p.add("/json/escapes", []string{"Content-Type", "application/json"}, []string{"Content-Type", "application/json"},
		[]byte(`{"passw\u006frd": "`+strings.ReplaceAll(p.secret("escaped slash"), "/", `\/`)+`", "note": "{\"refresh_token\":\"`+p.token("json in json")+`\"}"}`),
		[]byte(`{"secret":"p\u00e4ss-`+"7\\u0034"+`-w\u00f6rd99","x":1}`))
	p.plant("unicode escapes", "päss-74-wörd99")
	form := url.Values{"username": {"mario"}, "password": {p.secret("form password")}, "otp": {"991" + "882"}, "blob": {b64([]byte(`{"token":"` + p.token("base64 of json in form") + `"}`))}, "hex": {hex.EncodeToString([]byte("password=" + p.token("hex in form")))}}
	p.add("/login", []string{"Content-Type", "application/x-www-form-urlencoded"}, []string{"Content-Type", "text/plain"}, []byte(form.Encode()), []byte("ok"))
	p.add("/upload", []string{"Content-Type", "multipart/form-data; boundary=XX"}, []string{"Content-Type", "text/xml"},
		[]byte("--XX\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"+p.secret("multipart")+"\r\n--XX\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"api_key\":\""+p.token("json in multipart")+"\"}\r\n--XX--\r\n"),
		[]byte(`<?xml version="1.0"?><s:Envelope><wsse:Password Type="x">`+html.EscapeString(p.secret("soap"))+`</wsse:Password><clientSecret><![CDATA[`+p.secret("cdata")+`]]></clientSecret><string name="refresh_token">`+p.token("android xml")+`</string></s:Envelope>`))
	p.add("/graphql", []string{"Content-Type", "application/json"}, []string{"Content-Type", "application/x-ndjson"},
		jsonOf(object{"query": `mutation { login(user: "m", password: "` + p.token("graphql argument") + `") { id } }`, "variables": object{"apiToken": p.token("graphql variable")}}),
		[]byte(`{"level":"info","authorization":"Bearer `+p.token("log line")+`"}`+"\n"+`{"value":"`+p.token("value before its name")+`","name":"password"}`+"\n"+`{"ip":"`+p.plant("ip in json", "172.31.9.77")+`","v6":"`+p.plant("ipv6", "2a02:8071:22c1::77")+`"}`+"\n"))

	// Shapes.
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + p.plant("private key", "MIIEpAIBAAKCAQEA0Zq7wXpl4nt3dK3yL1ne0123456789abcdefghijklmnopq") + "\n-----END RSA PRIVATE KEY-----\n"
	p.add("/shapes", []string{"Content-Type", "text/plain"}, []string{"Content-Type", "application/json"},
		[]byte("see "+p.plant("github", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")+", "+p.plant("aws key id", "AKIAZQ7WXPL4NTEDKEY1")+"\n"+key+"and "+p.plant("stripe", "sk_live_"+"Zq7wXPl4nted0123456789")+" mail "+p.plant("mail in text", "bowser@castle.example.com")),
		jsonOf(object{"pem": key, "t": p.jwt("jwt in json", "99"), "slack": p.plant("slack", "xoxb-"+"123456789012-Zq7wXPl4nted"), "conn": "Server=db;Password=" + p.token("connection string") + ";Encrypt=true", "google": p.plant("google", "AIzaSyZq7wXPl4ntedKey0123456789abcdefg")}))
	p.add("/wide", []string{"Content-Type", "text/plain; charset=utf-16le"}, []string{"Content-Type", "application/msgpack"}, wideText("\ufeffpassword="+p.token("utf-16")+"\n"),
		[]byte("\x82\xa8password\xad"+p.plant("msgpack", "Pl4nt3d-mpk-1")+"\xa4name\xa5Mario"))
	// Elsewhere: a secret that is known from a header stands where nothing says so.
	known := p.token("known")
	p.add("/known", []string{"Authorization", "Bearer " + known, "Content-Type", "application/octet-stream"}, []string{"Content-Type", "text/html", "Content-Encoding", "gzip"},
		append([]byte{0, 1, 2, 0xff}, []byte(known)...), zipped(t, "gzip", []byte("<p>"+known+"</p> and "+b64([]byte("x"+known))+" and "+hex.EncodeToString([]byte(known)))))

	ws := p.add("/socket", nil, []string{"Upgrade", "websocket"}, nil, nil)
	ws.Websocket = &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{
		{Type: new(int32(1)), FromClient: new(true), Content: []byte(`{"type":"auth","token":"` + p.token("websocket") + `"}`), Timestamp: new(1718000099.0)},
		{Type: new(int32(1)), FromClient: new(false), Content: []byte(`42["login",{"password":"` + p.secret("socket.io") + `"}]`), Timestamp: new(1718000099.5)},
		{Type: new(int32(1)), FromClient: new(false), Content: []byte(`nothing to see`), Timestamp: new(1718000100.0)},
	}}
	ws.Comment = []byte("the password is " + p.secret("comment"))
	ws.Metadata = &flowpb.Value{Dict: &flowpb.Value_Dict{Pairs: []*flowpb.Value_Pair{{Key: &flowpb.Value{Text: []byte("api_key")}, Value: &flowpb.Value{Text: []byte(p.secret("metadata"))}}}}}
	edited := p.add("/edited?token="+p.token("edited"), nil, nil, nil, nil)
	edited.Backup = &flowpb.Flow{Id: edited.Id, Kind: new(flowpb.Kind_HTTP), Request: &flowpb.HTTPRequest{Method: []byte("GET"), Scheme: []byte("https"), Host: []byte("api.shop.test"), Port: new(int32(443)), Path: []byte("/?token=" + p.token("backup")), HttpVersion: []byte("HTTP/1.1"),
		TimestampStart: new(1.0), Content: []byte{}, Headers: fields([]string{"X-Api-Key", p.secret("backup header")})}}
	id := "00000000-0000-4000-8000-00000000aaaa"
	p.Flows = append(p.Flows, &flowpb.Flow{Id: []byte(id), Kind: new(flowpb.Kind_TCP), FormatVersion: new(int32(21)), TimestampCreated: new(1718000200.0),
		ClientConn: &flowpb.ClientConnection{Id: []byte("c1"), Address: address(p.plant("tcp client", "10.99.8.7"), 1), TimestampStart: new(1718000200.0), Common: &flowpb.Connection{CertificateList: [][]byte{[]byte("-----BEGIN CERTIFICATE-----\n" + p.plant("client certificate", "MIIBszCCARygAwIBAgIJAKxxClientCert") + "\n-----END CERTIFICATE-----\n")}}},
		ServerConn: &flowpb.ServerConnection{Id: []byte("s1"), Address: address("mail.shop.test", 25), TimestampStart: new(1718000200.0)},
		Messages:   []*flowpb.Message{{FromClient: new(true), Content: []byte("AUTH PLAIN " + p.token("smtp") + "\r\n"), Timestamp: new(1718000201.0)}}})
	p.hide()
	p.add("/clean", []string{"Accept", "*/*"}, []string{"Content-Type", "text/css"}, nil, []byte("a{b:c} /* 1.2.3.4 icon@2x.png */"))
	p.add("/clean.svg", nil, []string{"Content-Type", "image/svg+xml", "Content-Encoding", "br"}, nil, zipped(t, "br", []byte(`<svg><path d="M1.2.3.4 5"/></svg>`)))
	return p
}

func wideText(s string) []byte {
	var out []byte
	for _, c := range s {
		out = append(out, byte(c), byte(c>>8))
	}
	return out
}
