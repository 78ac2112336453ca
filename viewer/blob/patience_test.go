package blob_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// TestRounds gives up on a host that breaks off at the same byte each time, and
// on no other.
func TestRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 100
		var rounds blob.Rounds
		var come, asked int
		fetch := func(reach func(round int) int) error {
			rounds, come, asked = blob.Rounds{}, 0, 0
			return blob.Patiently(t.Context(), func() error {
				asked++
				end := reach(asked)
				if end < 0 { // there is no network
					return blob.ErrUnreachable
				}
				if come = max(come, end); come == size {
					return nil
				}
				if err := rounds.BrokeOff(come); err != nil {
					return err
				}
				return blob.ErrUnreachable
			})
		}
		for name, test := range map[string]struct {
			reach func(round int) int
			asked int
			err   string
		}{
			"always at the same byte": {func(int) int { return 40 }, 6, "nothing came after byte 40, though the file was asked for 5 times more"},
			"ever earlier":            {func(round int) int { return 40 - round }, 6, "nothing came after byte 39"},
			"before the first byte":   {func(int) int { return 0 }, 5, "nothing came after byte 0"},
			"a byte more at times":    {func(round int) int { return round / 5 }, 5 * size, ""},
			"no network for long": {func(round int) int {
				if round > 1 && round < 50 {
					return -1
				}
				return 2 * round
			}, 50, ""},
		} {
			err := fetch(test.reach)
			if asked != test.asked || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v after %d asks", name, err, asked)
			}
		}
	})
}
