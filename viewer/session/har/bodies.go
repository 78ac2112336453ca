package har

import (
	"errors"
	"fmt"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

var errNoFolder = errors.New("the file lies among no others")

// file returns number and size of the file of that name beside the HAR.
func (r *reader) file(name string) (number, size int64, err error) {
	folder, ok := r.src.(session.Folder)
	if !ok {
		return 0, 0, errNoFolder
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := r.numbers[name]
	if !ok {
		f, err := folder.Sibling(name)
		if err != nil {
			return 0, 0, err
		}
		n = len(r.files)
		r.files = append(r.files, f)
		r.numbers[name] = n
	}
	return int64(n), r.files[n].Size(), nil
}

func (r *reader) setCharset(offset int64, charset string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.charsets[offset] = charset
}

func (r *reader) charset(offset int64) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if charset, ok := r.charsets[offset]; ok {
		return charset
	}
	return charsetUTF8
}

// Body implements session.Reader. It goes through the string of the body once,
// for the size. A body whose string is longer than 1 MiB is decoded as it is
// read, in pieces, unless its charset is neither UTF-8 nor Latin-1: that one
// is held in memory whole.
func (r *reader) Body(b *flowpb.Body) (blob.Source, error) {
	if b.GetOffset() > 1<<62 || b.GetLength() > 1<<62 {
		return nil, errors.New("har: a body outside the file")
	}
	offset := int64(b.GetOffset())
	switch encoding := b.GetEncoding(); encoding {
	case flowpb.Body_JSON, flowpb.Body_JSON_BASE64:
		inside, err := blob.Section(r.src, offset+1, int64(b.GetLength())-2)
		if err != nil {
			return nil, err
		}
		return open(inside, encoding == flowpb.Body_JSON_BASE64, r.charset(offset))
	case flowpb.Body_FILE:
		r.mu.Lock()
		defer r.mu.Unlock()
		if offset < int64(len(r.files)) {
			return r.files[offset], nil
		}
		return nil, fmt.Errorf("har: no body is in file %d", offset)
	}
	return nil, errors.New("har: a body that is no JSON string")
}

// open returns the body that the inside of a string stands for. If base64, the
// charset does not matter.
func open(inside blob.Source, base64 bool, charset string) (blob.Source, error) {
	whole := inside.Size() <= maxWhole
	switch {
	case base64 && !whole:
		return newPieced(inside, debase64)
	case charset == charsetUTF8 && !whole:
		return newPieced(inside, unescape)
	case charset == charsetLatin1 && !whole:
		p, err := newPieced(inside, latin1)
		if errors.Is(err, errStuck) {
			return newPieced(inside, unescape)
		}
		return p, err
	}
	raw, err := blob.ReadAll(inside)
	if err != nil {
		return nil, err
	}
	text := appendText(make([]byte, 0, len(raw)), raw, base64)
	if !base64 {
		text = encode(text, charset)
	}
	return blob.Bytes(text), nil
}
