package content

import (
	"math"
	"strconv"
	"strings"
)

// yamlFloat returns a number as serde_yaml writes it.
func yamlFloat(f float64, bits int) *yamlValue {
	switch {
	case math.IsNaN(f):
		return yamlPlain(".nan")
	case math.IsInf(f, 1):
		return yamlPlain(".inf")
	case math.IsInf(f, -1):
		return yamlPlain("-.inf")
	}
	return yamlPlain(floatText(f, bits))
}

// floatText returns the shortest text of a number that is not taken for an
// integer: 1.0, 0.1, 1e16.
func floatText(f float64, bits int) string {
	if magnitude := math.Abs(f); f != 0 && (magnitude < 1e-5 || magnitude >= 1e16) {
		text := strconv.FormatFloat(f, 'e', -1, bits)
		mantissa, exponent, _ := strings.Cut(text, "e")
		sign := strings.TrimPrefix(exponent[:1], "+")
		return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
	}
	text := strconv.FormatFloat(f, 'f', -1, bits)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
