package blob_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"flowpane/viewer/blob"
)

// TestPatiently asks until there is an answer, and tells why there is none.
func TestPatiently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []error
		ctx, cancel := context.WithCancel(blob.OnWait(t.Context(), func(err error) { told = append(told, err) }))
		defer cancel()
		off, asked := fmt.Errorf("host: %w", blob.ErrUnreachable), 0
		answerAfter := func(n int, answer error) func() error {
			asked, told = 0, nil
			return func() error {
				if asked++; asked <= n {
					return off
				}
				return answer
			}
		}
		for _, answer := range []error{nil, blob.ErrGone} {
			if err := blob.Patiently(ctx, answerAfter(30, answer)); err != answer || asked != 31 {
				t.Errorf("%v after %d asks", err, asked)
			}
			if len(told) != 31 || told[0] != off || told[30] != nil || slices.Index(told, nil) != 30 {
				t.Errorf("told %v", told)
			}
			if err := blob.Patiently(ctx, answerAfter(0, answer)); err != answer || asked != 1 || told != nil {
				t.Errorf("%v after %d asks, told %v", err, asked, told)
			}
		}
		if err := blob.Patiently(context.Background(), answerAfter(1, nil)); err != nil {
			t.Errorf("with nobody to tell: %v", err)
		}
		gone := make(chan error)
		go func() { gone <- blob.Patiently(ctx, answerAfter(1000, nil)) }()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) || told[len(told)-1] != nil {
			t.Errorf("%v, told %v", err, told)
		}
	})
}
