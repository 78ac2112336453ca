package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A dict is a tnetstring dictionary, in the order in which mitmproxy holds it.
type dict []pair

type pair struct {
	key   string
	value any
}

type list []any

// encode returns v as mitmproxy writes it: lists in order, dictionaries
// backwards.
func encode(v any) []byte {
	switch v := v.(type) {
	case nil:
		return element("", '~')
	case bool:
		return element(strconv.FormatBool(v), '!')
	case int:
		return element(strconv.Itoa(v), '#')
	case float64:
		return element(float(v), '^')
	case string:
		return element(v, ';')
	case []byte:
		if v == nil {
			return element("", '~')
		}
		return element(string(v), ',')
	case list:
		var b strings.Builder
		for _, item := range v {
			b.Write(encode(item))
		}
		return element(b.String(), ']')
	case dict:
		if v == nil {
			return element("", '~')
		}
		var b strings.Builder
		for i := len(v) - 1; i >= 0; i-- {
			b.Write(encode(v[i].key))
			b.Write(encode(v[i].value))
		}
		return element(b.String(), '}')
	}
	panic(fmt.Sprintf("no tnetstring for a %T", v))
}

func element(payload string, tag byte) []byte {
	return []byte(strconv.Itoa(len(payload)) + ":" + payload + string(tag))
}

// float writes a number as Python does: with a point, if nothing else tells it
// from an integer. Times of this century need no exponent.
func float(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if f == math.Trunc(f) {
		s += ".0"
	}
	return s
}
