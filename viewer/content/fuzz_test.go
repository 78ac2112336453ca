package content

import (
	"context"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// viewSeeds are bodies for the fuzz target of each view, the first of which the
// view can show, and what is known of them.
var viewSeeds = map[string]struct {
	meta  Metadata
	seeds []string
}{
	"css":            {Describe("text/css"), []string{"a{b:c}", "/* ", "@media x{a>b{c:'d'}}", "}{;:"}},
	"dns":            {Metadata{Origin: DNS}, []string{dnsQuery, "\x00\x2a\x81\x00\x00\x00\x00\x02\x00\x00\x00\x00\x01a\x00\x00\x0f\x00\x01\x00\x00\x00\x01\x00\x04\x00\x0a\xc0\x0c\xc0\x0c\x00\x41\x00\x01\x00\x00\x00\x01\x00\x08\x00\x01\x00\x00\x01\x00\x01a", "\x00"}},
	"graphql":        {Describe("application/json"), []string{`{"query": "a\nb", "variables": {}}`, `[{"query": "a"}]`, `{"query": 1}`}},
	"http/3 frames":  {Metadata{Origin: TCP, ALPN: "h3"}, []string{"\x00\x04abcd", "\x01\x1d\x00\x00\xd1\xc1\xd7P\x8a\x08\x9d\\\x0b\x81p\xdcx\x0f\x03_P\x88%\xb6P\xc3\xab\xbc\xda\xe0\xdd", "\x00\x04\x02\x06\x01\x21\x01a"}},
	"image":          {Describe("image/png"), []string{"GIF89a\x01\x00\x01\x00\x80\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01", "\xff\xd8\xff\xc0\x00\x11\x08\x00\x01\x00\x01", "\x00\x00\x01\x00\x02\x00"}},
	"javascript":     {Describe("text/javascript"), []string{"a(1);b={c:'d'}", "for(", "`${", "/*"}},
	"json":           {Describe("application/json"), []string{`{"a": [1, 2.5e3, "\u00e9\/\ud83d\ude00", null], "a": {}}`, "[[],{}]", "[x", `"\ud800"`, "[\x001\x00]\x00"}},
	"mqtt":           {Metadata{Origin: TCP}, []string{"\x10\x0f\x00\x04MQTT\x04\x02\x00\x3c\x00\x03cid", "\x82\x0a\x00\x01\x00\x05a/b/c\x00", "\x30\xff\xff"}},
	"multipart form": {Describe("multipart/form-data; boundary=b"), []string{"--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--b--", "--b\r\n\r\n1", "--b--b--b"}},
	"query":          {Metadata{Path: "/?a=1&b", Request: true}, []string{"", "a", "?"}},
	"text":           {Describe("text/html; charset=gbk"), []string{"words", "\xff\xfeh\x00i\x00", "\x00\x1b\x7f"}},
	"socket.io":      {Metadata{Origin: WebSocket, Path: "/socket.io/?x"}, []string{"42[\"a\",{}]", "0{}", "451-/x,["}},
	"url-encoded":    {Describe("application/x-www-form-urlencoded"), []string{"a=1&b=%zz&c", "&&=", "a=+%20"}},
	"wbxml":          {Describe("application/vnd.wap.wbxml"), []string{"\x03\x01\x6a\x00\x45\x5c\x01", "\x03\x01\x6a\x01\x00\x45\x4b\x03a<\x00\x01\x83\x00\xc3\x01\xff\x00\x11\x05\x01", "\x03"}},
	"xml/html":       {Describe("text/html"), []string{"<a b=\"c\"><br/>d<!-- e --></a>", "<>", "<![CDATA[", "</a><"}},
	"zip archive":    {Describe("application/zip"), []string{zipSeed, "PK\x05\x06", zipSeed[:40]}},
	"hex":            {Metadata{}, []string{"abc", "", "\x00\xff"}},
	"hex stream":     {Metadata{}, []string{"abc", "", "\x00\xff"}},
	"msgpack":        {Describe("application/msgpack"), []string{"\x84\xa1a\x92\x01\xca\x3d\xcc\xcc\xcd\xc4\x01\xff\xc0\x91\x01\xd6\xff\x00\x00\x00\x01\x03\xd4\x05\xab", "\x91\x01", "\xdd\xff\xff\xff\xff", "\xc1"}},
	"protobuf":       {Describe("application/x-protobuf"), []string{"\x08\x96\x01\x12\x03a\nb\x1a\x02\x08\x01", "\x23\x08\x01\x24\x2d\x00\x00\x80\xbf\x32\x01\xff", "\xff"}},
	"grpc":           {Metadata{ContentType: "application/grpc", MediaType: "application/grpc", Encoding: "deflate"}, []string{"\x00\x00\x00\x00\x02\x08\x01", "\x80\x00\x00\x00\x06a: b\r\n\x01\x00\x00\x00\x05\xe3\x98\xc6\x08\x00", "\x00\xff"}},
	"cbor":           {Describe("application/cbor"), []string{"\xbf\x61a\x9f\x01\xf9\x3c\x00\xff\x41\xff\x5f\x41a\xff\xff", "\xd8\x18\x41\x01", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff"}},
	"event stream":   {Describe("text/event-stream"), []string{"event: a\ndata: {\"n\":1}\n\ndata", ":\r\r", "data:\n\n\n"}},
	"jwt":            {Describe("application/jwt"), []string{"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjoxNzAwMDAwMDAwfQ.", "a.b.c", "..."}},
	"certificate":    {Describe("application/x-pem-file"), []string{pemBegin + "PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", pemBegin + "CERTIFICATE-----\nMAA=", "0\x82\x01\x00"}},
	"font":           {Describe("font/ttf"), []string{fontSeed, "wOFF" + fontSeed[4:], "wOF2" + fontSeed[4:], fontSeed[:30]}},
	"media":          {Describe("video/mp4"), []string{mp4Seed, wavSeed, flacSeed, "OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead", mp4Seed[:30], "\xff\xfb\x90\x00"}},
	"preview":        {Describe("text/html"), []string{"<p>a<link><meta>", "<svg>", "<<<link"}},
}

const zipSeed = "PK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00\x00\x00!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a" +
	"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x2f\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func FuzzCertificate(f *testing.F) { fuzzView(f, "certificate") }
func FuzzFont(f *testing.F)        { fuzzView(f, "font") }
func FuzzMedia(f *testing.F)       { fuzzView(f, "media") }
func FuzzCSS(f *testing.F)         { fuzzView(f, "css") }
func FuzzDNS(f *testing.F)         { fuzzView(f, "dns") }
func FuzzGraphQL(f *testing.F)     { fuzzView(f, "graphql") }
func FuzzHTTP3(f *testing.F)       { fuzzView(f, "http/3 frames") }
func FuzzImage(f *testing.F)       { fuzzView(f, "image") }
func FuzzJavaScript(f *testing.F)  { fuzzView(f, "javascript") }
func FuzzJSONView(f *testing.F)    { fuzzView(f, "json") }
func FuzzMQTT(f *testing.F)        { fuzzView(f, "mqtt") }
func FuzzMultipart(f *testing.F)   { fuzzView(f, "multipart form") }
func FuzzQuery(f *testing.F)       { fuzzView(f, "query") }
func FuzzText(f *testing.F)        { fuzzView(f, "text") }
func FuzzSocketIO(f *testing.F)    { fuzzView(f, "socket.io") }
func FuzzURLEncoded(f *testing.F)  { fuzzView(f, "url-encoded") }
func FuzzWBXML(f *testing.F)       { fuzzView(f, "wbxml") }
func FuzzXML(f *testing.F)         { fuzzView(f, "xml/html") }
func FuzzZIP(f *testing.F)         { fuzzView(f, "zip archive") }
func FuzzHex(f *testing.F)         { fuzzView(f, "hex") }
func FuzzHexStream(f *testing.F)   { fuzzView(f, "hex stream") }
func FuzzMsgpack(f *testing.F)     { fuzzView(f, "msgpack") }
func FuzzProtobuf(f *testing.F)    { fuzzView(f, "protobuf") }
func FuzzGRPC(f *testing.F)        { fuzzView(f, "grpc") }
func FuzzCBOR(f *testing.F)        { fuzzView(f, "cbor") }
func FuzzEventStream(f *testing.F) { fuzzView(f, "event stream") }
func FuzzJWT(f *testing.F)         { fuzzView(f, "jwt") }
func FuzzPreview(f *testing.F)     { fuzzView(f, "preview") }

// fuzzView shows hostile bodies by a view: it does not panic, all of its text can
// be shown, and is not out of proportion.
func fuzzView(f *testing.F, name string) {
	v, ok := lookup(name)
	from := viewSeeds[name]
	if !ok || len(from.seeds) < 3 {
		f.Fatalf("there is no view %s, or too few seeds", name)
	}
	for _, seed := range from.seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v.Priority(from.meta, body)
		r, err := v.Render(context.Background(), from.meta, body) // without the door: a panic must show
		if err == nil && !utf8.ValidString(printable(r.Text)) {
			t.Fatal("the text is not UTF-8")
		}
		if len(r.Text) > jsonSpare+1<<13*len(body) {
			t.Fatalf("%d bytes are made of %d", len(r.Text), len(body))
		}
		if _, r, _ = Render(context.Background(), Auto, from.meta, body); strings.ContainsAny(r.Text, "\x00\x1b\x7f") {
			t.Fatalf("%q", r.Text)
		}
	})
}

// TestFuzzTargets sees to it that each view has a fuzz target, whose first seed
// reaches the view.
func TestFuzzTargets(t *testing.T) {
	source, err := os.ReadFile("fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range All() {
		from := viewSeeds[v.Name]
		if len(from.seeds) < 3 || !strings.Contains(string(source), "{ fuzzView(f, \""+v.Name+"\") }") {
			t.Errorf("%s: %d seeds, or no target", v.Name, len(from.seeds))
			continue
		}
		if r, err := v.Render(context.Background(), from.meta, []byte(from.seeds[0])); err != nil || r.Text == "" && r.Frame == "" {
			t.Errorf("%s shows nothing of its first seed: %v", v.Name, err)
		}
	}
}
