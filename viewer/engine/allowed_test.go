package engine

import (
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// vast is a body that is too large to be decoded, and is not read.
type vast struct{ blob.Source }

func (vast) Size() int64 { return maxAllowed + 1 }

// TestMostAllowed says what to do where no more of a body can be shown.
func TestMostAllowed(t *testing.T) {
	if _, err := decodedBody(vast{}, "gzip"); err == nil || err.Error() != "the body is more than the 512 MB that are decoded: save it as sent" {
		t.Errorf("a body to be saved: %v", err)
	}
	if got := beyond(maxAllowed); got != ": save the body as it was sent to see the rest" {
		t.Errorf("one to be shown: %q", got)
	}
	if beyond(maxAllowed-1) != "" {
		t.Error("where more can be allowed, that is not said")
	}
	_, note, more := decode([]byte(strings.Repeat("x", 10)), part{encoding: "identity"}, 5)
	if note != "" || more {
		t.Errorf("%q, %v", note, more)
	}
}
