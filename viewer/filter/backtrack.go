package filter

import (
	"errors"
	"time"

	"github.com/dlclark/regexp2"
)

// patience is how long a regex that backtracks may take for one text.
const patience = time.Second

// errPatience says that a regex was given up.
var errPatience = errors.New("the regex takes too long: what it repeats can match in too many ways")

// A backtracker is a regex that RE2 cannot do: with look-around, backreferences
// and the like. It may take a time that grows exponentially with the text, and
// is given up then.
type backtracker struct{ re *regexp2.Regexp }

func newBacktracker(translated string) (*backtracker, error) {
	re, err := regexp2.Compile(translated, regexp2.None)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = patience
	return &backtracker{re}, nil
}

// matches searches characters, or bytes as characters. Where it is given up, it
// panics with errPatience, which [givenUp] turns into an error: nothing between
// here and there has anything else to do about it.
func (b *backtracker) matches(text []rune) bool {
	ok, err := b.re.MatchRunes(text)
	if err != nil { // there is no other
		panic(errPatience)
	}
	return ok
}

// givenUp is deferred by those who ask a filter that may backtrack.
func givenUp(ok *bool, err *error) {
	switch p := recover(); p {
	case nil:
	case errPatience:
		*ok, *err = false, errPatience
	default:
		panic(p)
	}
}

// runes returns each byte as a character.
func runes(b []byte) []rune {
	text := make([]rune, len(b))
	for i, c := range b {
		text[i] = rune(c)
	}
	return text
}

// backtracks reports whether any regex of the filter does.
func (f *Filter) backtracks() bool {
	found := false
	f.root.test(func(t *Term) test {
		if t.arg != nil {
			for _, m := range []*matcher{t.arg.regex, t.arg.note, t.arg.head} {
				found = found || m != nil && m.slow != nil
			}
		}
		return t.run
	})
	return found
}
