package redact

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
)

// addressAt returns where an IP address that begins at i ends, 0 if none does.
// What stands beside it tells it from the number of a version. inPath: i is in
// the path of an address of a page, of which it may be a part.
func addressAt(b []byte, i int, inPath bool) int {
	part := i > 0 && b[i-1] == '/' && (i < 2 || b[i-2] != '/')
	if i > 0 && strings.IndexByte(" \t\r\n\"'`,;=([{<>|@:/", b[i-1]) < 0 || part && !inPath {
		return 0
	}
	end, dots, colons := i, 0, 0
	for ; end < len(b) && end-i < 46 && (hexDigit(b[end]) < 16 || b[end] == '.' || b[end] == ':'); end++ {
		switch b[end] {
		case '.':
			dots++
		case ':':
			colons++
		}
	}
	switch {
	case dots == 3 && colons <= 1: // a port may follow
		end = i + indexOr(b[i:end], ':')
	case colons >= 2 && bytes.ContainsAny(b[i:end], "0123456789") && len(bytes.FieldsFunc(b[i:end], func(c rune) bool { return c == ':' })) >= 3:
	default:
		return 0
	}
	if end < len(b) && strings.IndexByte(" \t\r\n\"'`,;)]}<>|/?#:&\\%", b[end]) < 0 {
		return 0
	}
	if part && isRelease(b[i:end], b[end:]) {
		return 0
	}
	return end
}

// isRelease reports whether four numbers in a path are those of a version: they
// are small, and what follows is a file of a page.
func isRelease(numbers, rest []byte) bool {
	for number := range bytes.SplitSeq(numbers, []byte(".")) {
		if len(number) > 2 {
			return false
		}
	}
	rest = rest[:min(len(rest), maxNameLen)]
	if i := bytes.IndexAny(rest, "?#\"' \t\r\n<>)"); i >= 0 {
		rest = rest[:i]
	}
	dot := bytes.LastIndexByte(rest, '.')
	return dot >= 0 && fileNames[strings.ToLower(string(rest[dot+1:]))]
}

// isCertain reports whether what looks like an IP address in a program is one: it
// is all of a string that is no version, or the host of an address of a page.
func isCertain(b []byte, from, to int) bool {
	if bytes.HasSuffix(b[:from], []byte("://")) {
		return true
	}
	const quotes = "\"'`"
	if from == 0 && (to == len(b) || b[to] == ':' && isNumber(b[to+1:])) {
		return true
	}
	if from == 0 || to == len(b) || strings.IndexByte(quotes, b[from-1]) < 0 {
		return false
	}
	if b[to] == ':' { // and a port
		for to++; to < len(b) && '0' <= b[to] && b[to] <= '9'; to++ {
		}
	}
	if to == len(b) || b[to] != b[from-1] {
		return false
	}
	sign := from - 2
	for n := 0; n < 2 && sign > 0 && isBlank(b[sign]); n++ {
		sign--
	}
	if sign <= 0 {
		return true
	}
	name, _ := nameBefore(b, sign)
	plain := plainName(name)
	if b[from] <= '2' && b[from+1] == '.' && strings.Contains(plain, "oid") { // the number of a kind of object
		return false
	}
	return plain != "v" && plain != "ver" && !strings.Contains(plain, "version") && !strings.Contains(plain, "release") && !strings.Contains(plain, "build")
}

// The ends of names by which DNS is asked who has an IP address.
//
// https://www.rfc-editor.org/rfc/rfc1035#section-3.5 https://www.rfc-editor.org/rfc/rfc3596#section-2.5
const (
	reverse4 = ".in-addr.arpa"
	reverse6 = ".ip6.arpa"
)

// reverseAt returns where the name of an IP address in DNS that begins at i ends,
// 0 if none does.
func reverseAt(b []byte, i int) int {
	end, dots := i, 0
	for ; end < len(b) && end-i < 64; end++ {
		if b[end] == '.' {
			dots++
		} else if hexDigit(b[end]) > 15 {
			break
		}
	}
	end-- // the last point, or what is none
	for _, tail := range [...]struct {
		name string
		dots int
	}{{reverse4, 4}, {reverse6, 32}} {
		if dots == tail.dots && end > i && len(b)-end >= len(tail.name) && strings.EqualFold(string(b[end:end+len(tail.name)]), tail.name) {
			return end + len(tail.name)
		}
	}
	return 0
}

// hideReverse is hideAddress for the name of an address in DNS.
func (w *walker) hideReverse(name string) string {
	a, ok := unreversed(name)
	if !ok {
		return name
	}
	text := a.String()
	hidden, err := netip.ParseAddr(w.hideAddress("name in DNS", text))
	if err != nil || hidden == a {
		return name
	}
	return reversed(hidden)
}

// hyphenated returns where the address is in a name of a machine that begins at i,
// as clouds give them: "ip-10-0-0-12". to is 0 if there is none.
func hyphenated(b []byte, i int) (from, to int) {
	for _, begin := range [...]string{"ip-", "ec2-"} {
		if len(b)-i > len(begin) && strings.EqualFold(string(b[i:i+len(begin)]), begin) {
			from = i + len(begin)
		}
	}
	if from == 0 {
		return 0, 0
	}
	hyphens := 0
	for to = from; to < len(b) && to-from < len("255-255-255-255"); to++ {
		if b[to] == '-' {
			if hyphens++; hyphens > 3 {
				break
			}
		} else if b[to] < '0' || b[to] > '9' {
			break
		}
	}
	if to < len(b) && isWord(b[to]) {
		return 0, 0
	}
	if _, err := netip.ParseAddr(strings.ReplaceAll(string(b[from:to]), "-", ".")); err != nil {
		return 0, 0
	}
	return from, to
}

// hideHyphenated hides such an address.
func (w *walker) hideHyphenated(address string) string {
	return strings.ReplaceAll(w.hideAddress("name of a machine", strings.ReplaceAll(address, "-", ".")), ".", "-")
}

// unreversed returns the address that a name in DNS is of.
func unreversed(name string) (a netip.Addr, ok bool) {
	name = strings.ToLower(name)
	if parts, found := strings.CutSuffix(name, reverse4); found {
		list := strings.Split(parts, ".")
		slices.Reverse(list)
		a, err := netip.ParseAddr(strings.Join(list, "."))
		return a, err == nil
	}
	parts, found := strings.CutSuffix(name, reverse6)
	digits := strings.Split(parts, ".")
	if !found || len(digits) != 32 {
		return a, false
	}
	slices.Reverse(digits)
	plain, err := hex.DecodeString(strings.Join(digits, ""))
	if err != nil {
		return a, false
	}
	return netip.AddrFromSlice(plain)
}

// reversed returns the name of an address in DNS.
func reversed(a netip.Addr) string {
	if a.Is4() {
		list := strings.Split(a.String(), ".")
		slices.Reverse(list)
		return strings.Join(list, ".") + reverse4
	}
	digits := strings.Split(hex.EncodeToString(a.AsSlice()), "")
	slices.Reverse(digits)
	return strings.Join(digits, ".") + reverse6
}
