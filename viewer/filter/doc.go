// Package filter is the search language: mitmproxy's flow filters, with errors
// that say what is wrong and where. [Parse] gives a tree whose String parses
// back to the same tree; [Filter.Match] asks it of one flow, through [Subject],
// and touches headers and bodies only when nothing cheaper has decided. A
// [Scan] asks it of many, and asks once what many have in common.
// The operator table is the one source of grammar, help and completion.
//
// # Grammar
//
// It is that of mitmproxy 13, in pyparsing terms as observed:
//
//	filter  = expr { expr }                   juxtaposition is AND and binds loosest
//	expr    = term { "|" term }
//	term    = factor { "&" factor }
//	factor  = "!" factor | atom
//	atom    = "(" filter ")" | "~" code wordend [ argument ] | regex
//	regex   = word | "…" | '…'                alone, it is the argument of ~u
//	word    = one or more characters except ( ) ~ ' " space tab CR LF
//	wordend = the next byte is no printable ASCII character
//
// Four habits of it surprise people, and are kept because filters are shared:
//
//   - "a b | c" is a AND (b OR c).
//   - "&", "|" and "!" are operators only where an operator can stand: "a&b",
//     "~m GET|POST" and "~u !a" hold one regex each.
//   - An operator without an operand after it is a word: "a &" is a AND the
//     URL regex "&".
//   - Inside quotes a backslash goes away (\n \t \r \f \0 are control
//     characters), so regex backslashes are doubled there and only there.
//
// Accepted here and refused by mitmproxy: an implicit AND inside parentheses,
// "(a b)", and with it a dangling operator there, "(a &)"; and ")" directly
// after an operator without argument, "(~q)". String writes neither, so what it
// writes can be pasted into mitmproxy.
//
// # Beyond mitmproxy
//
// Operators of ours, and comparisons, which it refuses all, so that nothing it
// accepts means something else here:
//
//	~any regex                  URL, comment, headers, bodies and messages
//	~c ~size ~reqsize ~dur ~time ~port
//	                            compare: >=400, <1.5M, =4xx, =500..599, >250ms,
//	                            >2026-11-23T10:30, =2026-11
//	~cookie name, ~qs name      a cookie sent or set, a parameter of the query
//	~json path                  a value in a JSON body: data.items[0].id, or one
//	                            that reads so: items[*].price=9.90
//	~ip ~peer ~sni ~version regex     and ~tls
//
// A value may stand for many: 4xx, or a day. Then ">" is above all of them, "<"
// below, and "=" within. Sizes are in bytes, k in thousands and Ki in 1024;
// durations without a unit are milliseconds; times without a zone are those of
// local clocks. What is not known is neither more nor less.
//
// # Regexes
//
// They are Python's, translated to RE2. Every one ignores case. Those of bodies,
// headers, content types and methods see bytes, where only ASCII letters fold
// and \w \d \s \b are ASCII; a character of the pattern beyond ASCII stands for
// the bytes of its UTF-8. Those of URLs and domains see text and are
// Unicode-aware, but for \b, which stays ASCII. "." matches line breaks in
// bodies only; "^" and "$" match at lines in headers only. What RE2 cannot do
// (look-around, backreferences, atomic groups and the like) goes to an engine
// that backtracks, which is given up after a second. What is left (conditionals,
// the flags x, a and L, characters by name) is refused as not supported, never
// answered differently.
package filter
