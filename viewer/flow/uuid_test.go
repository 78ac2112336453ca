package flow_test

import (
	"testing"

	"flowpane/viewer/flow"
)

func TestUUIDs(t *testing.T) {
	const canonical = "0123abcd-4567-89ef-0000-ffffffffffff"
	k, ok := flow.UUID(canonical)
	if got := string(flow.AppendUUID(nil, k)); !ok || got != canonical {
		t.Errorf("%s comes back as %s, %v", canonical, got, ok)
	}
	for _, other := range []string{
		"", canonical[1:], canonical + "~2", "0123ABCD-4567-89ef-0000-ffffffffffff", "0123abcd-4567-89ef-0000-fffffffffffg",
		"0123abcd04567-89ef-0000-ffffffffffff", "0123abcd-4567-89ef-0000-fffffff-ffff", "0123abcd-4567-89ef-0000-\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		if _, ok := flow.UUID(other); ok {
			t.Errorf("%q is taken for a UUID", other)
		}
	}
}
