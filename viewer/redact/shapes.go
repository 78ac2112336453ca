package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"flowpane/viewer/jsontext"
)

// keyShapes are how keys of well-known services begin, and how long they are at
// the least, all of it.
var keyShapes = [...]struct {
	begin string
	least int
}{
	{"AKIA", 20}, {"ASIA", 20}, {"sk_live_", 20}, {"sk_test_", 20}, {"rk_live_", 20}, {"rk_test_", 20}, {"whsec_", 20},
	{"ghp_", 24}, {"gho_", 24}, {"ghu_", 24}, {"ghs_", 24}, {"ghr_", 24}, {"github_pat_", 30}, {"glpat-", 20}, {"gldt-", 20},
	{"xoxb-", 20}, {"xoxp-", 20}, {"xoxa-", 20}, {"xoxr-", 20}, {"xoxs-", 20}, {"xoxc-", 20}, {"xapp-", 20}, {"AIza", 30}, {"ya29.", 24}, {"1//0", 30}, {"GOCSPX-", 24},
	{"SG.", 30}, {"npm_", 30}, {"pypi-", 30}, {"dop_v1_", 30}, {"doo_v1_", 30}, {"hf_", 24}, {"sk-", 24}, {"shpat_", 24}, {"shpss_", 24}, {"shpca_", 24},
	{"EAAC", 40}, {"EAAG", 40}, {"key-", 32}, {"AGE-SECRET-KEY-1", 30}, {"sq0atp-", 24}, {"sq0csp-", 24}, {"lin_api_", 24}, {"figd_", 24}, {"dckr_pat_", 24},
	{"ATATT3", 40}, {"rubygems_", 30}, {"secret_", 40}, {"xkeysib-", 40}, {"sntrys_", 30}, {"glsa_", 30}, {"nvapi-", 30}, {"gsk_", 30}, {"r8_", 30}, {"tskey-", 20}, {"PMAK-", 30}, {"dapi", 34}, {"hvs.", 24},
}

// shapes hides what is secret by its shape: tokens, keys, addresses of mail and
// of machines.
func (w *walker) shapes(e *edits, kind textKind) {
	b := e.b
	in := within{path: kind == pathText}
	var r run
	for i := 0; i < len(b); i++ {
		in.pass(b, i)
		if i < e.done {
			continue
		}
		from, to, hide := w.shapeAt(b, i, &r, kind, in)
		if to == 0 {
			continue
		}
		if from >= e.done && !e.seen(from, to) {
			if out := hide(string(b[from:to])); out != string(b[from:to]) {
				e.replace(from, to, []byte(out))
			}
		}
		i = max(i, to-1)
	}
}

// shapeAt returns where a secret is that has its sign, or begins, at i, and what
// hides it; to is 0 if there is none.
func (w *walker) shapeAt(b []byte, i int, r *run, kind textKind, in within) (from, to int, hide func(string) string) {
	c := b[i]
	if c == '@' {
		from, to = mailAt(b, i)
		return from, to, func(mail string) string { return w.hide(Emails, "", mail) }
	}
	apart := i == 0 || !isWord(b[i-1])
	if isWord(c) {
		if to = keyAt(b, i, r); to > 0 && !apart {
			to = behindLetter(b, i, to, isLongBegin(b[i:to]))
		}
		if to > 0 {
			return i, to, func(key string) string { return w.hide(APIKeys, "", key) }
		}
		if to = tokenAt(b, i, r); to > 0 && !apart {
			to = behindLetter(b, i, to, true)
		}
		if to > 0 {
			return i, to, func(token string) string { return string(w.jwt([]byte(token))) }
		}
	}
	if apart && (c|0x20 == 'i' || c|0x20 == 'e') {
		if from, to = hyphenated(b, i); to > 0 {
			return from, to, w.hideHyphenated
		}
	}
	if apart && (c == ':' || hexDigit(c) < 16) {
		if to = reverseAt(b, i); to > 0 {
			return i, to, w.hideReverse
		}
		if to = addressAt(b, i, in.path); to > 0 && (kind != codeText || isCertain(b, i, to)) {
			return i, to, func(address string) string { return w.hideAddress("", address) }
		}
	}
	return 0, 0, nil
}

// A run is one of letters, digits and the signs -_. in a text: what a key or a
// token may be made of. All places in a run share what is known of it, so that
// no byte is passed over twice.
type run struct {
	from, end int
	solid     int // behind the last letter or digit
	strong    int // behind the last digit or capital
	dot       int // the last one, before from if there is none
	head      int // where the last long head of a token ended that is none
}

// reach makes r the run that i is in.
func (r *run) reach(b []byte, i int) {
	if r.from <= i && i < r.end {
		return
	}
	*r = run{from: i, end: i, solid: i, strong: i, dot: i - 1}
	for ; r.end < len(b); r.end++ {
		switch c := b[r.end]; {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z':
			r.solid, r.strong = r.end+1, r.end+1
		case isWord(c):
			r.solid = r.end + 1
		case c == '.':
			r.dot = r.end
		case c != '-':
			return
		}
	}
}

// behindLetter returns where a key or a token ends that has another letter in front
// of it, 0 if that makes it none: what joins words does not, and neither does how
// long it is, where that takes a byte.
func behindLetter(b []byte, from, to int, joined bool) int {
	n := int(b[from-1])
	switch {
	case joined && b[from-1] == '_':
		return to
	case n >= leastBehindLength && from+n <= to && (from == 1 || !isWord(b[from-2])):
		return from + n
	}
	return 0
}

// leastBehindLength is how long a key is at the least that stands behind a byte
// which says so, and is a letter or a digit.
const leastBehindLength = '0'

// isLongBegin reports whether a key begins with more than words may end with:
// behind "_" those do not count.
func isLongBegin(key []byte) bool {
	return bytes.HasPrefix(key, []byte("AKIA")) || bytes.HasPrefix(key, []byte("AIza")) || bytes.IndexByte(key[:5], '_') >= 3 || bytes.IndexByte(key[:6], '-') >= 4
}

// beginsKey holds the first bytes of all keys: most bytes of a text begin none,
// and every byte is asked.
var beginsKey = func() (begins [256]bool) {
	for _, shape := range keyShapes {
		begins[shape.begin[0]] = true
	}
	return begins
}()

// keyAt returns where a key that begins at i ends, 0 if none does.
func keyAt(b []byte, i int, r *run) int {
	if !beginsKey[b[i]] {
		return 0
	}
	for _, shape := range keyShapes {
		if b[i] != shape.begin[0] || !bytes.HasPrefix(b[i:], []byte(shape.begin)) {
			continue
		}
		if shape.begin == "1//0" { // its signs are in no run: the rest is
			i += len(shape.begin) - 1
			shape.least -= len(shape.begin) - 1
			shape.begin = "0"
		}
		r.reach(b, i)
		if r.solid-i >= shape.least && r.strong > i+len(shape.begin) {
			return r.solid
		}
	}
	return 0
}

// The lengths of the head of a token, in bytes: the longest that is looked at,
// which may hold certificates, and the longest that most have.
const (
	maxHead  = 16 << 10
	mostHead = 1 << 10
)

// tokenAt returns where a JSON Web Token that begins at i ends, 0 if none does.
// Of the places in front of a point, one alone may have a head longer than most.
func tokenAt(b []byte, i int, r *run) int {
	if !bytes.HasPrefix(b[i:], []byte("ey")) {
		return 0
	}
	if r.reach(b, i); r.dot < i {
		return 0
	}
	head := b[i:min(r.end, i+maxHead)]
	n := bytes.IndexByte(head, '.')
	if n < 0 || i+n >= r.dot || n > mostHead && i+n == r.head {
		return 0
	}
	if !isHead(head[:n]) {
		r.head = i + n
		return 0
	}
	return r.end
}

// runEnd returns where letters, digits and some more end.
func runEnd(b []byte, i int, more string) int {
	for i < len(b) && (isWord(b[i]) || strings.IndexByte(more, b[i]) >= 0) {
		i++
	}
	return i
}

// isJWT reports whether a text is a JSON Web Token: parts with points between
// them, the first of which is its head.
//
// Source: https://www.rfc-editor.org/rfc/rfc7519
func isJWT(text string) bool {
	head, rest, _ := strings.Cut(text, ".")
	return len(head) <= maxHead && strings.Contains(rest, ".") && isHead([]byte(head))
}

// isHead reports whether a part is the head of a token: a JSON object with an
// algorithm.
func isHead(part []byte) bool {
	if len(part) < 12 || !bytes.HasPrefix(part, []byte("ey")) {
		return false
	}
	plain, err := base64.RawURLEncoding.AppendDecode(nil, part)
	return err == nil && jsontext.Valid(plain) && bytes.Contains(plain, []byte(`"alg"`))
}

// jwt hides a token, or its signature alone.
func (w *walker) jwt(token []byte) []byte {
	text := string(token)
	parts := strings.Split(text, ".")
	if !w.policy.Claims || len(parts) != 3 {
		return []byte(w.hide(JWTs, "", text))
	}
	if parts[2] == "" || w.keeps[JWTs] {
		return token
	}
	parts[2] = w.hide(JWTs, "signature", parts[2])
	w.learn(JWTs, text)
	if claims, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
		if out := w.leaf(claims); !same(out, claims) {
			parts[1] = base64.RawURLEncoding.EncodeToString(out)
		}
	}
	return []byte(strings.Join(parts, "."))
}

// fileNames end like addresses of mail may, and are names of files: icon@2x.png.
var fileNames = map[string]bool{"png": true, "jpg": true, "jpeg": true, "gif": true, "svg": true, "webp": true, "avif": true, "ico": true, "js": true, "mjs": true, "css": true, "ts": true, "tsx": true, "json": true, "html": true, "woff": true, "woff2": true, "map": true, "invalid": true}

// isDocument reports whether a name before and behind @ is of a file of the
// ending md, which is a country too: of a document that all call so, or of a
// version or scale.
func isDocument(name, of string) bool {
	switch strings.ToLower(name) {
	case "readme", "changelog", "license", "contributing", "index", "notes", "todo":
		return true
	}
	switch of = strings.ToLower(of); of {
	case "latest", "next", "main", "master", "beta", "stable":
		return true
	}
	of = strings.TrimPrefix(of, "v")
	return of != "" && '0' <= of[0] && of[0] <= '9'
}

// mailAt returns where the address of mail is that has its sign at i; to is 0 if
// there is none.
func mailAt(b []byte, i int) (from, to int) {
	for from = i; from > 0 && (isWord(b[from-1]) || bytes.IndexByte([]byte(".+-'"), b[from-1]) >= 0) && i-from < 64; from-- {
	}
	for from < i && bytes.IndexByte([]byte(".-'+"), b[from]) >= 0 {
		from++
	}
	for to = i + 1; to < len(b) && (isWord(b[to]) && b[to] != '_' || b[to] == '.' || b[to] == '-') && to-i < 255; to++ {
	}
	for to > i && (b[to-1] == '.' || b[to-1] == '-') {
		to--
	}
	domain := string(b[i+1 : max(to, i+1)])
	dot := strings.LastIndexByte(domain, '.')
	if from == i || dot < 1 || len(domain)-dot < 3 || fileNames[strings.ToLower(domain[dot+1:])] {
		return 0, 0
	}
	if strings.Trim(strings.ToLower(domain[dot+1:]), "abcdefghijklmnopqrstuvwxyz") != "" {
		return 0, 0
	}
	if strings.EqualFold(domain[dot+1:], "md") && isDocument(string(b[from:i]), domain[:dot]) {
		return 0, 0
	}
	return from, to
}

// encoded looks into runs of Base64 and hex that say something.
func (w *walker) encoded(b []byte) []byte {
	e := edits{b: b}
	for i := 0; i < len(b); {
		if !isWord(b[i]) {
			i++
			continue
		}
		end := runEnd(b, i, "+/-")
		run := b[i:end]
		if len(run) >= 16 && bytes.IndexByte(run, '_') < 0 || len(run) >= 24 {
			if out := w.decodedRun(run, end < len(b) && b[end] == '='); out != nil {
				for end < len(b) && b[end] == '=' {
					end++
				}
				e.replace(i, end, out)
			}
		}
		i = end + 1
	}
	return e.apply()
}

// decodedRun returns a run that was decoded, redacted and encoded again, nil if
// there is nothing to hide in it.
func (w *walker) decodedRun(run []byte, padded bool) []byte {
	for _, c := range codings(run, padded) {
		plain, err := c.decode(run)
		if err != nil || !legible(plain) {
			continue
		}
		if out := w.body(plain, ""); !same(out, plain) {
			return c.encode(out)
		}
	}
	return nil
}

// A coding is a way to write bytes as text.
type coding struct {
	decode func([]byte) ([]byte, error)
	encode func([]byte) []byte
}

// codings returns those that a run may be in: hex, and Base64 of its alphabet.
func codings(run []byte, padded bool) [2]coding {
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(run, "-_") {
		enc = base64.RawURLEncoding
	}
	out := enc
	if padded || enc == base64.RawStdEncoding {
		out = enc.WithPadding(base64.StdPadding)
	}
	return [2]coding{
		{func(b []byte) ([]byte, error) { return hex.AppendDecode(nil, b) }, func(b []byte) []byte { return hex.AppendEncode(nil, b) }},
		{func(b []byte) ([]byte, error) { return enc.AppendDecode(nil, b) }, func(b []byte) []byte { return out.AppendEncode(nil, b) }},
	}
}

// legible reports whether decoded bytes say something: random ones do not.
func legible(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	if compression(b) != "" {
		return true
	}
	if !utf8.Valid(b) {
		return false
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
