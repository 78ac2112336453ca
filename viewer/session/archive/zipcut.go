package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// The signatures of parts of a zip archive, and how long the parts are whose
// length is fixed.
const (
	localSignature      = "PK\x03\x04"
	descriptorSignature = "PK\x07\x08"
	centralSignature    = "PK\x01\x02"
	localLen            = 30
	descriptorLen       = 26 // at the most, and how the next part begins
)

// describedLater is the flag of a member whose sizes stand behind its data.
const describedLater = 8

// A search lists the members of a zip archive whose own list is missing or
// damaged, by the headers in front of each.
type search struct {
	ctx context.Context
	src blob.Source
	buf []byte // what is at hand of src
	at  int64  // where that begins

	list  []byte // of members as an archive has it at its end
	count int
	cut   bool // the last of them has no end
}

// searchMembers opens an archive without its list of members. The last file is
// cut if cut; issue tells of all this. It is errDirectory if there are no
// members either.
func searchMembers(ctx context.Context, src blob.Source) (r *zip.Reader, cut bool, issue *session.Issue, err error) {
	s := &search{ctx: ctx, src: src}
	for next := int64(0); next >= 0; {
		if next, err = s.member(next); err != nil {
			return nil, false, nil, err
		}
	}
	if s.count == 0 {
		return nil, false, nil, errDirectory
	}
	listed := s.listed()
	r, err = zip.NewReader(listed, listed.size+int64(len(listed.list)))
	issue = session.AtByte(src.Size(), fmt.Errorf("the list of members of the zip archive cannot be read; %d were found without it", s.count))
	return r, s.cut, issue, err
}

// member lists the first member from an offset on, and returns what is behind
// it; -1 if there is none.
func (s *search) member(from int64) (next int64, err error) {
	b, err := s.read(from, len(centralSignature))
	if err != nil || string(b) == centralSignature { // behind the last
		return -1, err
	}
	if from, err = s.find(localSignature, from); err != nil || from < 0 {
		return -1, err
	}
	h, err := s.read(from, localLen)
	if err != nil || len(h) < localLen {
		return -1, err
	}
	h = bytes.Clone(h)
	name, extra := int(binary.LittleEndian.Uint16(h[26:])), int(binary.LittleEndian.Uint16(h[28:]))
	names, err := s.read(from+localLen, name+extra)
	if err != nil || len(names) < name+extra {
		return -1, err
	}
	m := zipMember{offset: from, head: h, name: bytes.Clone(names[:name])}
	m.sizes(names[name:])
	data := from + localLen + int64(name+extra)
	next = data + int64(min(m.packed, math.MaxInt64/2))
	if binary.LittleEndian.Uint16(h[6:])&describedLater != 0 && m.packed == 0 {
		if next, err = s.described(&m, data); err != nil {
			return -1, err
		}
	}
	if next < 0 || next > s.src.Size() {
		m.cut(uint64(s.src.Size() - data))
		s.cut, next = true, -1
	}
	s.list, s.count = m.appendTo(s.list), s.count+1
	return next, nil
}

// described finds the sizes of a member behind its data, and returns what
// comes next; -1 if they are not there.
func (s *search) described(m *zipMember, data int64) (next int64, err error) {
	for at := data; ; at++ {
		if at, err = s.find(descriptorSignature, at); err != nil || at < 0 {
			return -1, err
		}
		b, err := s.read(at, descriptorLen)
		if err != nil {
			return -1, err
		}
		packed := uint64(at - data)
		for _, size := range [...]int{4, 8} {
			if n := 8 + 2*size; len(b) >= n && number(b[8:], size) == packed && isPart(b[n:]) {
				m.crc, m.packed, m.size = binary.LittleEndian.Uint32(b[4:]), packed, number(b[8+size:], size)
				return at + int64(n), nil
			}
		}
	}
}

// isPart reports whether b begins a part of an archive, or may if it is short.
func isPart(b []byte) bool { return len(b) < 2 || string(b[:2]) == "PK" }

func number(b []byte, size int) uint64 {
	if size == 4 {
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}

// find returns where text is from an offset on; -1 if nowhere.
func (s *search) find(text string, from int64) (int64, error) {
	for {
		b, err := s.read(from, inputLen)
		if err != nil || len(b) < len(text) {
			return -1, err
		}
		if found := bytes.Index(b, []byte(text)); found >= 0 {
			return from + int64(found), nil
		}
		from += int64(len(b) - len(text) + 1)
	}
}

// read returns n bytes at an offset, or as many as there are. They are valid
// until the next call.
func (s *search) read(offset int64, n int) ([]byte, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	if n = int(min(int64(n), s.src.Size()-offset)); n <= 0 {
		return nil, nil
	}
	if offset >= s.at && offset+int64(n) <= s.at+int64(len(s.buf)) {
		return s.buf[offset-s.at:][:n], nil
	}
	if s.buf = s.buf[:0]; cap(s.buf) < 2*inputLen {
		s.buf = make([]byte, 0, 2*inputLen)
	}
	s.at = offset
	s.buf = s.buf[:min(int64(cap(s.buf)), s.src.Size()-offset)]
	got, err := s.src.ReadAt(s.buf, offset)
	if got == len(s.buf) {
		return s.buf[:n], nil
	}
	s.buf = s.buf[:0]
	if err == nil || err == io.EOF {
		err = blob.ErrGone
	}
	return nil, err
}

// zipMember is a member as the header in front of it tells.
type zipMember struct {
	offset       int64
	head, name   []byte
	crc          uint32
	packed, size uint64
}

// sizes reads the sizes of the header, or those of 64 bits that its extra
// fields have.
func (m *zipMember) sizes(extra []byte) {
	m.crc = binary.LittleEndian.Uint32(m.head[14:])
	m.packed, m.size = number(m.head[18:], 4), number(m.head[22:], 4)
	if m.packed != math.MaxUint32 && m.size != math.MaxUint32 {
		return
	}
	const of64 = 1
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		if id == of64 && n >= 16 {
			m.size, m.packed = number(extra, 8), number(extra[8:], 8)
		}
		extra = extra[n:]
	}
}

// cut says that there are only so many bytes of a member. How many it had when
// it was whole may be unknown.
func (m *zipMember) cut(packed uint64) {
	if m.packed == 0 {
		m.size = math.MaxUint32
	}
	m.packed = packed
}

// appendTo appends m to a list of members.
func (m *zipMember) appendTo(list []byte) []byte {
	const max16, max32 = math.MaxUint16, math.MaxUint32
	le := binary.LittleEndian
	flags := le.Uint16(m.head[6:]) &^ describedLater
	list = append(append(list, centralSignature...), m.head[4:6]...)
	list = le.AppendUint16(append(list, m.head[4:6]...), flags)
	list = le.AppendUint32(append(list, m.head[8:14]...), m.crc) // method and time
	list = le.AppendUint32(le.AppendUint32(list, max32), max32)
	list = le.AppendUint16(le.AppendUint16(list, uint16(len(m.name))), 28) // and of the extra fields
	list = le.AppendUint32(append(list, make([]byte, 10)...), max32)
	list = append(list, m.name...)
	list = le.AppendUint16(le.AppendUint16(list, 1), 24)
	return le.AppendUint64(le.AppendUint64(le.AppendUint64(list, m.size), m.packed), uint64(m.offset))
}

// withList is an archive with a list of its members behind it.
type withList struct {
	io.ReaderAt
	size int64
	list []byte
}

// listed returns the archive with the list of what was found, and what ends it.
func (s *search) listed() withList {
	le := binary.LittleEndian
	size, count := s.src.Size(), uint64(s.count)
	n := uint64(len(s.list))
	b := append(s.list, "PK\x06\x06"...)
	b = append(le.AppendUint64(b, 44), make([]byte, 12)...)
	b = le.AppendUint64(le.AppendUint64(b, count), count)
	b = le.AppendUint64(le.AppendUint64(b, n), uint64(size))
	b = append(append(b, "PK\x06\x07"...), 0, 0, 0, 0)
	b = le.AppendUint32(le.AppendUint64(b, uint64(size)+n), 1)
	b = append(append(b, "PK\x05\x06"...), 0, 0, 0, 0)
	b = append(b, bytes.Repeat([]byte{0xff}, 12)...)
	return withList{sectionOf(s.src), size, append(b, 0, 0)}
}

// ReadAt implements io.ReaderAt.
func (l withList) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < l.size {
		n, err = l.ReaderAt.ReadAt(p[:min(int64(len(p)), l.size-offset)], offset)
		if n == len(p) || err != nil && err != io.EOF {
			return n, err
		}
	}
	behind := offset + int64(n) - l.size
	if behind < 0 || behind > int64(len(l.list)) {
		return n, io.EOF
	}
	m := copy(p[n:], l.list[behind:])
	if n += m; n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
