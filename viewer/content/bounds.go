package content

import (
	"context"
	"errors"
)

// Views that go through text piece by piece are given up beyond this: a body can
// be made of nothing else, and each piece takes more memory than its text.
const (
	maxPieces = 2_000_000
	maxText   = 128 << 20 // bytes of what a view makes
)

var errPieces = errors.New("there are too many parts to be laid out")

// within returns an error where a view has to end: too much is read or written,
// or ctx is cancelled. It is asked for each piece, and looks at ctx now and then.
func within(ctx context.Context, pieces, written int) error {
	switch {
	case pieces > maxPieces || written > maxText:
		return errPieces
	case pieces%yamlNodes == 0:
		return ctx.Err()
	}
	return nil
}
