package redact

import (
	"bytes"
	"io"
	"strings"

	"flowpane/viewer/jsontext"
)

// json returns JSON without what is secret, b itself if nothing is. All but the
// strings and numbers that are replaced stays as it was written. Values one
// after the other, as in logs, may stand in lines. What turns out to be no JSON
// is text from there on.
func (w *walker) json(b []byte) []byte {
	e := edits{b: b}
	rest := b
	at := 0
	for len(bytes.TrimSpace(rest)) > 0 {
		r := jsontext.NewReader(rest)
		value, err := r.Value()
		if err != nil { // what ends too early says something nevertheless
			at += w.jsonValue(&e, at, rest)
			if out := w.text(b[at:], plainText); !same(out, b[at:]) {
				e.replace(at, len(b), out)
			}
			break
		}
		end := at + bytes.Index(rest, value[:1]) + len(value)
		w.jsonValue(&e, at, b[at:end])
		rest, at = b[end:], end
	}
	return w.replaceKnown(e.apply(), false) // names of members may hold it too
}

// An object is one that the reader is in.
type object struct {
	array bool
	// secret: all in it is, as class and name say.
	secret bool
	class  string
	name   string // of the member that is read
	named  bool   // the next token is a value
	begin  int    // where the name is
	// The members name and value of an object, as HAR and many others write
	// pairs: a pair's value is under its name. The value may come first, and is
	// then at from.
	pair, value string
	from, to    int
}

// jsonValue goes through one value, at a place of what is edited, and returns
// how far it is JSON: to the end, or to the member that is none.
func (w *walker) jsonValue(e *edits, at int, value []byte) int {
	r := jsontext.NewReader(value)
	var stack []object
	pos := 0
	for {
		token, err := r.Next()
		if err != nil {
			if err != io.EOF && len(stack) > 0 && stack[len(stack)-1].named {
				return stack[len(stack)-1].begin
			}
			return pos
		}
		start := pos + bytes.Index(value[pos:], token.Raw)
		pos = start + len(token.Raw)
		top := &object{}
		if len(stack) > 0 {
			top = &stack[len(stack)-1]
		}
		if token.Kind == jsontext.String && len(stack) > 0 && !top.array && !top.named {
			top.name, top.named, top.begin = token.Text(), true, start
			switch {
			case top.secret:
			case w.inHAR && top.name == "comment":
				top.class = Comments
			default:
				top.class, _ = w.secretName(top.name, false)
			}
			if out := string(w.looked([]byte(top.name), plainText, (*walker).shapes)); out != top.name {
				e.replace(at+start, at+pos, jsontext.AppendQuote(nil, out))
			}
			continue
		}
		secret, class, name := top.secret || top.class != "", top.class, top.name
		if strings.EqualFold(top.name, "value") && class == "" {
			class, secret = w.pairName(top.pair, stack)
			name = top.pair
		}
		switch token.Kind {
		case jsontext.Object, jsontext.Array:
			if token.Kind == jsontext.Object && (inCookies(stack) || !top.secret && secret && isSchema(value[start:])) {
				secret, class = false, "" // it says more than a value
			}
			if top.named = false; !top.secret {
				top.class = ""
			}
			stack = append(stack, object{array: token.Kind == jsontext.Array, secret: secret, class: class, name: name})
			continue
		case jsontext.ObjectEnd, jsontext.ArrayEnd:
			stack = stack[:len(stack)-1]
			continue
		case jsontext.String:
			text := token.Text()
			switch {
			case top.array:
				if !secret && isTokenIn(text, top.name) {
					secret, class, name = true, Fields, top.name
				}
			case isPairName(top.name):
				top.pair = text
				w.pairWritten(e, top, stack)
			case strings.EqualFold(top.name, "value") && !secret:
				top.value, top.from, top.to = text, at+start, at+pos
			}
			if out := w.jsonString(text, secret, class, name); out != text {
				e.replace(at+start, at+pos, jsontext.AppendQuote(nil, out))
			}
		case jsontext.Number:
			if text := string(token.Raw); secret && len(text) > 1 {
				if out := w.hide(class, name, text); out != text {
					e.replace(at+start, at+pos, jsontext.AppendQuote(nil, out))
				}
			}
		}
		if !top.array {
			if top.named = false; !top.secret {
				top.class = ""
			}
		}
	}
}

// pairWritten hides the value of a pair that came before its name.
func (w *walker) pairWritten(e *edits, pair *object, stack []object) {
	if pair.value == "" || trivial(pair.value) {
		return
	}
	class, secret := w.pairName(pair.pair, stack)
	if !secret {
		return
	}
	if out := w.hide(class, pair.pair, pair.value); out != pair.value && e.done <= pair.from {
		e.replace(pair.from, pair.to, jsontext.AppendQuote(nil, out))
	}
}

// pairName says whether a value is secret that stands beside a name. In a list of
// cookies all are.
func (w *walker) pairName(name string, stack []object) (class string, secret bool) {
	if len(stack) > 1 && inCookies(stack[:len(stack)-1]) {
		return Cookies, true
	}
	switch plain := plainName(name); {
	case plain == "cookie" || plain == "setcookie":
		return Cookies, true
	case secretHeaders[plain]:
		return Authorization, true
	}
	return w.secretName(name, inParameters(stack))
}

// inParameters reports whether the reader is in a pair of a list of parameters,
// as in HAR.
func inParameters(stack []object) bool {
	if len(stack) < 2 || !stack[len(stack)-2].array {
		return false
	}
	list := stack[len(stack)-2].name
	return list == "queryString" || list == "params"
}

// isTokenIn reports whether a text is a token of a list of that name. Models of
// language call words so, which are shorter.
func isTokenIn(text, list string) bool {
	return len(text) >= 12 && strings.HasSuffix(plainName(list), "tokens") && !strings.ContainsAny(text, " \t\n")
}

// maxSchema is how many tokens of an object are read to tell whether it is a
// schema.
const maxSchema = 64

// isSchema reports whether JSON begins with an object that says what a member is
// like, and has no value for it.
//
// Source: https://json-schema.org/draft/2020-12/json-schema-validation
func isSchema(b []byte) bool {
	r := jsontext.NewReader(b)
	depth, typed, member := 0, false, ""
	for range maxSchema {
		token, err := r.Next()
		if err != nil {
			return false
		}
		switch token.Kind {
		case jsontext.Object, jsontext.Array:
			if depth++; depth > 1 && token.Kind == jsontext.Object {
				return false
			}
			continue
		case jsontext.ObjectEnd:
			return typed
		case jsontext.ArrayEnd:
			depth, member = depth-1, ""
			continue
		}
		text := token.Text()
		switch {
		case member == "" && !schemaMembers[text]:
			return false
		case member == "":
			member = text
			continue
		case member == "type" && !schemaTypes[text]:
			return false
		}
		typed = typed || member == "type"
		if depth == 1 {
			member = ""
		}
	}
	return false
}

var (
	// schemaMembers are those of a schema that hold no value of what it describes.
	schemaMembers = map[string]bool{"type": true, "format": true, "minLength": true, "maxLength": true, "pattern": true, "description": true, "title": true, "nullable": true, "writeOnly": true, "readOnly": true, "required": true, "minimum": true, "maximum": true, "deprecated": true}
	schemaTypes   = map[string]bool{"string": true, "number": true, "integer": true, "boolean": true, "array": true, "null": true}
)

// inCookies reports whether the innermost of what the reader is in is a list of
// cookies.
func inCookies(stack []object) bool {
	return len(stack) > 0 && stack[len(stack)-1].array && plainName(stack[len(stack)-1].name) == "cookies"
}

// isPairName reports whether a member says the name of a pair.
func isPairName(member string) bool {
	return strings.EqualFold(member, "name") || strings.EqualFold(member, "key")
}

// jsonString returns a string without what is secret.
func (w *walker) jsonString(text string, secret bool, class, name string) string {
	if secret && !trivial(text) && (class != Fields || !isSentence(text, name)) {
		return w.hide(class, name, text)
	}
	return string(w.leaf([]byte(text)))
}

// isSentence reports whether a text under the name of a secret is one that people
// are shown: words with blanks between them. Some secrets are words.
func isSentence(text, name string) bool {
	for _, of := range [...]string{"phrase", "mnemonic", "seed", "recovery", "backup"} {
		if strings.Contains(plainName(name), of) {
			return false
		}
	}
	if strings.Count(strings.TrimSpace(text), " ") < 2 {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool {
		return c < ' ' || c < 0x80 && c != ' ' && !isWord(byte(c)) && !strings.ContainsRune(".,!?:;'-()", c)
	}) < 0 && !strings.ContainsAny(text, "0123456789_")
}

// jsonBegin returns where JSON begins in a text that has something in front of
// it: a mark of the byte order, what keeps scripts from running it, the number
// of a message or the name of a field of an event. It is 0 if there is none.
func jsonBegin(b []byte) int {
	head := b[:min(len(b), 32)]
	i := bytes.IndexAny(head, "{[")
	if i < 0 {
		return 0
	}
	switch before := strings.TrimSpace(strings.TrimPrefix(string(head[:i]), "\ufeff")); before {
	case "", ")]}',", ")]}'", ")]}", "for(;;);", "for (;;);", "while(1);", "while (1);", "data:":
		return i
	default:
		if strings.Trim(before, "0123456789") == "" || isCall(before) && isArgument(b[i:]) {
			return i
		}
	}
	return 0
}

// isCall reports whether a text is the begin of a call of a function, as of one
// that takes JSON from another site: "callback(".
func isCall(text string) bool {
	name, found := strings.CutSuffix(strings.TrimPrefix(text, "/**/"), "(")
	return found && strings.IndexFunc(name, func(c rune) bool { return c >= 0x80 || !isWord(byte(c)) && c != '.' && c != '$' }) < 0
}

// isArgument reports whether a text is JSON up to the end of a call.
func isArgument(b []byte) bool {
	value, err := jsontext.NewReader(b).Value()
	return err == nil && bytes.HasPrefix(bytes.TrimSpace(b[len(value):]), []byte(")"))
}

// leaf is a text that stands for itself: the value of a field or a header. It
// may hold another format.
func (w *walker) leaf(b []byte) []byte {
	if len(b) < 4 || w.depth > maxDepth {
		return b
	}
	w.depth++
	defer func() { w.depth-- }()
	if c := b[0]; (c == '{' || c == '[') && jsontext.Valid(b) {
		return w.json(b)
	}
	return w.text(b, plainText)
}
