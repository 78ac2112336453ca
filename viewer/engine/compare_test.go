package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
)

// comparedText writes what differs: "-left" and "+right", and "..." for what is
// left out.
func comparedText(p *viewerpb.ComparedPart) string {
	var b strings.Builder
	for _, r := range p.Rows {
		switch {
		case r.Skipped > 0:
			fmt.Fprintf(&b, "... %d\n", r.Skipped)
		case r.HasLeft && r.HasRight && r.Left == r.Right:
			b.WriteString(" " + r.Left + "\n")
		default:
			if r.HasLeft {
				b.WriteString("-" + r.Left + "\n")
			}
			if r.HasRight {
				b.WriteString("+" + r.Right + "\n")
			}
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	entry := `{"startedDateTime":"2026-11-23T10:00:00Z","time":1,"request":{"method":"GET","url":"http://a.example/%s","httpVersion":"HTTP/1.1","headers":[%s],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},` +
		`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":9,"mimeType":"application/json","text":%q},"redirectURL":"","headersSize":-1,"bodySize":9},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`
	har := `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[` + strings.Join([]string{
		fmt.Sprintf(entry, "one", `{"name":"b","value":"1"},{"name":"A","value":"x"}`, `{"b":1,"a":[1,2,3,4,5,6,7,8,9],"c":1.50}`),
		fmt.Sprintf(entry, "two", `{"name":"a","value":"x"},{"name":"b","value":"1"}`, `{"c":1.50,"a":[1,2,3,4,5,6,7,8,9],"b":2}`),
	}, ",") + `]}}`
	e, _ := opened(t, files{"x.har": []byte(har)}, "x.har")
	show(t, e, &viewerpb.Watch{})
	all := rows(t, e)
	c, err := e.Compare(t.Context(), all[0].Key, all[1].Key)
	if err != nil || len(c.Parts) != 7 {
		t.Fatal(c, err)
	}
	for i, want := range map[int]string{
		0: "-GET http://a.example/one HTTP/1.1\n+GET http://a.example/two HTTP/1.1\n",
		1: "-A: x\n+a: x\n b: 1\n",
		3: "", 4: "",
		5: "... 9\n         8,\n         9\n     ],\n-    \"b\": 1,\n+    \"b\": 2,\n     \"c\": 1.50\n }\n",
	} {
		if got := comparedText(c.Parts[i]); got != want || c.Parts[i].Same != (want == "") {
			t.Errorf("%s: %q, want %q", c.Parts[i].Title, got, want)
		}
	}
	if _, err := e.Compare(t.Context(), "", all[0].Key); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("what was not edited: %v", err)
	}
	if _, err := e.Compare(t.Context(), "nobody", all[0].Key); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("with nobody: %v", err)
	}
}

// TestCompareEdited compares flows of the sample with what they were.
func TestCompareEdited(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	edited := 0
	for _, row := range rows(t, e) {
		c, err := e.Compare(t.Context(), "", row.Key)
		if row.Edited != (err == nil) {
			t.Errorf("flow %d: %v", row.Number, err)
		}
		if err != nil {
			continue
		}
		edited++
		differs := ""
		for _, p := range c.Parts {
			differs += comparedText(p)
		}
		if differs == "" {
			t.Errorf("flow %d is as it was", row.Number)
		}
	}
	if edited == 0 {
		t.Error("no flow of the sample is edited")
	}
}
