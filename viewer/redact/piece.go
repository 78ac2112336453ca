package redact

// A piece is a part of bytes of which the escapes are undone. A body may be of
// tens of megabytes, with escapes within escapes: of each layer there is no more
// in memory than a piece.
type piece struct {
	b     []byte
	whole bool // it begins where the bytes do
	cut   bool // it begins within a word
}

const (
	// pieceSize is how long a piece is, in bytes, and longestWord how much more it
	// may be, so that it ends behind a word: Base64 is read from the begin of one,
	// and what is compressed too.
	pieceSize   = 1 << 20
	longestWord = 4 << 20
	// spread is how many bytes a byte of a value takes that is written with
	// escapes, in some layers of them.
	spread = 16
)

// eachPiece calls do for the pieces of p. Each begins before the end of the last
// one by as much as a value of a length takes.
func eachPiece(p piece, longest int, do func(piece)) {
	over := max(spread*longest, 4<<10)
	for from := 0; ; {
		end := min(from+max(pieceSize, 2*over), len(p.b))
		for most := min(end+longestWord, len(p.b)); end < most && !parts(p.b[end]); {
			end++
		}
		do(piece{p.b[from:end], p.whole && from == 0, from > 0 && !parts(p.b[from-1]) || from == 0 && p.cut})
		if end == len(p.b) {
			return
		}
		from = end - over
	}
}

// parts reports whether a byte stands between words, whatever these are written
// in.
func parts(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '"', '<', '>', '{', '}', '[', ']', ',', 0:
		return true
	}
	return false
}
