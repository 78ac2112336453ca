package screen

import (
	"fmt"
	"testing"

	"flowpane/proto/viewerpb"
)

func TestBars(t *testing.T) {
	got := barsOf([]*viewerpb.Phase{
		{Name: "Connecting", Known: true, Start: -60e9, Duration: 5e6, Before: true},
		{Name: "TLS", Known: true, Start: -1e6, Duration: 1e6},
		{Name: "Sending", Known: true, Duration: 1000},
		{Name: "Waiting"},
		{Name: "Receiving", Known: true, Start: 1e6, Duration: 998e6},
	})
	want := []string{
		"Connecting 0.0+0.0: 5.0 ms, 1 min 0 s before: the connection was used again",
		"TLS 0.0+0.5: 1.0 ms",
		"Sending 0.1+0.5: 0.001 ms",
		"Waiting 0.0+0.0: unknown",
		"Receiving 0.2+99.8: 998 ms",
	}
	for i, b := range got {
		if line := fmt.Sprintf("%s %.1f+%.1f: %s", b.Name, b.Left, b.Width, b.Text); line != want[i] {
			t.Errorf("%s, want %s", line, want[i])
		}
	}
	if got := barsOf(nil); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}
