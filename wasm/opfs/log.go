package opfs

import "io"

const (
	// frameHeader is how many bytes of the log stand before each page.
	frameHeader = 24
	// maxPending is how much of a transaction may wait to be written.
	maxPending = 512 << 10
)

// A logHandle is a write-ahead log that is written once for each transaction, unless
// that is a long one, where SQLite writes twice for each page: in a browser such a
// call takes as long as a flow does. What waits to be written is never of a
// transaction that has ended: the header of its last page says so, and that page has
// all written. Who is killed before leaves nothing that counts, and if it cannot be
// written, SQLite is told before the transaction ends, and gives it up.
//
// Source: https://sqlite.org/fileformat2.html#the_write_ahead_log
type logHandle struct {
	handle
	next    int64  // where the last write ended
	pending []byte // waits to be written, and ends at next
	open    bool   // a header waits for its page
	last    bool   // which is the last of its transaction
}

// WriteAt keeps what continues the log, and writes all else at once.
func (l *logHandle) WriteAt(p []byte, offset int64) (n int, err error) {
	switch {
	case offset == l.next && !l.open && len(p) == frameHeader:
		l.open, l.last = true, [4]byte(p[4:]) != [4]byte{}
	case offset == l.next && l.open:
		l.open = false
	default:
		if err := l.write(); err != nil {
			return 0, err
		}
		n, err := l.handle.WriteAt(p, offset)
		l.next = offset + int64(n)
		return n, err
	}
	l.pending, l.next = append(l.pending, p...), l.next+int64(len(p))
	if !l.open && (l.last || len(l.pending) > maxPending) {
		if err := l.write(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// write writes what waits. If that fails, it is gone.
func (l *logHandle) write() error {
	if len(l.pending) == 0 {
		return nil
	}
	p := l.pending
	l.pending, l.open = p[:0], false
	_, err := l.handle.WriteAt(p, l.next-int64(len(p)))
	return err
}

// ReadAt reads what waits as well.
func (l *logHandle) ReadAt(p []byte, offset int64) (n int, err error) {
	n, err = l.handle.ReadAt(p, offset)
	if err != nil && err != io.EOF {
		return n, err
	}
	begin := l.next - int64(len(l.pending))
	if from := max(offset, begin); from < min(l.next, offset+int64(len(p))) {
		n = max(n, int(from-offset)+copy(p[from-offset:], l.pending[from-begin:]))
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (l *logHandle) Size() (int64, error) {
	size, err := l.handle.Size()
	if len(l.pending) > 0 {
		size = max(size, l.next)
	}
	return size, err
}

// Truncate does not write what it cuts off.
func (l *logHandle) Truncate(size int64) error {
	if beyond := l.next - size; beyond > 0 {
		l.pending, l.open = l.pending[:max(0, int64(len(l.pending))-beyond)], false
		l.next = size
	}
	if err := l.write(); err != nil {
		return err
	}
	l.next = size
	return l.handle.Truncate(size)
}

func (l *logHandle) Flush() error {
	if err := l.write(); err != nil {
		return err
	}
	return l.handle.Flush()
}
