package hostile

import "strings"

// Canary is the name of the global variable that every script of an input sets,
// in its own window and in those around it. Where one ran it is not undefined.
const Canary = "hostile"

const script = "globalThis.hostile=1;try{parent.hostile=1;top.hostile=1;opener.hostile=1}catch{}"

// Texts returns what may stand wherever a capture has text: markup for every
// place that a page could put it into, addresses that are programs, what
// programs other than browsers would obey, and characters that hide, reorder or
// imitate others. Not all of it is UTF-8.
func Texts(home string) []string {
	return []string{
		"<script>" + script + "fetch('" + home + "/text-fetch')</script>",
		`"'><img src="` + home + `/text-img" onerror="` + script + `">`,
		"</title></textarea></style></script></template></noscript>--><svg onload=" + script + "><style>@import '" + home + "/text-css'</style>",
		"' autofocus onfocus=" + script + " x='",
		"javascript:" + script,
		"\x01 java\tscript:" + script + "//" + home,
		"data:text/html,<script>" + script + "</script>",
		home + "/text-url?<b>",
		"//evil.example/\\@" + home,
		"{{constructor.constructor('" + script + "')()}}${" + script + "}<%= 1 %>",
		`=HYPERLINK("` + home + `/text-csv","x")`,
		"'; rm -rf /; $(touch x) `touch x` %s%n%PATH% | & ; \" ' \\\r\nX: y",
		"__proto__", "constructor", "toString", "",
		"../../../../etc/passwd\x00.har",
		"\u202egnp.exe\u202c \u2066\u2067\u2068\u2069 \u200e\u200f\u061c \u200b\u200c\u200d\u2060\ufeff",
		"\x00\x01\x07\x08\x0b\x0c\x1c\x1d\x1e\x1f\x1b[31;1m\x1b]0;title\x07\x7f\u0085\u009b31m\u2028\u2029\r\n\r",
		"\u0430\u0440\u0440\u04cf\u0435.com \u2100 \uff0f \u2215 xn--80ak6aa92e.com g\u043e\u043egle",
		"\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x28\xa1 \ud7ff\ufffd\U0010ffff\ufffe",
		"z\u030a" + strings.Repeat("\u0301\u0316", 300) + "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufdfd\U0001242b",
		strings.Repeat("unbroken", 1000),
		"99999999999999999999999999999999", "-1", "NaN", "1e999", "0x7fffffff",
		"^(((((a+)+)+)+)+)$", "~u ~b \"(", "[[[[", "*", "\\", "%ff%00%zz%",
	}
}

// fileNames are names of files that no system forbids where it matters.
func fileNames(home string) []string {
	home = strings.ReplaceAll(home, "/", "\\")
	return []string{
		"<img src=x onerror=" + Canary + "=1>.mitm", "\u202erah.exe", "javascript:" + Canary + "=1", "a\nb\r\tc\x1b[31m.har",
		"\"'><svg onload=" + Canary + "=1>.sqlite", "__proto__", "..%2f..%2fetc%2fpasswd", "\u0430\u0440\u0440\u04cf\u0435.mitm",
		"#url=" + home + "&filter=~b.mitm", strings.Repeat("long", 50), "=cmd|'x'!A1.csv", "\u200b",
		"\xff\xfenot utf-8.pb", "${" + Canary + "=1}.zip",
	}
}
