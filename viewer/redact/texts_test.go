package redact_test

import (
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/redact"
)

// TestTexts redacts bodies of a type: what is gone, and what stays.
func TestTexts(t *testing.T) {
	const s = "hunterhuntress"
	for _, c := range []struct{ kind, body, gone, stays string }{
		{"text/plain", "Authorization: Bearer " + s + "\n", s, "Authorization: Bearer "},
		{"text/plain", "curl -H 'Authorization: Bearer " + s + "' https://x.test/", s, "' https://x.test/"},
		{"text/plain", "Authorization: Basic dXNlcjpodW50ZXJodW50cmVzcw==\n", "dXNlcjpodW50", "Basic "},
		{"application/json", `{"cmd":"curl -H \"Authorization: Bearer ` + s + `\" x"}`, s, `Bearer `},
		{"application/json", `{"upstream":"Bearer ` + s + `"}`, s, `"Bearer `},
		{"application/json", `{"headers":[["authorization","Bearer ` + s + `"]]}`, s, `"Bearer `},
		{"application/javascript", `fetch(u,{headers:{Authorization:"Bearer ` + s + `"}})`, s, `{Authorization:"Bearer `},
		{"application/javascript", `h={Authorization:"Bearer "+t}`, "redacted", `"Bearer "+t`},
		{"text/plain", "Basic information, Token expired. Bearer authentication is required", "redacted", ""},
		{"text/plain", "GET / HTTP/1.1\r\nCookie: a=bcde; login=" + s + "; x=y\r\n", s, "Cookie: a="},
		{"text/plain", "Set-Cookie: login=" + s + "; Path=/app\r\n", s, "; Path=/app\r\n"},
		{"text/plain", "curl -b x -H 'Cookie: login=" + s + "' https://x.test/", s, "' https://x.test/"},

		{"text/plain", "login user=bob password=" + s + " ok", s, "login user=bob password="},
		{"text/plain", "# set up\nexport DB_PASSWORD=" + s + "\n", s, "export DB_PASSWORD="},
		{"text/plain", "db:\n  password: " + s + "\n", s, "db:\n  password: "},
		{"text/event-stream", "data: token=" + s + "\n\n", s, "data: token="},
		{"text/plain", "password:\n  format: password\ntoken: string\n  token: string\nSet password=required for users", "redacted", ""},
		{"text/html", "<script>var token=someVariable\nlet x, password=newPassword;</script>", "redacted", ""},
		{"text/html", `<label for="password">Password: <input type=password placeholder="Your password" name=password></label>`, "redacted", ""},
		{"text/plain", "interface A {\n  token: string;\n  password: getPassword(),\n}", "redacted", ""},

		{"application/x-www-form-urlencoded", "user[pass]=" + s, s, "user[pass]="},
		{"application/x-www-form-urlencoded", "db_pass=" + s, s, ""},
		{"application/json", `{"SMTP_PASS":"` + s + `","dbPass":"` + s + `"}`, s, ""},
		{"application/json", `{"X-Session":"` + s + `1","X-Signature":"` + s + `2","DD-APPLICATION-KEY":"` + s + `3"}`, s, ""},
		{"application/json", `{"bypass":"` + s + `","compass":"north-north-east"}`, "redacted", ""},
		{"application/json", `{"tokens":["` + s + `"],"max_tokens":4096}`, s, `"max_tokens":4096`},
		{"application/json", `{"tokens":["the","word"],"total_tokens":1234}`, "redacted", ""},
		{"application/json", `{"queryString":[{"name":"code","value":"` + s + `"}],"list":[{"name":"code","value":"stays"}]}`, s, `"stays"`},

		{"application/json", "\ufeff" + `{"pin":471193}`, "471193", "\ufeff{"},
		{"application/json", ")]}',\n" + `{"pin":471193}`, "471193", ")]}',\n{"},
		{"application/json", `for(;;);{"pin":471193}`, "471193", "for(;;);{"},
		{"application/javascript", `cb({"password":"` + s + `"});`, s, "cb({"},
		{"application/javascript", `run({password:n,x:1.2.3.4})`, "redacted", ""},
		{"application/json", `{"bob.smith@corp.example.com":{"role":"admin"}}`, "bob.smith", `:{"role":"admin"}}`},
		{"text/plain", `42["login",{"pin":471193}]`, "471193", `42["login"`},
		{"text/event-stream", "event: a\ndata: " + `{"pin":471193}` + "\n\n" + `data: {"pin":471193}`, "471193", "event: a\ndata: {"},
		{"application/json", `{"credentials":{"user":"u","value":"` + s + `"},"x":`, s, `"x":`},
		{"application/json", `{"a":[1,2,{"password":"` + s, s, `{"a":[1,2,{"password":`},

		{"application/x-www-form-urlencoded", "next=https%253A%252F%252Fx.test%252F%253Ftoken%253D" + s, s, "next=https%253A%252F%252Fx.test%252F%253Ftoken%253D"},

		{"application/json", `{"forgot_password":"Forgot your password?","secret_question":"What is your secret question?"}`, "redacted", ""},
		{"application/json", `{"cookie":"first=aaaa; second=bbbb; third=` + s + `"}`, s, ""},
		{"application/json", `{"properties":{"password":{"type":"string","minLength":80,"description":"the password"},"token":{"type":"string"}}}`, "redacted", ""},
		{"application/json", `{"token":{"type":["string","null"],"maxLength":4000}}`, "redacted", ""},
		{"application/json", `{"token":{"type":"` + s + `","title":"x"},"token":{"description":{"type":"` + s + `"}}}`, s, ""},
		{"application/json", `{"passphrase":"correct horse battery staple"}`, "correct horse", ""},
		{"application/json", `{"password":{"type":"string","value":"` + s + `"}}`, s, ""},
	} {
		f := &flowpb.Flow{Id: []byte("f"), Response: &flowpb.HTTPResponse{Headers: fields([]string{"Content-Type", c.kind}), Content: []byte(c.body)}}
		out, err := redact.New(redact.Policy{}).Flow(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := string(out.Response.Content)
		if strings.Contains(got, c.gone) || !strings.Contains(got, c.stays) || c.gone == "redacted" && got != c.body {
			t.Errorf("%s %q\nis %q", c.kind, c.body, got)
		}
	}
}

// TestHeaderValues: credentials in headers whose names say nothing.
func TestHeaderValues(t *testing.T) {
	for value, gone := range map[string]string{"Bearer hunterhuntress": "hunterhuntress", "token abcdefgh": "abcdefgh", `Bearer realm="shop"`: "redacted", "Basic realm=shop": "redacted"} {
		f := &flowpb.Flow{Id: []byte("f"), Request: &flowpb.HTTPRequest{Headers: fields([]string{"X-Upstream", value})}}
		out, err := redact.New(redact.Policy{}).Flow(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(out.Request.Headers[0].Value); strings.Contains(got, gone) {
			t.Errorf("%q is %q", value, got)
		}
	}
}
