package blob

import (
	"context"
	"errors"
	"fmt"
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

// Waits tells whoever asked for it by [OnWait] that a read waits, and why, or with
// nil that it waits no longer.
func Waits(ctx context.Context, why error) {
	if told, ok := ctx.Value(waitKey{}).(func(error)); ok {
		told(why)
	}
}

// Patiently calls ask, and again for as long as that fails by [ErrUnreachable]
// and ctx goes on. It returns what the last call did, or the error of ctx.
func Patiently(ctx context.Context, ask func() error) error {
	err := ask()
	if !errors.Is(err, ErrUnreachable) {
		return err
	}
	defer Waits(ctx, nil)
	for pause := firstPause; errors.Is(err, ErrUnreachable); pause = min(2*pause, longestPause) {
		Waits(ctx, err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		err = ask()
	}
	return err
}

// mostIdle is how many rounds in a row may bring nothing new.
const mostIdle = 5

// Rounds counts how often what is asked for from its beginning each time, until
// all of it is there, breaks off. Its zero value is that of none.
type Rounds struct {
	come int // how much came, the longest
	idle int // rounds since
}

// BrokeOff says that an answer ended early, when come bytes were there in all. It
// returns an error if many in a row brought nothing new: the next would be as
// much in vain.
func (r *Rounds) BrokeOff(come int) error {
	if come > r.come {
		r.come, r.idle = come, 0
		return nil
	}
	if r.idle++; r.idle < mostIdle {
		return nil
	}
	return fmt.Errorf("nothing came after byte %d, though the file was asked for %d times more: save the file and drop it here", r.come, r.idle)
}
