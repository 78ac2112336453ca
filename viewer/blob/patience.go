package blob

import (
	"context"
	"errors"
	"time"
)

// ErrUnreachable is the error of a read that nobody answers at present, and that
// may be answered later: there is no network, say.
var ErrUnreachable = errors.New("no answer, asking again")

// How long to wait before asking again: at first, and at the most.
const (
	firstPause   = 250 * time.Millisecond
	longestPause = 5 * time.Second
)

type waitKey struct{}

// OnWait returns a context for what opens sources. Where a read of one of them
// waits for an answer, told is called with the reason, and with nil when it waits
// no longer; on any goroutine.
func OnWait(ctx context.Context, told func(error)) context.Context {
	return context.WithValue(ctx, waitKey{}, told)
}

// Patiently calls ask, and again for as long as that fails by [ErrUnreachable]
// and ctx goes on. It returns what the last call did, or the error of ctx.
func Patiently(ctx context.Context, ask func() error) error {
	err := ask()
	if !errors.Is(err, ErrUnreachable) {
		return err
	}
	told, ok := ctx.Value(waitKey{}).(func(error))
	if !ok {
		told = func(error) {}
	}
	defer told(nil)
	for pause := firstPause; errors.Is(err, ErrUnreachable); pause = min(2*pause, longestPause) {
		told(err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		err = ask()
	}
	return err
}
