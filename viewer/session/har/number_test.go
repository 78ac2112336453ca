package har

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestParseNumber holds numbers of every length against strconv.
func TestParseNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"0", "-0", "-1", "0.1", "-0.25", "1e3", "-1.5E-7", "999999999999999", "0.000000000000001", "9007199254740993", "1e400"}
	for range 20_000 {
		digits := strconv.FormatUint(random.Uint64()|1<<63, 10)[:1+random.IntN(19)]
		point := random.IntN(len(digits) + 1)
		whole := strings.TrimLeft(digits[:point], "0")
		if whole == "" {
			whole = "0"
		}
		word := whole
		if point < len(digits) {
			word += "." + digits[point:]
		}
		words = append(words, word, "-"+word)
	}
	for _, word := range words {
		if !isNumber([]byte(word)) {
			t.Fatalf("%s is no number", word)
		}
		want, err := strconv.ParseFloat(word, 64)
		got := parseNumber([]byte(word))
		if bad := got != got; bad != (err != nil) || !bad && got != want {
			t.Errorf("%s is %v, want %v", word, got, want)
		}
	}
}
