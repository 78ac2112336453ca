package filter

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A quantity is what comparisons of one kind compare.
type quantity struct {
	name     string // "a size"
	examples string
	// values returns the least and the greatest number that a text stands for:
	// 4xx for 400 to 499, a day for all of its nanoseconds.
	values func(text string) (low, high int64, ok bool)
}

var (
	statuses  = quantity{"a status", "404, 4xx", statusValues}
	sizes     = quantity{"a size", "500, 10k, 1.5M, 4KiB", sizeValues}
	durations = quantity{"a duration", "250ms, 1.5s, 2min", durationValues}
	times     = quantity{"a time", "2026-11-23, 2026-11-23T10:30", timeValues}
	ports     = quantity{"a port", "443", portValues}
)

// bounds are the least and the greatest number that a comparison accepts; none
// where low is above high.
type bounds struct{ low, high int64 }

func (b bounds) has(n int64) bool { return b.low <= n && n <= b.high }

// comparators are in an order in which the longer ones come first.
var comparators = [...]struct{ sign, words string }{
	{">=", "at least "}, {"<=", "at most "}, {">", "more than "}, {"<", "less than "}, {"=", ""},
}

func isComparator(c byte) bool { return c == '<' || c == '>' || c == '=' }

// cutComparator splits a comparison into its sign, the words for that, and what
// follows.
func cutComparator(text string) (sign, words, value string) {
	for _, c := range comparators {
		if rest, ok := strings.CutPrefix(text, c.sign); ok {
			return c.sign, c.words, rest
		}
	}
	return "", "", text
}

// compare reads ">10k", "<=1.5s", "=4xx" or "=500..599".
func (q *quantity) compare(text string) (bounds, *syntaxError) {
	sign, _, value := cutComparator(text)
	if value == "" {
		return bounds{}, &syntaxError{msg: q.name + " must follow " + sign, unfinished: true}
	}
	from, to, isRange := strings.Cut(value, "..")
	if !isRange || sign != "=" {
		from, to = value, value
	}
	if to == "" {
		return bounds{}, &syntaxError{msg: q.name + " must follow ..", unfinished: true}
	}
	low, _, ok := q.values(from)
	if !ok {
		return bounds{}, q.refuse(from)
	}
	toLow, high, ok := q.values(to)
	if !ok {
		return bounds{}, q.refuse(to)
	}
	switch sign {
	case ">":
		return bounds{min(high, math.MaxInt64-1) + 1, math.MaxInt64}, nil
	case ">=":
		return bounds{low, math.MaxInt64}, nil
	case "<":
		return bounds{math.MinInt64, max(toLow, math.MinInt64+1) - 1}, nil
	case "<=":
		return bounds{math.MinInt64, high}, nil
	}
	return bounds{low, high}, nil
}

func (q *quantity) refuse(text string) *syntaxError {
	return &syntaxError{msg: strconv.Quote(text) + " is not " + q.name + ": " + q.examples, unfinished: true}
}

// describeComparison says a comparison in words: "at least 400".
func describeComparison(text string) string {
	_, words, value := cutComparator(text)
	return words + strings.Replace(value, "..", " to ", 1)
}

func statusValues(text string) (low, high int64, ok bool) {
	if digit, is := strings.CutSuffix(strings.ToLower(text), "xx"); is && len(digit) == 1 && isDigit(digit[0]) {
		low = int64(digit[0]-'0') * 100
		return low, low + 99, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return int64(n), int64(n), err == nil
}

func portValues(text string) (low, high int64, ok bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return int64(n), int64(n), err == nil
}

func sizeValues(text string) (low, high int64, ok bool) {
	return scaled(text, map[string]float64{
		"": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9,
		"ki": 1 << 10, "kib": 1 << 10, "mi": 1 << 20, "mib": 1 << 20, "gi": 1 << 30, "gib": 1 << 30,
	})
}

// durationValues reads milliseconds where no unit is named, as tables of browsers have.
func durationValues(text string) (low, high int64, ok bool) {
	return scaled(text, map[string]float64{
		"": 1e6, "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "min": 60e9, "h": 3600e9,
	})
}

// scaled reads a number and its unit.
func scaled(text string, units map[string]float64) (low, high int64, ok bool) {
	end := strings.LastIndexAny(text, "0123456789.") + 1
	n, err := strconv.ParseFloat(text[:end], 64)
	unit, known := units[strings.ToLower(text[end:])]
	if n *= unit; err != nil || !known || n < 0 || n >= math.MaxInt64 {
		return 0, 0, false
	}
	value := int64(math.Round(n))
	return value, value, true
}

// timeLayouts are how times can be written, and what each stands for.
var timeLayouts = [...]struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02T15:04:05.000", func(t time.Time) time.Time { return t.Add(time.Millisecond) }},
}

// timeValues reads a time of the local clock, unless it names a zone, as
// nanoseconds of Unix.
func timeValues(text string) (low, high int64, ok bool) {
	for _, l := range timeLayouts {
		for _, zone := range [...]string{"", "Z07:00"} {
			t, err := time.ParseInLocation(l.layout+zone, text, time.Local)
			if err == nil && t.Year() > 1677 && t.Year() < 2262 && len(text) >= len(l.layout) {
				return t.UnixNano(), l.next(t).UnixNano() - 1, true
			}
		}
	}
	return 0, 0, false
}
