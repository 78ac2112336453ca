package content

import (
	"encoding/json"
	"testing"

	"flowpane/viewer/session/corpus"
)

// TestBinaryVectors compares with what mitmproxy makes of the same bodies.
func TestBinaryVectors(t *testing.T) {
	var vectors []struct {
		View   string
		Input  []byte `json:"input_b64"`
		Output *string
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/contentviews.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"DNS": "dns", "MQTT": "mqtt", "WBXML": "wbxml", "ZIP Archive": "zip archive"}
	count := map[string]int{}
	for _, v := range vectors {
		view, ok := lookup(names[v.View])
		if !ok {
			continue
		}
		count[v.View]++
		got := shown(view, Metadata{}, string(v.Input))
		if v.Output != nil && got != *v.Output || v.Output == nil && got[0] != '[' {
			t.Errorf("%s, %q: %s", v.View, v.Input, got)
		}
	}
	if len(count) != 4 || count["DNS"] != 3 || count["MQTT"] != 9 || count["WBXML"] != 2 || count["ZIP Archive"] != 2 {
		t.Errorf("vectors: %v", count)
	}
}
