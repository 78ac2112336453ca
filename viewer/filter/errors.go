package filter

import "strconv"

// Error says why an expression is no filter, and where. It is the only type of
// error that [Parse] returns.
type Error struct {
	Pos, End int    // byte offsets into the expression: the part to mark, [Pos, End)
	Msg      string // lower case, one line, without position

	// Incomplete tells a prefix from a mistake: typing on at the end of the
	// expression may make it valid, so a filter box can wait before it complains.
	Incomplete bool
}

func (e *Error) Error() string {
	return "filter: byte " + strconv.Itoa(e.Pos) + ": " + e.Msg
}
