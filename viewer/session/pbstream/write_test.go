package pbstream

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"flowpane/viewer/session"
)

func written(t testing.TB, list *session.List) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Writer.Write(context.Background(), &out, list); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestLaw reads, writes and reads: the flows are the same.
func TestLaw(t *testing.T) {
	old := web("2018", []byte("q"), big)
	old.Kind = nil
	for _, file := range [][]byte{delimited(kinds()...), delimited(old), nil} {
		list, err := session.ReadAll(open(t, file))
		if err != nil {
			t.Fatal(err)
		}
		file2 := written(t, list)
		again := read(t, file2)
		if len(again.Issues) > 0 {
			t.Errorf("issues %q", again.issues())
		}
		if len(list.Flows) > 0 {
			if err := Format.Sniff(file2); err != nil {
				t.Errorf("what was written is not accepted: %v", err)
			}
		}
		sameFlows(t, again.Flows, read(t, file).Flows)
	}
}

func TestWriteFails(t *testing.T) {
	list, err := session.ReadAll(open(t, delimited(kinds()...)))
	if err != nil {
		t.Fatal(err)
	}
	list.Flows[1].Request.Body.Offset = new(uint64(1 << 40))
	if err := Writer.Write(t.Context(), io.Discard, list); err == nil || !strings.HasPrefix(err.Error(), "pbstream: flow 1: ") {
		t.Errorf("a body that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Writer.Write(ctx, io.Discard, list); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
