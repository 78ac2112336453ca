package filter

import (
	"bytes"
	"strconv"
	"strings"

	"flowpane/viewer/jsontext"
)

// A jsonPath leads to values in JSON: data.items[0].id, items[*].price, *.error.
// With a value behind "=", only a scalar that reads so is meant: a string without
// its quotes, a number as it is written, true, false or null.
type jsonPath struct {
	steps    []jsonStep
	value    string
	hasValue bool
}

// A jsonStep leads from a value into it: to a member by name, to an item by
// number, or to any of them.
type jsonStep struct {
	key    string
	index  int
	isItem bool
	any    bool
}

// parseJSONPath reads a path. The names in it stand between dots, and "$" in
// front is passed over.
func parseJSONPath(text string) (*jsonPath, *syntaxError) {
	p := new(jsonPath)
	path, value, hasValue := strings.Cut(text, "=")
	p.value, p.hasValue = value, hasValue
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	for path != "" {
		var step jsonStep
		if rest, isItem := strings.CutPrefix(path, "["); isItem {
			number, behind, closed := strings.Cut(rest, "]")
			n, err := strconv.Atoi(number)
			if !closed {
				return nil, &syntaxError{msg: "the path has a [ without a ]", unfinished: true}
			}
			if step = (jsonStep{index: n, isItem: true, any: number == "*"}); !step.any && (err != nil || n < 0) {
				return nil, &syntaxError{msg: "a number or * must stand between [ and ]"}
			}
			path = behind
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			if end == 0 {
				return nil, &syntaxError{msg: "the path has a step without a name"}
			}
			step = jsonStep{key: path[:end], any: path[:end] == "*"}
			path = path[end:]
		}
		p.steps = append(p.steps, step)
		if behind, more := strings.CutPrefix(path, "."); more {
			if path = behind; path == "" {
				return nil, &syntaxError{msg: "the path ends in a dot", unfinished: true}
			}
		}
	}
	return p, nil
}

// in reports whether b is JSON that the path leads into. Of damaged JSON it is
// what stands before the damage.
func (p *jsonPath) in(b []byte) bool {
	if start := bytes.TrimLeft(b, " \t\r\n\ufeff"); len(start) == 0 || len(p.steps) > 0 && start[0] != '{' && start[0] != '[' {
		return false
	}
	w := jsonWalk{Reader: jsontext.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))), path: p}
	return w.value(w.next(), p.steps)
}

// A jsonWalk goes through JSON. Where it fails, nothing more is found.
type jsonWalk struct {
	*jsontext.Reader
	path   *jsonPath
	failed bool
}

func (w *jsonWalk) next() jsontext.Token {
	t, err := w.Next()
	w.failed = w.failed || err != nil
	return t
}

// value reads a value that begins with a token, all of it unless steps lead to
// what is looked for.
func (w *jsonWalk) value(token jsontext.Token, steps []jsonStep) bool {
	if w.failed {
		return false
	}
	isObject, isNested := token.Kind == jsontext.Object, token.Kind == jsontext.Object || token.Kind == jsontext.Array
	switch {
	case len(steps) == 0 && !w.path.hasValue:
		return true
	case !isNested:
		return len(steps) == 0 && w.path.value == token.Text()
	}
	for i := 0; !w.failed; i++ {
		item := w.next()
		if item.Kind == jsontext.ObjectEnd || item.Kind == jsontext.ArrayEnd {
			break
		}
		leads := len(steps) > 0
		if isObject {
			leads = leads && !steps[0].isItem && (steps[0].any || steps[0].key == item.Text())
			item = w.next()
		} else {
			leads = leads && steps[0].isItem && (steps[0].any || steps[0].index == i)
		}
		if !leads {
			w.pass(item)
		} else if w.value(item, steps[1:]) {
			return true
		}
	}
	return false
}

// pass reads the rest of a value that begins with a token.
func (w *jsonWalk) pass(token jsontext.Token) {
	for depth := 0; !w.failed; token = w.next() {
		switch token.Kind {
		case jsontext.Object, jsontext.Array:
			depth++
		case jsontext.ObjectEnd, jsontext.ArrayEnd:
			depth--
		}
		if depth == 0 {
			return
		}
	}
}
