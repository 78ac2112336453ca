package planted

import (
	"encoding/base64"
	"fmt"
	"net/url"

	"google.golang.org/protobuf/encoding/protowire"

	"flowpane/proto/flowpb"
)

// hide adds flows with secrets where few look for them: in attributes and comments
// of markup, behind escapes, in packed data and in parts of addresses.
func (p *Secrets) hide() {
	p.hideInMarkup()
	p.hideInPackings()
	p.hideInAddresses()
	p.add("/graphql/inline", []string{"Content-Type", "application/json"}, []string{"Content-Type", "application/javascript"},
		jsonOf(map[string]any{"query": `mutation { login(user: 7, pin: ` + p.plant("number in graphql", "826441739055") + `) { id } }`}),
		[]byte(`var h="`+p.plant("ip in code", "93.184.99.7")+`", m="`+escaped(p.plant("mail in code", "wario@mines.example.com"), `\u%04x`)+`";`))
	p.add("/plain", []string{"Content-Type", "text/plain"}, []string{"Content-Type", "multipart/form-data; boundary=YY"},
		[]byte("user=toad\r\npw="+p.plant("short in a plain form", "zqxwpljv")+"\r\n"),
		[]byte("--YY\r\nContent-Disposition: form-data; name*=UTF-8''pass%77ord\r\n\r\n"+p.token("part by an escaped name")+"\r\n--YY--\r\n"))
}

func (p *Secrets) hideInMarkup() {
	p.add("/markup", []string{"Content-Type", "text/xml"}, []string{"Content-Type", "text/html; charset=utf-8"},
		[]byte(`<a><password><value>`+p.token("nested element")+`</value></password><!-- password: `+p.token("comment of markup")+` --><user apiKey='`+p.token("attribute")+`'/></a>`),
		[]byte(`<textarea name=password>`+p.token("textarea")+`</textarea><code id="api-key">`+p.token("element by its id")+`</code><input type=password value=`+p.token("input by its type")+
			`><p>`+escaped(p.plant("mail in references", "daisy@sarasa.example.org"), "&#%d;")+` and `+p.plant("mail of a country", "yoshi@eggs.md")+`</p>`))
	p.add("/markup.svg", nil, []string{"Content-Type", "image/svg+xml"}, nil, []byte(`<svg data-token="`+p.token("attribute of a picture")+`"><path d="M1 2"/></svg>`))
}

func (p *Secrets) hideInPackings() {
	text := func(out []byte, number protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(out, number, protowire.BytesType), s)
	}
	key := p.plant("key behind its length", "ghp_a9B8c7D6e5F4g3H2i1J0k9L8m7N6o5P4q3R2a1B0c9D8")
	message := text(text(text(nil, 1, p.plant("ip in protobuf", "93.184.99.8")), 6, key), 7, "toad")
	item := func(head byte, s string) string { return string([]byte{head + 24, byte(len(s))}) + s }
	map2 := "\xa2\x68password" + item(0x60, p.secret("cbor")) + "\x64name\x64toad"
	p.add("/packed", []string{"Content-Type", "application/x-protobuf"}, []string{"Content-Type", "application/cbor"}, message, []byte(map2))
	password := p.secret("mqtt")
	packet := fmt.Sprintf("\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02c1\x00\x04toad\x00%c%s", len(password), password)
	ws := p.add("/mqtt", []string{"Sec-WebSocket-Protocol", "mqtt, bearer, " + p.token("protocol of a websocket")}, nil, nil, nil)
	ws.Websocket = &flowpb.WebSocket{Messages: []*flowpb.WebSocketMessage{{Type: new(int32(2)), FromClient: new(true), Content: append([]byte{0x10, byte(len(packet))}, packet...), Timestamp: new(1718000300.0)}}}
}

func (p *Secrets) hideInAddresses() {
	thrice := url.QueryEscape(url.QueryEscape(url.QueryEscape("https://x.test/?token=" + p.token("escaped three times"))))
	p.add("/ip/"+p.plant("ip in a path", "93.184.99.9")+"/"+p.plant("name of an ip", "10.99.184.93.in-addr.arpa")+"?next="+thrice+"&a=1;access_token="+p.token("behind a semicolon"),
		[]string{"Content-Type", "text/plain", "Referer", "https://" + p.token("user of an address") + "@git.shop.test/x.git"}, []string{"Content-Type", "text/plain"},
		[]byte("post to https://hooks.slack.com/services/"+p.plant("webhook", "T0Q7WX/B0PL4N/Zq7wXPl4ntedZq7wX")+" now"),
		[]byte("session_"+p.jwt("jwt behind a word", "55")+" and "+base64.StdEncoding.EncodeToString([]byte("mail "+p.plant("mail in base64", "kamek@magic.example.net")))))
}

// escaped writes the sign of an address of mail as a format says.
func escaped(mail, format string) string {
	out := ""
	for _, c := range mail {
		if c == '@' {
			out += fmt.Sprintf(format, c)
		} else {
			out += string(c)
		}
	}
	return out
}
