package content

import (
	"context"
	"errors"
	"strconv"
)

const (
	// jsonDepth bounds nesting: 1,000 is where Python stops too.
	jsonDepth = 1000
	// jsonGrowth bounds what indenting may make of a body. Deep nesting would
	// multiply it by thousands.
	jsonGrowth = 32
	// jsonSpare is what a small body may be indented to in any case, in bytes:
	// enough for brackets as deep as jsonDepth.
	jsonSpare = 4 << 20
	// jsonMax bounds the text as a whole, in bytes.
	jsonMax = 128 << 20
	// jsonTokens is how many tokens pass between two looks at the context.
	jsonTokens = 4096
)

// blanks are what most indents are cut from.
const blanks = "                                                                "

var errIndented = errors.New("indented it would be too long")

// indenter writes JSON anew, token by token, as it reads it.
type indenter struct {
	in    string
	at    int // offset in in
	out   []byte
	limit int    // of out, and of what was taken from it
	open  []byte // the brackets that are open: '{' or '['

	// Of a text that is written piece by piece: where a piece goes, how much
	// went, and where the last line begins in in and out.
	emit           func(piece []byte) error
	emitted        int
	lineIn, lineAt int
}

// indentJSON returns the JSON text in with an indent of four spaces.
func indentJSON(ctx context.Context, in string) (string, error) {
	x := &indenter{in: in, limit: min(jsonGrowth*len(in)+jsonSpare, jsonMax)}
	x.out = make([]byte, 0, len(in)+len(in)/2)
	if err := x.all(ctx); err != nil {
		return "", err
	}
	return string(x.out), nil
}

func (x *indenter) all(ctx context.Context) error {
	for tokens := 1; ; tokens++ {
		if tokens%jsonTokens == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if done, err := x.value(); done || err != nil {
			return err
		}
	}
}

// value reads one value, or the bracket that opens it, and all that closes
// behind it. It is done at the end of the text.
func (x *indenter) value() (done bool, err error) {
	switch c := x.next(); c {
	case '{', '[':
		x.at++
		x.out = append(x.out, c)
		if end := c + 2; x.next() == end { // in ASCII "}" and "]" follow so
			x.at++
			x.out = append(x.out, end)
			break
		}
		if len(x.open) == jsonDepth {
			return false, errors.New("nested too deeply")
		}
		x.open = append(x.open, c)
		return false, x.member()
	default:
		if err := x.scalar(c); err != nil {
			return false, err
		}
	}
	return x.after()
}

// after reads what follows a value: closing brackets, and a comma or the end.
func (x *indenter) after() (done bool, err error) {
	for len(x.open) > 0 {
		inner := x.open[len(x.open)-1]
		switch c := x.next(); c {
		case ',':
			x.at++
			x.out = append(x.out, ',')
			return false, x.member()
		case inner + 2:
			x.at++
			x.open = x.open[:len(x.open)-1]
			if err := x.line(); err != nil {
				return false, err
			}
			x.out = append(x.out, c)
		default:
			return false, x.unexpected()
		}
	}
	if x.next(); x.at < len(x.in) {
		return false, x.unexpected()
	}
	return true, nil
}

// member begins a line, and reads the name if it is that of an object.
func (x *indenter) member() error {
	if err := x.line(); err != nil {
		return err
	}
	if x.open[len(x.open)-1] == '[' {
		return nil
	}
	if x.next() != '"' {
		return x.unexpected()
	}
	if err := x.text(); err != nil {
		return err
	}
	if x.next() != ':' {
		return x.unexpected()
	}
	x.at++
	x.out = append(x.out, ": "...)
	return nil
}

// line begins a line of the output.
func (x *indenter) line() error {
	if x.emitted+len(x.out)+4*len(x.open) > x.limit {
		return errIndented
	}
	x.out = append(x.out, '\n')
	if x.emit != nil && (len(x.out) >= streamPiece || x.emitted == 0 && len(x.out) >= firstPiece) {
		if err := x.flush(); err != nil {
			return err
		}
	}
	x.lineIn, x.lineAt = x.at, len(x.out)
	for n := 4 * len(x.open); n > 0; n -= len(blanks) {
		x.out = append(x.out, blanks[:min(n, len(blanks))]...)
	}
	return nil
}

// flush hands over what was written.
func (x *indenter) flush() error {
	x.emitted += len(x.out)
	err := x.emit(x.out)
	x.out = x.out[:0]
	return err
}

// next passes over blanks and returns the byte that follows, 0 at the end.
func (x *indenter) next() byte {
	for ; x.at < len(x.in); x.at++ {
		switch c := x.in[x.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (x *indenter) unexpected() error {
	if x.at >= len(x.in) {
		return errors.New("the text ends too soon")
	}
	r := []rune(x.in[x.at:min(x.at+4, len(x.in))])[0]
	return errors.New("byte " + strconv.Itoa(x.at) + ": unexpected " + strconv.QuoteRune(r))
}
