package filter_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/filter"
)

// The table of the README has every operator, with what it takes, and no other.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Filters\n")
	section, _, _ = strings.Cut(section, "\n## ")
	takes := map[string][]string{}
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		syntax, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		arg := ""
		spans := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(syntax, -1)
		for _, span := range slices.Backward(spans) { // of several, the last says what they take
			code, own, _ := strings.Cut(strings.TrimPrefix(span[1], "~"), " ")
			if own != "" {
				arg = own
			}
			if strings.HasPrefix(span[1], "~") {
				takes[code] = append(takes[code], arg)
			}
		}
	}
	for _, op := range filter.Operators() {
		looks := map[filter.Arg]string{filter.NoArg: `^$`, filter.RegexArg: `^regex$`, filter.IntArg: `[0-9]`, filter.CompareArg: `^[<>=]`, filter.NameArg: `^name$`, filter.PathArg: `^path$`}[op.Arg]
		if len(takes[op.Code]) == 0 {
			t.Errorf("~%s is not in the table", op.Code)
		}
		for _, arg := range takes[op.Code] {
			if !regexp.MustCompile(looks).MatchString(arg) {
				t.Errorf("~%s takes %q", op.Code, arg)
			}
		}
		delete(takes, op.Code)
	}
	for code := range takes {
		t.Errorf("there is no ~%s", code)
	}
}
