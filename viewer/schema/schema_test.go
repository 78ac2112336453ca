package schema

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"flowpane/proto/flowpb"
)

// bad is no UTF-8.
var bad = []byte("caf\xe9\xff")

func samples() map[string]*flowpb.Flow {
	return map[string]*flowpb.Flow{
		"empty": {},
		"plain": {
			Id: []byte("a"), Marker: []byte(":bug:"), IsReplay: []byte("request"),
			Request:    &flowpb.HTTPRequest{Method: []byte("GET"), Authority: []byte("x")},
			Response:   &flowpb.HTTPResponse{StatusCode: new(int32(200))},
			ClientConn: &flowpb.ClientConnection{ProxyMode: []byte("regular"), Mitmcert: []byte("PEM")},
			ServerConn: &flowpb.ServerConnection{Cert: []byte("PEM"), Via: &flowpb.ServerConnection{Sni: []byte("up")}},
		},
		"told already": {
			Marked: new(false), Marker: []byte("x"), Mode: []byte("socks5"), IsReplay: []byte("response"),
			Request:  &flowpb.HTTPRequest{IsReplay: new(false), FirstLineFormat: []byte("odd")},
			Response: &flowpb.HTTPResponse{IsReplay: new(true)},
		},
		"no text": {
			Id: bad, Mode: bad, IsReplay: []byte("response"),
			Request: &flowpb.HTTPRequest{
				Method: bad, Scheme: bad, Host: bad, Path: bad, HttpVersion: bad, FirstLineFormat: bad,
				Headers: []*flowpb.HTTPHeader{{Name: bad, Value: bad}, {}}, Content: bad,
			},
			Response: &flowpb.HTTPResponse{HttpVersion: bad, Reason: bad, Headers: []*flowpb.HTTPHeader{{Name: bad, Value: bad}}},
			Error:    &flowpb.Error{Msg: bad},
			ClientConn: &flowpb.ClientConnection{
				Id: bad, Address: &flowpb.Address{Host: bad}, Clientcert: bad, Mitmcert: bad, Sni: bad, CipherName: bad, TlsVersion: bad,
			},
			ServerConn: &flowpb.ServerConnection{
				Id: bad, Address: &flowpb.Address{Host: bad}, IpAddress: &flowpb.Address{Host: bad},
				SourceAddress: &flowpb.Address{Host: bad}, Cert: bad, Sni: bad, TlsVersion: bad,
				Via: &flowpb.ServerConnection{Sni: bad, Address: &flowpb.Address{Host: bad}},
			},
			Backup: &flowpb.Flow{Mode: bad},
		},
	}
}

func clone(f *flowpb.Flow) *flowpb.Flow {
	c := new(flowpb.Flow)
	if err := c.Unmarshal(f.Append(nil)); err != nil {
		panic(err)
	}
	return c
}

func TestRestoreUndoesTell(t *testing.T) {
	for name, f := range samples() {
		for _, refs := range []bool{false, true} {
			g := clone(f)
			if refs {
				g.ClientRef, g.ServerRef = new(uint64(1)), new(uint64(2))
			}
			before := g.Append(nil)
			told := clone(Tell(g))
			if !bytes.Equal(g.Append(nil), before) {
				t.Errorf("%s: Tell changes the flow", name)
			}
			for text := range texts(told) {
				if !utf8.Valid(*text) {
					t.Errorf("%s: %q is told", name, *text)
				}
			}
			if refs {
				g.ClientConn, g.ServerConn = nil, nil
			}
			if got, want := Restore(told).Append(nil), g.Append(nil); !bytes.Equal(got, want) {
				t.Errorf("%s (references: %t): restored\n%q, want\n%q", name, refs, got, want)
			}
		}
	}
}

func TestTell(t *testing.T) {
	f := samples()["plain"]
	f.ClientRef, f.ServerRef = new(uint64(1)), new(uint64(2))
	f.ClientConn.Common = &flowpb.Connection{Tls: new(true)}
	got := Tell(f)
	if !got.GetMarked() || string(got.Mode) != "regular" || !got.Request.GetIsReplay() || got.Response.IsReplay != nil {
		t.Errorf("told: marked %t, mode %q, replay %v, %v", got.GetMarked(), got.Mode, got.Request.IsReplay, got.Response.IsReplay)
	}
	if got := string(got.Request.FirstLineFormat); got != "absolute" {
		t.Errorf("first line %q", got)
	}
	if !got.ClientConn.GetTlsEstablished() || got.ClientConn.Mitmcert != nil || got.ServerConn.Cert != nil || got.ServerConn.Via != nil {
		t.Errorf("connections %+v, %+v", got.ClientConn, got.ServerConn)
	}
	if got := string(Tell(samples()["no text"]).Request.Path); got != "caf\u00e9\u00ff" {
		t.Errorf("text %q", got)
	}
}
