package mitm

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

const (
	// searchLen is how many bytes are searched at a time for a record.
	searchLen = 1 << 20
	// searchOverlap is how much of them is searched again with the next: what
	// the beginning of a record takes.
	searchOverlap = 128
	// endLen is how many bytes at either end of a record are searched for
	// what every record says.
	endLen = 512
	// maxProbes is how many places outside of what is searched a search looks
	// at: each may cost a read of the file, and garbage may be made to name
	// as many as it has bytes.
	maxProbes = 1000
)

// cutOff passes over a record that claims more bytes than the file has: all
// that is left, if that is the beginning of a record; else the length is wrong,
// and another record may follow.
func (r *reader) cutOff(total int64) error {
	offset := r.stream.Offset()
	rest := r.src.Size() - offset
	cause := fmt.Errorf("cut off: %s of %s bytes of the record are there", thousands(rest), thousands(total))
	begins, err := r.beginsRecord(offset)
	if err != nil {
		return r.final(err)
	}
	if begins {
		r.stream.Advance(rest)
		return session.AtByte(offset, cause)
	}
	return r.search(cause)
}

// beginsRecord reports whether the rest of the file from offset on is what a
// record begins with: pairs, of which the last is cut off.
func (r *reader) beginsRecord(offset int64) (bool, error) {
	_, size, err := r.lengthAt(offset)
	if err != nil {
		failed, _ := err.(errIO)
		return false, failed.error // nil, unless the file cannot be read
	}
	for isKey := true; ; isKey = !isKey {
		offset += int64(size)
		if offset >= r.src.Size() {
			return true, nil
		}
		var n int64
		n, size, err = r.lengthAt(offset)
		if err == errShort {
			return true, nil
		}
		if failed, ok := err.(errIO); ok {
			return false, failed.error
		}
		if err != nil || isKey && n > maxKey {
			return false, nil
		}
		offset += n
		if offset+int64(size) >= r.src.Size() {
			return true, nil
		}
		tag, err := readByte(r.src, offset+int64(size))
		if err != nil {
			return false, err
		}
		if isKey && tag != tagText && tag != tagBytes || !isTag(tag) {
			return false, nil
		}
		size++
	}
}

func isTag(tag byte) bool {
	switch tag {
	case tagBytes, tagText, tagInt, tagFloat, tagBool, tagNull, tagList, tagDict:
		return true
	}
	return false
}

// lengthAt is scanLength at offset.
func (r *reader) lengthAt(offset int64) (int64, int, error) {
	b, err := window(r.src, offset, maxHead)
	if err != nil {
		return 0, 0, errIO{err}
	}
	return scanLength(b)
}

// window returns up to n bytes of src from offset on, fewer at its end.
func window(src blob.Source, offset int64, n int) ([]byte, error) {
	b := make([]byte, max(0, min(int64(n), src.Size()-offset)))
	read, err := src.ReadAt(b, offset)
	if read == len(b) || err == io.EOF {
		err = nil
	}
	return b[:read], err
}

// search goes from a place where no record begins to the next where one does,
// or to the end of the file. It returns an issue that says why, and how many
// bytes it passed over; another error is final.
func (r *reader) search(cause error) error {
	from := r.stream.Offset()
	r.stream.Advance(1)
	probes := maxProbes
	for {
		b, err := r.stream.Peek(searchLen)
		if err != nil && err != io.EOF {
			return r.final(err)
		}
		last := err == io.EOF
		f := finder{src: r.src, b: b, offset: r.stream.Offset(), last: last, probes: probes}
		i, err := f.find()
		if err != nil {
			return r.final(err)
		}
		probes = f.probes
		switch {
		case i >= 0:
			r.stream.Advance(int64(i))
		case last:
			r.stream.Advance(int64(len(b)))
		default:
			r.stream.Advance(int64(len(b) - searchOverlap))
			continue
		}
		passed := thousands(r.stream.Offset() - from)
		return session.AtByte(from, fmt.Errorf("%w (%s bytes were passed over)", cause, passed))
	}
}

// A finder looks for the beginning of a record in a piece of a file.
type finder struct {
	src    blob.Source
	b      []byte // the piece
	offset int64  // where it lies in the file
	last   bool   // nothing follows it
	probes int    // how many places outside of it may still be looked at
}

// find returns where in the piece a record begins, or -1. Unless it is the
// last, what begins near its end is left to the next.
func (f *finder) find() (int, error) {
	for colon := 0; ; colon++ {
		next := bytes.IndexByte(f.b[colon:], ':')
		if next < 0 {
			return -1, nil
		}
		colon += next
		if !f.last && colon > len(f.b)-searchOverlap/2 {
			return -1, nil
		}
		if !beginsWithKey(f.b[colon+1:]) {
			continue
		}
		start := colon
		for start > 0 && colon-start < maxLengthDigits && '0' <= f.b[start-1] && f.b[start-1] <= '9' {
			start--
		}
		for ; start < colon; start++ {
			ok, err := f.plausible(start)
			if ok || err != nil {
				return start, err
			}
		}
	}
}

var atEnds = [][]byte{[]byte("7:version;"), []byte("7:version,"), []byte("4:type;")}

// firstKey is how the records of mitmproxy 0.11 to 0.17 begin, which have their
// version and type between response and request.
const firstKey = "8:response,"

// plausible reports whether a whole record lies at i in the piece: a dict that
// says its version or type near one of its ends or begins as old ones do, and
// does not lie in another.
func (f *finder) plausible(i int) (bool, error) {
	n, size, err := scanLength(f.b[i:])
	start := f.offset + int64(i+size)
	if err != nil || n == 0 || n >= f.src.Size()-start {
		return false, nil
	}
	tail := max(start, start+n-endLen)
	b, err := f.window(tail, start+n+1-tail)
	if err != nil || len(b) == 0 || b[len(b)-1] != tagDict {
		return false, err
	}
	if !says(b) {
		b, err = f.window(start, min(n, endLen))
		if err != nil || !says(b) && !bytes.HasPrefix(b, []byte(firstKey)) {
			return false, err
		}
	}
	inside, err := f.inside(start + n + 1)
	return !inside, err
}

func says(b []byte) bool {
	for _, s := range atEnds {
		if bytes.Contains(b, s) {
			return true
		}
	}
	return false
}

// inside reports whether what follows at offset belongs to a dict or list
// around it, such as the flow that a backup belongs to: its end, or a key.
func (f *finder) inside(offset int64) (bool, error) {
	b, err := f.window(offset, maxHead+maxKey)
	if err != nil || len(b) == 0 {
		return false, err
	}
	if b[0] == tagDict || b[0] == tagList {
		return true, nil
	}
	e, _, err := scan(b, 0)
	return err == nil && (e.tag == tagText || e.tag == tagBytes), nil
}

// window returns up to n bytes at offset, none if that is outside of the piece
// and no probe is left.
func (f *finder) window(offset, n int64) ([]byte, error) {
	if from := offset - f.offset; from+n <= int64(len(f.b)) {
		return f.b[from : from+n], nil
	}
	if f.probes == 0 {
		return nil, nil
	}
	f.probes--
	return window(f.src, offset, int(n))
}

// thousands writes n with commas: "1,234".
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
