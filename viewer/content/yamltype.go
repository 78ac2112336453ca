package content

import "strings"

// yamlResolves reports whether YAML takes the plain scalar s for something
// else than text: null, true, a number, a date. So does ruamel.yaml.
//
// Source: https://yaml.org/spec/1.2.2/#1032-tag-resolution
func yamlResolves(s string) bool {
	switch s {
	case "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "<<", "=", "!", "&", "*":
		return true
	}
	switch c := s[0]; {
	case '0' <= c && c <= '9':
		return isYAMLNumber(s) || isYAMLTime(s)
	case c == '-', c == '+':
		return isYAMLNumber(s[1:])
	case c == '.':
		return s == ".nan" || s == ".NaN" || s == ".NAN" || isYAMLNumber(s)
	}
	return false
}

const decimals = "0123456789"

// isYAMLNumber reports whether s, which has no sign, is a number. It may have
// "_" between its digits, as in YAML 1.1.
func isYAMLNumber(s string) bool {
	switch s {
	case ".inf", ".Inf", ".INF":
		return true
	}
	if len(s) > 2 && s[0] == '0' {
		switch rest := s[2:]; s[1] {
		case 'b':
			return skipSome(rest, "01_") == ""
		case 'o':
			return skipSome(rest, "01234567_") == ""
		case 'x':
			return skipSome(rest, "0123456789abcdefABCDEF_") == ""
		}
	}
	rest := skipSome(s, decimals+"_")
	if rest == "" {
		return s != ""
	}
	whole := len(rest) < len(s)
	if rest[0] == '.' {
		fraction := rest[1:]
		rest = skipSome(fraction, decimals+"_")
		if !whole && len(rest) == len(fraction) {
			return false
		}
		return rest == "" || isExponent(rest)
	}
	return whole && isExponent(rest)
}

// isExponent reports whether s is "e", maybe a sign, and digits.
func isExponent(s string) bool {
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	return s != "" && skipSome(s, decimals) == ""
}

// skipSome returns s from the first character on that is not of the set.
func skipSome(s, set string) string { return strings.TrimLeft(s, set) }

// isYAMLTime reports whether s is a date, or a date and a time.
// Source: https://yaml.org/type/timestamp.html
func isYAMLTime(s string) bool {
	rest, ok := skipDigits(s, 4, 4)
	if !ok {
		return false
	}
	if date, ok := skipParts(rest, "-", 2, 2); ok && date == "" {
		return true
	}
	if rest, ok = skipParts(rest, "-", 1, 2); !ok {
		return false
	}
	hours := strings.TrimLeft(rest, " \t")
	if len(hours) == len(rest) && hours != "" && (hours[0] == 'T' || hours[0] == 't') {
		hours = hours[1:]
	}
	if len(hours) == len(rest) {
		return false
	}
	if rest, ok = skipDigits(hours, 1, 2); !ok {
		return false
	}
	if rest, ok = skipParts(rest, ":", 2, 2); !ok {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = skipSome(fraction, decimals)
	}
	return rest == "" || isYAMLZone(strings.TrimLeft(rest, " \t"))
}

// isYAMLZone reports whether s is Z, or an offset such as +01:00.
func isYAMLZone(s string) bool {
	if s == "Z" || s == "" {
		return s == "Z"
	}
	if s[0] != '+' && s[0] != '-' {
		return false
	}
	rest, ok := skipDigits(s[1:], 1, 2)
	if minutes, found := strings.CutPrefix(rest, ":"); ok && found {
		rest, ok = skipDigits(minutes, 2, 2)
	}
	return ok && rest == ""
}

// skipParts passes over two numbers, each behind the separator.
func skipParts(s, separator string, least, most int) (rest string, ok bool) {
	for range 2 {
		if s, ok = strings.CutPrefix(s, separator); !ok {
			return "", false
		}
		if s, ok = skipDigits(s, least, most); !ok {
			return "", false
		}
	}
	return s, true
}

// skipDigits passes over as many digits as there are, which must be some
// number from least to most.
func skipDigits(s string, least, most int) (rest string, ok bool) {
	rest = skipSome(s, decimals)
	n := len(s) - len(rest)
	return rest, least <= n && n <= most
}
