package archive

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"path"
	"sync"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// maxAttachment bounds an attachment that has to be decompressed, and keep is
// how much of those that were read last is kept, in bytes.
const (
	maxAttachment = 256 << 20
	keep          = 64 << 20
)

// inFolder is a capture among the members of an archive.
type inFolder struct {
	blob.Source
	folder *folder
	dir    string
}

var _ session.Folder = inFolder{}

// Sibling implements session.Folder. Reading a sibling decompresses all of it;
// asking for it and for its size does not.
func (s inFolder) Sibling(name string) (blob.Source, error) {
	f, ok := s.folder.files[clean(path.Join(s.dir, name))]
	if !ok {
		return nil, fmt.Errorf("archive: it has no %q", path.Join(s.dir, name))
	}
	if f.Method == zip.Store && f.Flags&1 == 0 {
		return stored(s.folder.src, f)
	}
	if f.UncompressedSize64 > maxAttachment {
		return nil, fmt.Errorf("archive: %s: %d bytes are too many to be decompressed: unpack the archive, and open the folder as a zip without compression", nameOf(f), f.UncompressedSize64)
	}
	return attachment{s.folder, f}, nil
}

// A folder is what the members of an archive are to each other.
type folder struct {
	src   blob.Source
	files map[string]*zip.File

	mu   sync.Mutex
	kept []unpacked // the one used last at the end
}

type unpacked struct {
	file *zip.File
	*spool
	err error // what ended it too soon
}

// unpack returns what a member holds.
func (d *folder) unpack(f *zip.File) unpacked {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, u := range d.kept {
		if u.file == f {
			d.kept = append(append(d.kept[:i:i], d.kept[i+1:]...), u)
			return u
		}
	}
	u := unpacked{file: f, spool: new(spool)}
	var r io.ReadCloser
	if r, u.err = openMember(f); u.err == nil {
		u.err = u.fill(context.Background(), r, &budget{limit: maxAttachment})
		r.Close()
	}
	if u.err != nil && isFinal(u.err) {
		return u
	}
	d.kept = append(d.kept, u)
	held := int64(0)
	for i := len(d.kept) - 1; i >= 0; i-- {
		if held += d.kept[i].size; held > keep && i < len(d.kept)-1 {
			d.kept = append([]unpacked(nil), d.kept[i+1:]...)
			break
		}
	}
	return u
}

// An attachment is a member that is decompressed when it is read.
type attachment struct {
	folder *folder
	file   *zip.File
}

func (a attachment) Size() int64 { return int64(a.file.UncompressedSize64) }

// ReadAt implements blob.Source.
func (a attachment) ReadAt(p []byte, offset int64) (int, error) {
	u := a.folder.unpack(a.file)
	n, err := u.ReadAt(p, offset)
	if err == io.EOF && u.err != nil {
		err = fmt.Errorf("archive: %s: %w", nameOf(a.file), plain(u.err))
	}
	return n, err
}
