package redact_test

import (
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/redact"
)

// vast is a body that is too large to be looked into, and is not read.
type vast struct{ blob.Source }

func (vast) Size() int64 { return 64<<20 + 1 }

// TestTooLarge: what is too large to be looked into does not leave.
func TestTooLarge(t *testing.T) {
	f := &flowpb.Flow{Response: &flowpb.HTTPResponse{Body: &flowpb.Body{Length: new(uint64(64<<20 + 1))}}}
	out, err := redact.New(redact.Policy{}).Flow(f, func(*flowpb.Body) (blob.Source, error) { return vast{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out.Response.Content); !strings.Contains(got, "too large to look into") || out.Response.Body != nil {
		t.Errorf("%q, %v", got, out.Response.Body)
	}
}
