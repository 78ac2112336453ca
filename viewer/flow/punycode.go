package flow

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// UnicodeHost returns a host name as people write it: labels in Punycode are
// decoded. A name of which a label does not decode is returned as it is.
func UnicodeHost(host string) string {
	labels := strings.Split(host, ".")
	for i, label := range labels {
		text, ok := unicodeLabel(label)
		if !ok {
			return host
		}
		labels[i] = text
	}
	return strings.Join(labels, ".")
}

// unicodeLabel returns a label of a host name as people write it: one that
// begins with "xn--" is Punycode. It is false for labels that are not ASCII
// and for those that do not decode, or are longer than any name may have: each
// letter of one may move all others.
func unicodeLabel(label string) (string, bool) {
	for i := range len(label) {
		if label[i] >= utf8.RuneSelf {
			return "", false
		}
	}
	const prefix = "xn--"
	if len(label) < len(prefix) || !strings.EqualFold(label[:len(prefix)], prefix) {
		return label, true
	}
	if len(label) > maxLabel {
		return "", false
	}
	return punycode(label[len(prefix):])
}

// maxLabel is how long a label of a host name may be, in bytes.
//
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const maxLabel = 63

// punycode decodes the part of a label that follows "xn--".
// Source: https://www.rfc-editor.org/rfc/rfc3492#section-6.2
func punycode(s string) (string, bool) {
	var text []rune
	if i := strings.LastIndexByte(s, '-'); i >= 0 {
		text, s = []rune(s[:i]), s[i+1:]
	}
	n, at, bias := 128, 0, 72
	for first := true; s != ""; first = false {
		start, weight := at, 1
		for k := 36; ; k += 36 {
			if s == "" {
				return "", false
			}
			digit, ok := base36(s[0])
			if s = s[1:]; !ok || digit > (math.MaxInt32-at)/weight {
				return "", false
			}
			at += digit * weight
			threshold := min(max(k-bias, 1), 26)
			if digit < threshold {
				break
			}
			if weight > math.MaxInt32/(36-threshold) {
				return "", false
			}
			weight *= 36 - threshold
		}
		size := len(text) + 1
		bias = adapt(at-start, size, first)
		n += at / size
		at %= size
		if !utf8.ValidRune(rune(n)) || n > utf8.MaxRune {
			return "", false
		}
		text = slices.Insert(text, at, rune(n))
		at++
	}
	return string(text), true
}

func adapt(delta, size int, first bool) int {
	if first {
		delta /= 700
	} else {
		delta /= 2
	}
	delta += delta / size
	k := 0
	for ; delta > 35*26/2; k += 36 {
		delta /= 35
	}
	return k + 36*delta/(delta+38)
}

func base36(c byte) (int, bool) {
	switch {
	case 'a' <= lower(c) && lower(c) <= 'z':
		return int(lower(c) - 'a'), true
	case '0' <= c && c <= '9':
		return int(c-'0') + 26, true
	}
	return 0, false
}
