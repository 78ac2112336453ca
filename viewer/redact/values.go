package redact

import (
	"net/netip"
	"strconv"
	"strings"
)

// prefix begins each placeholder but those of addresses.
const prefix = "redacted-"

// hide returns what stands for a value from now on, and notes that a secret of
// a class was found where name says. A value of a class that is kept stays.
func (r *Redactor) hide(class, name, value string) string {
	if value == "" || strings.HasPrefix(value, prefix) {
		return value
	}
	r.note(class, name)
	return r.learn(class, value)
}

// learn is hide of what is another form of a value that was found.
func (r *Redactor) learn(class, value string) string {
	if r.keeps[class] {
		return value
	}
	if p, known := r.placeholders[value]; known {
		return p
	}
	r.numbers[class]++
	p := prefix + strings.TrimSuffix(class, "s") + "-" + strconv.Itoa(r.numbers[class])
	if class == Emails {
		p += "@example.invalid"
	}
	r.placeholders[value] = p
	if class == Chosen && len(value) >= 4 || unique(class, value) {
		r.known.add(class, value, p, false)
	}
	return p
}

// unique reports whether a value is unlikely to stand anywhere without being
// meant: it is no word, number, name of a host or address of a page. Others are
// taken out where they are known to be secret, and nowhere else.
func unique(class, value string) bool {
	if len(value) < 6 || strings.Contains(value, "://") || value[0] == '/' {
		return false
	}
	var lower, upper, digits, spaces, others int
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z':
			lower++
		case 'A' <= c && c <= 'Z':
			upper++
		case '0' <= c && c <= '9':
			digits++
		case c == ' ':
			spaces++
		default:
			others++
		}
	}
	switch {
	case isVersion(value) || isName(value):
		return false
	case lower+upper == 0: // times are numbers too, of up to 19 digits
		return digits >= 14 && value[0] != '1'
	case digits > 0:
		return spaces <= 2 || class == Fields || class == Authorization
	case class == Fields || class == Authorization:
		return spaces == 0 && (len(value) >= 12 || others > 0 && !isHost(value))
	}
	return spaces == 0 && !isHost(value) && (lower > 2 && upper > 2 && len(value) >= 12 || others >= 2)
}

// isVersion reports whether a value is the name of a protocol and its version.
func isVersion(value string) bool {
	return strings.HasPrefix(value, "HTTP/") || strings.HasPrefix(value, "TLSv") || strings.HasPrefix(value, "SSLv")
}

// isName reports whether a value is the name of a host as people give it: short
// labels between dots, the last one of letters.
func isName(value string) bool {
	labels := strings.Split(value, ".")
	for i, label := range labels {
		if label == "" || len(label) > 20 || !isHost(label) || i == len(labels)-1 && strings.ContainsAny(label, "0123456789-_") {
			return false
		}
	}
	return len(labels) > 1
}

// isHost reports whether a value may be the name of a host or a file, a media
// type or a language: words with dots, slashes or hyphens between them.
func isHost(value string) bool {
	return strings.IndexFunc(value, func(c rune) bool { return c >= 0x80 || !isWord(byte(c)) && !strings.ContainsRune(".-/,;=", c) }) < 0
}

// trivial values say nothing, whatever they are called.
func trivial(value string) bool {
	switch strings.ToLower(value) {
	case "", "true", "false", "null", "nil", "none", "undefined", "0", "1", "yes", "no", "on", "off", "-", "*":
		return true
	}
	return strings.Trim(value, "*•x") == ""
}

// hideAddress is hide for an IP address: another address, of those that are
// set apart for documents. Those of no machine in particular stay.
//
// https://www.rfc-editor.org/rfc/rfc5737 https://www.rfc-editor.org/rfc/rfc3849
func (r *Redactor) hideAddress(name, text string) string {
	a, err := netip.ParseAddr(text)
	if err != nil || a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() || documented(a) || isMask(a) {
		return text
	}
	r.note(Addresses, name)
	if r.keeps[Addresses] {
		return text
	}
	if p, known := r.placeholders[text]; known {
		return p
	}
	r.numbers[Addresses]++
	p := placeholderAddress(a, r.numbers[Addresses])
	r.placeholders[text] = p
	r.known.add(Addresses, text, p, true)
	if with, err := netip.ParseAddr(p); err == nil {
		r.known.add(Addresses, reversed(a.WithZone("")), reversed(with), true)
	}
	return p
}

// isMask reports whether an address is of no machine: it says which part of others
// counts, or is set apart.
//
// https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2
func isMask(a netip.Addr) bool {
	first := a.AsSlice()[0]
	return a.Is4() && (first == 0 || first >= 240)
}

func placeholderAddress(a netip.Addr, n int) string {
	if !a.Is4() {
		return "2001:db8::" + strconv.FormatInt(int64(n>>16), 16) + ":" + strconv.FormatInt(int64(n&0xffff), 16)
	}
	for _, net := range [...][3]byte{{192, 0, 2}, {198, 51, 100}, {203, 0, 113}} {
		if n <= 254 {
			return netip.AddrFrom4([4]byte{net[0], net[1], net[2], byte(n)}).String()
		}
		n -= 254
	}
	return netip.AddrFrom4([4]byte{198, 18 | byte(n>>16&1), byte(n >> 8), byte(n)}).String()
}

func documented(a netip.Addr) bool {
	for _, p := range [...]string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32"} {
		if netip.MustParsePrefix(p).Contains(a) {
			return true
		}
	}
	return false
}
