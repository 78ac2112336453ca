package redact

import (
	"bytes"
	"encoding/base64"
	"strings"

	"flowpane/proto/flowpb"
)

// secretHeaders prove who asks, though their names have no word of those that
// are secret.
var secretHeaders = map[string]bool{
	"authorization": true, "proxyauthorization": true, "authenticationinfo": true, "proxyauthenticationinfo": true, "dpop": true,
	"xapikey": true, "xauth": true, "xauthkey": true, "xgoogapikey": true, "xfunctionskey": true, "ocpapimsubscriptionkey": true,
	"xforwardedclientcert": true, "sslclientcert": true, "xamzncertheader": true, "xwebhooksignature": true, "xhubsignature": true, "xhubsignature256": true, "stripesignature": true,
}

// headers hides the values of a list of headers, in place.
func (w *walker) headers(list []*flowpb.HTTPHeader) {
	for _, h := range list {
		name := string(h.Name)
		h.Name = w.text(h.Name, codeText) // producers have split lines anywhere
		switch plain := plainName(name); plain {
		case "authorization", "proxyauthorization":
			h.Value = w.credentials(h.Value, name)
		case "cookie":
			h.Value = w.cookies(h.Value, name)
		case "setcookie", "setcookie2":
			h.Value = w.setCookie(h.Value, name)
		case "secwebsocketprotocol":
			h.Value = w.protocols(h.Value, name)
		default:
			class, secret := w.secretName(name, false)
			switch {
			case secretHeaders[plain] || secret && class != Chosen:
				class = Authorization
				fallthrough
			case secret:
				if !trivial(string(h.Value)) {
					h.Value = []byte(w.hide(class, name, string(h.Value)))
				}
			default:
				h.Value = w.text(h.Value, headerText)
			}
		}
	}
}

// protocols hides what proves who asks in a list of protocols over WebSocket:
// pages can send no other header. A word in front of it says so, or it looks like
// no name.
func (w *walker) protocols(value []byte, header string) []byte {
	list := strings.Split(string(value), ",")
	named := false
	for i, item := range list {
		bare := strings.TrimSpace(item)
		word := ""
		if dot := strings.LastIndexByte(bare, '.'); dot >= 0 && w.namesToken(bare[:dot]) {
			word, bare = bare[:dot+1], bare[dot+1:]
		}
		if named = named || word != "" || looksLikeToken(bare); named && bare != "" && !isJWT(bare) {
			list[i] = strings.Replace(item, word+bare, word+w.hide(Authorization, header, bare), 1)
		}
		named = word == "" && w.namesToken(bare)
	}
	return w.text([]byte(strings.Join(list, ",")), headerText)
}

// namesToken reports whether the name of a protocol says that a token follows.
func (w *walker) namesToken(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if _, secret := w.secretName(label, false); secret || isScheme([]byte(label)) {
			return true
		}
	}
	return false
}

// looksLikeToken reports whether a word has too many letters and digits in a row
// to be the name of a protocol and its version.
func looksLikeToken(word string) bool {
	for part := range strings.FieldsFuncSeq(word, func(c rune) bool { return c == '.' || c == '-' || c == '_' }) {
		if len(part) >= 16 && random([]byte(part)) {
			return true
		}
	}
	return len(word) >= 32 && random([]byte(word)) && strings.IndexByte(word, '.') < 0
}

// credentials hides what follows the scheme of an Authorization header. Of a
// password in Base64 the plain one is a secret too.
func (w *walker) credentials(value []byte, name string) []byte {
	scheme, rest, found := strings.Cut(string(value), " ")
	if !found {
		return []byte(w.hide(Authorization, name, string(value)))
	}
	rest = strings.TrimSpace(rest)
	if strings.EqualFold(scheme, "basic") {
		if plain, err := base64.StdEncoding.DecodeString(rest); err == nil {
			if _, password, ok := strings.Cut(string(plain), ":"); ok && len(password) >= 4 {
				w.learn(Authorization, password)
			}
		}
	}
	if w.policy.Claims && isJWT(rest) {
		return []byte(scheme + " " + string(w.jwt([]byte(rest))))
	}
	return []byte(scheme + " " + w.hide(Authorization, name, rest))
}

// cookies hides the values of a Cookie header.
func (w *walker) cookies(value []byte, header string) []byte {
	parts := strings.Split(string(value), ";")
	for i, part := range parts {
		parts[i] = w.cookie(part, header)
	}
	return w.replaceKnown([]byte(strings.Join(parts, ";")), false)
}

// cookie hides the value of one cookie, and what quotes it stays. What has no
// name is a value.
func (w *walker) cookie(pair, header string) string {
	name, value, found := strings.Cut(pair, "=")
	if !found {
		name, value = "", pair
	} else {
		header, name = strings.TrimSpace(name), name+"="
	}
	bare := strings.Trim(value, " \"")
	if bare == "" {
		return pair
	}
	if plain := string(unescapePercent([]byte(bare))); plain != bare {
		w.learn(Cookies, plain) // which is how programs see it
	}
	return name + strings.Replace(value, bare, w.hide(Cookies, header, bare), 1)
}

// setCookie hides the value of a Set-Cookie header. Its attributes stay. Some
// producers join several such headers, by lines or by commas.
func (w *walker) setCookie(value []byte, header string) []byte {
	var out []byte
	for len(value) > 0 {
		n := joined(value)
		out = append(out, w.oneCookie(bytes.TrimRight(value[:n], ", \n"), header)...)
		out = append(out, value[len(bytes.TrimRight(value[:n], ", \n")):n]...)
		value = value[n:]
	}
	return out
}

func (w *walker) oneCookie(value []byte, header string) []byte {
	pair, attributes, found := bytes.Cut(value, []byte(";"))
	out := w.replaceKnown([]byte(w.cookie(string(pair), header)), false)
	if found {
		out = append(append(out, ';'), w.text(attributes, headerText)...)
	}
	return out
}

// joined returns where the next of several Set-Cookie headers begins that are
// joined: behind a line, or a comma that a name and = follow. The comma of a
// date has a blank behind its day.
func joined(value []byte) int {
	for i, c := range value {
		if c != ',' && c != '\n' {
			continue
		}
		rest := bytes.TrimLeft(value[i+1:], " ")
		if end := runEnd(rest, 0, "-_.!#$%&'*+^`|~"); c == '\n' || end > 0 && end < len(rest) && rest[end] == '=' {
			return len(value) - len(rest)
		}
	}
	return len(value)
}
