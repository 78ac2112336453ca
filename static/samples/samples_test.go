package samples_test

import (
	"errors"
	"io"
	"os"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session/mitm"
)

var kinds = map[flowpb.Kind]string{
	flowpb.Kind_HTTP: "HTTP", flowpb.Kind_TCP: "TCP", flowpb.Kind_UDP: "UDP", flowpb.Kind_DNS: "DNS",
}

// TestSample counts what the session promises to show.
func TestSample(t *testing.T) {
	b, err := os.ReadFile("shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 300_000 {
		t.Errorf("the sample has %d bytes", len(b))
	}
	r, err := mitm.Format.Open(t.Context(), blob.Bytes(b))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := map[string]int{}
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got["all"]++
		got[kinds[flow.Kind(f)]]++
		count := func(what string, yes bool) {
			if yes {
				got[what]++
			}
		}
		_, failed := flow.ErrorText(f)
		_, _, present := flow.ResponseBody(f)
		count("websocket", flow.IsWebSocket(f))
		count("marked", flow.IsMarked(f))
		count("commented", flow.Comment(f) != "")
		count("failed", failed)
		count("edited", f.Backup != nil)
		count("replayed", flow.Replay(f) != "")
		count("absent", f.Response != nil && !present)
	}
	want := map[string]int{
		"all": 42, "HTTP": 37, "TCP": 1, "UDP": 1, "DNS": 3, "websocket": 1, "marked": 3, "commented": 5,
		"failed": 2, "edited": 1, "replayed": 2, "absent": 1,
	}
	for what, n := range want {
		if got[what] != n {
			t.Errorf("%d flows are %s, want %d", got[what], what, n)
		}
	}
}
