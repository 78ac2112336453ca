package filter

import (
	"strings"
	"unicode"
)

// String returns the canonical form: every operator written out, every AND an
// "&", parentheses only where the tree needs them. It parses back to an [Equal]
// tree, here and in mitmproxy.
func (f *Filter) String() string {
	var b strings.Builder
	write(&b, f.root)
	return b.String()
}

func write(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *And:
		writeList(b, " & ", n.X)
	case *Or:
		writeList(b, " | ", n.X)
	case *Not:
		b.WriteByte('!')
		writeOperand(b, n.X)
	case *Term:
		b.WriteByte('~')
		b.WriteString(n.Op)
		if n.op.Arg != NoArg {
			b.WriteByte(' ')
			b.WriteString(quote(n.Arg))
		}
	}
}

func writeList(b *strings.Builder, op string, list []Node) {
	for i, n := range list {
		if i > 0 {
			b.WriteString(op)
		}
		writeOperand(b, n)
	}
}

func writeOperand(b *strings.Builder, n Node) {
	if !isList(n) {
		write(b, n)
		return
	}
	b.WriteByte('(')
	write(b, n)
	if endsInCode(n) {
		b.WriteByte(' ') // mitmproxy refuses "~q)"
	}
	b.WriteByte(')')
}

func isList(n Node) bool {
	switch n.(type) {
	case *And, *Or:
		return true
	}
	return false
}

// endsInCode reports whether the last thing written for n is a bare operator.
func endsInCode(n Node) bool {
	for {
		switch x := n.(type) {
		case *And:
			n = x.X[len(x.X)-1]
		case *Or:
			n = x.X[len(x.X)-1]
		case *Not:
			n = x.X
		case *Term:
			return x.op.Arg == NoArg
		}
		if isList(n) {
			return false // it ends in its own parenthesis
		}
	}
}

// quote writes a regex as a word if it can be one, else in double quotes.
func quote(regex string) string {
	plain := func(r rune) bool {
		return !strings.ContainsRune("()~'\"", r) && !unicode.IsSpace(r) && !unicode.IsControl(r)
	}
	if regex != "" && strings.IndexFunc(regex, func(r rune) bool { return !plain(r) }) < 0 {
		return regex
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\f", `\f`, "\x00", `\0`)
	return `"` + escape.Replace(regex) + `"`
}

// Describe says the filter in mitmproxy's words, such as
// "url matches /shop/i and not has response".
func (f *Filter) Describe() string { return describe(f.root) }

func describe(n Node) string {
	switch n := n.(type) {
	case *And:
		return describeList(" and ", n.X)
	case *Or:
		return describeList(" or ", n.X)
	case *Not:
		return "not " + describeOperand(n.X)
	case *Term:
		switch n.op.Arg {
		case RegexArg:
			return n.op.words + " matches /" + n.Arg + "/" + n.op.mode.flags()
		case NameArg, PathArg:
			return n.op.words + " " + n.Arg
		case IntArg, CompareArg:
			return n.op.words + " " + describeComparison(n.Arg)
		}
		return n.op.words
	}
	return ""
}

func describeList(op string, list []Node) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = describeOperand(n)
	}
	return strings.Join(words, op)
}

func describeOperand(n Node) string {
	if isList(n) {
		return "(" + describe(n) + ")"
	}
	return describe(n)
}
