package pbstream

import (
	"errors"
	"testing"
)

// TestLongField: no field but a content is taken into memory whatever its length.
func TestLongField(t *testing.T) {
	if _, err := new(copier).peek(maxField + 1); !errors.Is(err, errTooLong) {
		t.Errorf("%v", err)
	}
}
