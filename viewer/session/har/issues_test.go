package har

import (
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// TestIssuesAreBounded, of each entry, and of each member of the log.
func TestIssuesAreBounded(t *testing.T) {
	headers := strings.Replace(simple, `"url":"http://a/"`, `"url":"http://a/","headers":[`+strings.Repeat(`1,`, 500)+`]`, 1)
	words := strings.Replace(simple, `"request"`, `"_x":[`+strings.Repeat(`NaN,`, 500)+`],"request"`, 1)
	har := `{"log":{"_x":[` + strings.Repeat("undefined,", 500) + `],"entries":[` + headers + `,` + words + `,` + simple + `]}}`
	_, l, err := readAll(t, blob.Bytes([]byte(har)))
	if err != nil || len(l.Flows) != 3 || len(l.Issues) != 3*(maxIssues+1) {
		t.Fatalf("%d flows, %d issues, %v", len(l.Flows), len(l.Issues), err)
	}
	for i, place := range []string{"byte ", "entry 1: and more", "entry 2: and more"} {
		last := l.Issues[(i+1)*(maxIssues+1)-1].Error()
		if !strings.HasPrefix(last, place) || !strings.HasSuffix(last, "and more") {
			t.Errorf("the last issue is %s", last)
		}
	}
}
