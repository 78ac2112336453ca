package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

func yamlOf(t *testing.T, style yamlStyle, v *yamlValue) string {
	t.Helper()
	text, err := writeYAML(context.Background(), style, v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestYAMLQuoting compares with what ruamel.yaml makes of the same texts.
func TestYAMLQuoting(t *testing.T) {
	var vectors []struct{ Value, YAML string }
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/yaml_quoting.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 67 {
		t.Errorf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		if got := yamlOf(t, yamlRuamel, yamlMap(yamlString("k"), yamlString(v.Value))); got != v.YAML {
			t.Errorf("%q: %q, want %q", v.Value, got, v.YAML)
		}
	}
}

// TestYAMLStructure compares with what mitmproxy makes of the same documents.
func TestYAMLStructure(t *testing.T) {
	var vectors []struct {
		Value json.RawMessage
		YAML  string
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/yaml_struct.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 5 {
		t.Errorf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		d := json.NewDecoder(bytes.NewReader(v.Value))
		d.UseNumber()
		if got := yamlOf(t, yamlRuamel, fromJSON(t, d)); got != v.YAML {
			t.Errorf("%s: %q, want %q", v.Value, got, v.YAML)
		}
	}
}

// fromJSON reads one value and keeps the order of keys.
func fromJSON(t *testing.T, d *json.Decoder) *yamlValue {
	t.Helper()
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch token := token.(type) {
	case string:
		return yamlString(token)
	case bool:
		return yamlBool(token)
	case json.Number:
		return yamlPlain(token.String())
	case json.Delim:
		v := yamlList()
		if token == '{' {
			v = yamlMap()
		}
		for d.More() {
			v.items = append(v.items, fromJSON(t, d))
		}
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
		return v
	}
	return yamlPlain("")
}

func TestYAMLStyles(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 20))
	for _, test := range []struct {
		name          string
		value         *yamlValue
		ruamel, serde string
	}{
		{"null", yamlList(yamlPlain(""), yamlPlain("null")), "-\n- null\n", "-\n- null\n"},
		{"scalar", yamlString("a: b"), "'a: b'\n", "'a: b'\n"},
		{"empty", yamlMap(), "", "{}\n"},
		{"empty list", yamlList(), "", "[]\n"},
		{"comment", yamlMap(yamlPlain("1"), &yamlValue{text: "150", tag: "!x", comment: "y"}), "1: !x 150  # y\n", "1: !x 150  # y\n"},
		{"nested", yamlList(yamlList(yamlString("a"), yamlList()), yamlMap(yamlString("b"), yamlMap(yamlString("c"), yamlMap()))),
			"- - a\n  - []\n- b:\n    c: {}\n", "- - a\n  - []\n- b:\n    c: {}\n"},
		{"complex key", yamlMap(yamlList(yamlString("a"), yamlString("b")), yamlList(yamlString("c"))), "? - a\n  - b\n: - c\n", "? - a\n  - b\n: - c\n"},
		{"long key", yamlMap(yamlString(strings.Repeat("k", 128)), yamlString("v")),
			"? " + strings.Repeat("k", 128) + "\n: v\n", "? " + strings.Repeat("k", 128) + "\n: v\n"},
		{"quote", yamlList(yamlString("'a")), "- \"'a\"\n", "- '''a'\n"},
		{"lines", yamlMap(yamlString("k"), yamlString("a\n b\n\nc")), "k: \"a\\n b\\n\\nc\"\n", "k: |-\n  a\n   b\n\n  c\n"},
		{"one break", yamlList(yamlString("a\nb\n")), "- \"a\\nb\\n\"\n", "- |\n  a\n  b\n"},
		{"breaks", yamlList(yamlString(" a\n\n")), "- \" a\\n\\n\"\n", "- |2+\n   a\n\n"},
		{"only a break", yamlList(yamlString("\n")), "- \"\\n\"\n", "- |2+\n\n"},
		{"space before a break", yamlList(yamlString("a \nb")), "- \"a \\nb\"\n", "- \"a \\nb\"\n"},
		{"escapes", yamlList(yamlString("\x01\x1b\u0085\u2028\ufeff\"\\é😀")), "- \"\\x01\\e\\x85\\u2028\\uFEFF\\\"\\\\é😀\"\n", "- \"\\x01\\e\\x85\\u2028\\uFEFF\\\"\\\\é😀\"\n"},
		{"fold", yamlMap(yamlString("k"), yamlString(words)),
			"k: " + words[:79] + "\n  " + words[80:] + "\n", "k: " + words + "\n"},
		{"fold wide", yamlList(yamlString(strings.Repeat("é", 80) + " b")), "- " + strings.Repeat("é", 80) + "\n  b\n", "- " + strings.Repeat("é", 80) + " b\n"},
		{"wide key", yamlMap(yamlString(strings.Repeat("é", 40)), yamlString(words)), strings.Repeat("é", 40) + ": " + words[:39] + "\n  " + words[40:] + "\n",
			strings.Repeat("é", 40) + ": " + words + "\n"},
		{"fold double quotes", yamlList(yamlString("\t" + words)),
			"- \"\\t" + words[:79] + "\\\n  \\" + words[79:] + "\"\n", "- \"\\t" + words + "\"\n"},
		{"fold escapes", yamlList(yamlString(strings.Repeat("\t", 41) + " x")),
			"- \"" + strings.Repeat(`\t`, 39) + "\\\n  " + strings.Repeat(`\t`, 2) + " x\"\n", "- \"" + strings.Repeat(`\t`, 41) + " x\"\n"},
	} {
		if got := yamlOf(t, yamlRuamel, test.value); got != test.ruamel {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.ruamel)
		}
		if got := yamlOf(t, yamlSerde, test.value); got != test.serde {
			t.Errorf("%s, serde:\n%s\nwant\n%s", test.name, got, test.serde)
		}
	}
}

func TestYAMLResolves(t *testing.T) {
	for _, s := range []string{
		"1.", "1.e5", "1_0.5e-3", "-.5", "+.inf", "-0b1_0", "0o7", "-_", "1e+5", ".NaN", "FALSE", "Null", "!",
		"2001-12-14t21:59:43.10-05:00", "2001-1-2 3:04:05", "2001-12-14 \t21:59:43 Z", "2001-12-14T21:59:43.+1",
	} {
		if !yamlResolves(s) {
			t.Errorf("%q is text", s)
		}
	}
	for _, s := range []string{
		"_1", "1e", "1e+", ".", "._x", "..1", "0b2", "0o8", "0xg", "+", "-a", "e5", ".e5", "1.5.2", "-.nan", "tRUE", "1 0",
		"2001-1-2", "2001-12-14T", "2001-12-14x21:59:43", "2001-12-14 21:59", "2001-12-14 21:59:43 +", "2001-12-14 21:59:43 +1:0",
		"200-12-14", "2001-12-14 100:00:00", "192.168.0.1",
	} {
		if yamlResolves(s) {
			t.Errorf("%q is not text", s)
		}
	}
}

func TestYAMLBounds(t *testing.T) {
	deep := yamlList()
	for i := range 20000 {
		deep = yamlList(deep, yamlPlain(strconv.Itoa(i)))
	}
	if _, err := writeYAML(context.Background(), yamlRuamel, deep); !errors.Is(err, errTooLong) {
		t.Errorf("deep: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := writeYAML(ctx, yamlRuamel, &yamlValue{kind: yamlIsList, items: slices.Repeat([]*yamlValue{yamlPlain("1")}, 5000)}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
