package har

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"flowpane/viewer/blob"
)

const (
	// maxWhole is how long a string may be to be decoded in memory at once.
	maxWhole = 1 << 20
	// pieceLen is how much of a longer one is decoded at a time.
	pieceLen = 128 << 10
)

// A coder appends what src, the inside of a JSON string, stands for to dst. It
// returns how many bytes of src it used: as many as it can without those that
// follow, or all if that is all there is.
type coder func(dst, src []byte, all bool) ([]byte, int)

// errStuck is the error where a coder can make nothing of a piece.
var errStuck = errors.New("har: the text of a body is not what its header says")

// A pieced is the body that a string in the file stands for. Its size is known
// because the string was gone through once; a read decodes the pieces that it
// touches.
type pieced struct {
	src    blob.Source // the inside of the string
	decode coder
	pieces []piece // where they begin; the last is the end
	mu     sync.Mutex
	last   int    // the piece that was decoded last
	text   []byte // and what it stands for
}

// A piece begins at src in the string and at dst in the body.
type piece struct{ src, dst int64 }

// newPieced goes through the string.
func newPieced(src blob.Source, decode coder) (*pieced, error) {
	p := &pieced{src: src, decode: decode, last: -1, pieces: []piece{{}}}
	var raw, text []byte
	for at := (piece{}); at.src < src.Size(); {
		var err error
		if raw, err = p.read(raw, at.src, at.src+pieceLen); err != nil {
			return nil, err
		}
		var used int
		if text, used = decode(text[:0], raw, at.src+int64(len(raw)) == src.Size()); used == 0 {
			return nil, errStuck
		}
		at.src += int64(used)
		at.dst += int64(len(text))
		p.pieces = append(p.pieces, at)
	}
	return p, nil
}

// read returns the bytes from one offset in the string to another, or to its
// end, in the memory of buf.
func (p *pieced) read(buf []byte, from, to int64) ([]byte, error) {
	n := int(min(to, p.src.Size()) - from)
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	read, err := p.src.ReadAt(buf[:n], from)
	if read == n {
		err = nil
	} else if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return buf[:read], err
}

// Size implements blob.Source.
func (p *pieced) Size() int64 { return p.pieces[len(p.pieces)-1].dst }

// ReadAt implements blob.Source.
func (p *pieced) ReadAt(b []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, fmt.Errorf("har: offset %d in a body", offset)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for n < len(b) {
		at := offset + int64(n)
		if at >= p.Size() {
			return n, io.EOF
		}
		i := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].dst > at }) - 1
		if err := p.load(i); err != nil {
			return n, err
		}
		n += copy(b[n:], p.text[at-p.pieces[i].dst:])
	}
	return n, nil
}

// load decodes piece i.
func (p *pieced) load(i int) error {
	if p.last == i {
		return nil
	}
	p.last = -1
	from, to := p.pieces[i].src, p.pieces[i+1].src
	raw, err := p.read(nil, from, to)
	if err != nil {
		return err
	}
	// What follows is not looked at: the first time, the piece ended here
	// because it could. So all that was used then is used again.
	p.text, _ = p.decode(p.text[:0], raw, true)
	if int64(len(p.text)) != p.pieces[i+1].dst-p.pieces[i].dst {
		return blob.ErrGone
	}
	p.last = i
	return nil
}
