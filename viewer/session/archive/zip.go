package archive

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// The list of members, and the beginning of each, are read in small pieces.
const (
	cacheBlock  = 64 << 10
	cacheBlocks = 32
)

var (
	errDirectory = errors.New("the zip archive is damaged or cut: the list of its members, which stands at its end, cannot be read")
	errNoMembers = errors.New("the zip archive has no members")
	errEncrypted = errors.New("it is encrypted")
	errTooShort  = errors.New("it is too short")
	errShared    = errors.New("it lies over another member of the archive")
)

// minCapture is how long a member must be to be taken for a capture, in bytes:
// no flow is shorter, and many a short attachment looks like the beginning of
// one.
const minCapture = 32

// openZip opens the captures of a zip archive.
func (a *archive) openZip(ctx context.Context) (*reader, error) {
	z := &zipFile{archive: a}
	directory, err := zip.NewReader(sectionOf(a.src), a.src.Size())
	var issue *session.Issue
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		var cut bool
		directory, cut, issue, err = searchMembers(ctx, a.src)
		if cut && directory != nil {
			z.cut = directory.File[len(directory.File)-1]
		}
	}
	switch {
	case err == errDirectory:
		return nil, err
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // nothing is unpacked to a path
		return nil, fmt.Errorf("the zip archive: %w", err)
	}
	directory.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstdOptions()...))
	z.folder = newFolder(a.src, directory.File)
	r, err := z.read(ctx, directory.File)
	switch {
	case issue == nil:
		return r, err
	case err != nil && isFinal(err):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w; of what was found without it: %w", errDirectory, err)
	}
	r.issues = append([]*session.Issue{issue}, r.issues...)
	return r, nil
}

// sectionOf returns a file as package zip reads it: a section, as the offsets
// in an archive may be anything, even negative.
func sectionOf(src blob.Source) *io.SectionReader {
	return io.NewSectionReader(blob.NewCache(src, cacheBlock, cacheBlocks), 0, src.Size())
}

// zipFile is a zip archive.
type zipFile struct {
	*archive
	folder *folder
	cut    *zip.File // the member that the file ends in, of unknown size
	taken  spans     // where the captures lie that were opened
}

// read opens the first of the captures among members.
func (z *zipFile) read(ctx context.Context, files []*zip.File) (*reader, error) {
	captures, err := z.captures(ctx, files)
	if err != nil {
		return nil, err
	}
	return newReader(z.src.Size(), captures)
}

// captures finds the members that are captures. An archive within
// that has not the name of a capture, or a member that is named as an
// attachment, counts only where there is nothing else.
func (z *zipFile) captures(ctx context.Context, files []*zip.File) ([]capture, error) {
	var found, within, unreadable []capture
	var refused refusals
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if f.FileInfo().IsDir() {
			continue
		}
		c, nested, err := z.detect(ctx, f)
		switch {
		case err != nil && isFinal(err):
			return nil, err
		case err != nil:
			refused.add(nameOf(f) + " (" + err.Error() + ")")
			if isCaptureName(c.name) {
				unreadable = append(unreadable, unread(c, err))
			}
		case isAttachment(c.name), nested && !isCaptureName(c.name):
			within = append(within, c)
		default:
			found = append(found, c)
		}
	}
	switch {
	case len(found) > 0:
		return append(found, unreadable...), nil
	case len(within) > 0:
		return append(within, unreadable...), nil
	case len(refused.texts) == 0:
		return nil, errNoMembers
	}
	return nil, errors.New("no member of the zip archive is a capture: " + refused.String())
}

// isCaptureName reports whether a member bears the name of a capture, perhaps
// compressed: if it is none, that is worth an issue.
func isCaptureName(name string) bool {
	for _, end := range [...]string{".gz", ".zst", ".zip", ".zhar"} {
		if stem, ok := strings.CutSuffix(name, end); ok && (end == ".zhar" || isCaptureName(stem)) {
			return true
		}
	}
	switch path.Ext(name) {
	case ".har", ".harp", ".mitm", ".mitmproxy", ".flow", ".flows", ".dump", ".pb", ".sqlite":
		return true
	}
	return false
}

// unread is a capture that cannot be opened.
func unread(c capture, err error) capture {
	c.open = func() (session.Reader, blob.Source, *session.Issue, error) { return nil, nil, nil, err }
	return c
}

// isAttachment reports whether a member is named as Playwright names bodies:
// by the SHA-1 of what it holds, or 32 digits that it drew. Some look like a
// capture of some kind.
//
// Source: https://github.com/microsoft/playwright, server/har/harTracer.ts
func isAttachment(name string) bool {
	name = path.Base(name)
	hash := strings.TrimSuffix(name, path.Ext(name))
	return (len(hash) == 40 || len(hash) == 32) && strings.Trim(hash, "0123456789abcdef") == ""
}

// refusals are why members are no captures: the first few, and how many more.
type refusals struct {
	texts []string
	more  int
}

func (r *refusals) add(text string) {
	const most = 5
	if len(r.texts) == most {
		r.more++
		return
	}
	r.texts = append(r.texts, text)
}

func (r *refusals) String() string {
	text := strings.Join(r.texts, "; ")
	if r.more > 0 {
		text += fmt.Sprintf("; and %d more", r.more)
	}
	return text
}

// nameOf returns the name of a member for people.
func nameOf(f *zip.File) string {
	return strings.ToValidUTF8(strings.ReplaceAll(f.Name, `\`, "/"), "\ufffd")
}

// detect returns f as a capture, and whether it is an archive itself.
func (z *zipFile) detect(ctx context.Context, f *zip.File) (c capture, nested bool, err error) {
	c = capture{name: nameOf(f), packed: int64(min(f.CompressedSize64, uint64(z.src.Size())))}
	if f.UncompressedSize64 < minCapture {
		return c, false, errTooShort
	}
	head, err := headOf(f)
	if err != nil {
		return c, false, err
	}
	format, err := session.Detect(blob.Bytes(head), z.inner)
	if err != nil && len(z.nested) > 0 {
		if within, other := session.Detect(blob.Bytes(head), z.nested); other == nil {
			format, nested, err = within, true, nil
		}
	}
	c.open = func() (session.Reader, blob.Source, *session.Issue, error) {
		src, damage, err := z.source(ctx, f)
		if err != nil {
			return nil, nil, nil, err
		}
		inner, err := format.Open(ctx, inFolder{src, z.folder, path.Dir(clean(f.Name))})
		return inner, src, damage, err
	}
	return c, nested, err
}

// headOf returns the first bytes of a member. If it has any, damage behind
// them is met when it is opened.
func headOf(f *zip.File) ([]byte, error) {
	r, err := openMember(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(session.SniffLen, f.UncompressedSize64))
	n, err := readChunk(r, head)
	if n > 0 || err == io.EOF {
		err = nil
	}
	return head[:n], err
}

func openMember(f *zip.File) (io.ReadCloser, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, errEncrypted
	}
	r, err := f.Open()
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return nil, fmt.Errorf("its compression method, %d, is not known", f.Method)
	case errors.Is(err, zip.ErrFormat):
		return nil, errors.New("it is not where the list of members says")
	}
	return r, err
}

// source returns the bytes of a member: in place if it is stored, else in
// memory. If it is damaged, that is what comes before.
func (z *zipFile) source(ctx context.Context, f *zip.File) (blob.Source, *session.Issue, error) {
	r, err := openMember(f)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	if offset, err := f.DataOffset(); err != nil || !z.taken.add(offset, int64(f.CompressedSize64)) {
		return nil, nil, cmp.Or(err, errShared)
	}
	if f.Method == zip.Store {
		src, err := stored(z.src, f)
		return src, nil, err
	}
	if f != z.cut && !z.budget.has(f.UncompressedSize64) {
		return nil, nil, z.budget.exceeded()
	}
	s := new(spool)
	err = s.fill(ctx, r, z.budget)
	switch {
	case err == nil:
		return s, nil, nil
	case ctx.Err() != nil, isFinal(err), errors.Is(err, errLimit), s.size == 0:
		return nil, nil, plain(err)
	}
	if f == z.cut {
		return s, &session.Issue{Place: nameOf(f), Err: fmt.Errorf("%d bytes of it can be read: %w", s.size, plain(err))}, nil
	}
	return s, &session.Issue{Place: nameOf(f), Err: fmt.Errorf("%d of its %d bytes can be read: %w", s.size, f.UncompressedSize64, plain(err))}, nil
}

// stored returns the bytes of a member that is not compressed.
func stored(src blob.Source, f *zip.File) (blob.Source, error) {
	offset, err := f.DataOffset()
	if err != nil {
		return nil, err
	}
	if f.CompressedSize64 > uint64(src.Size()) {
		return nil, io.ErrUnexpectedEOF
	}
	return blob.Section(src, offset, int64(f.CompressedSize64))
}

// newFolder returns the folder of all files.
func newFolder(src blob.Source, files []*zip.File) *folder {
	named := map[string]*zip.File{}
	for _, f := range slices.Backward(files) { // of several the first
		if !f.FileInfo().IsDir() {
			named[clean(f.Name)] = f
		}
	}
	return &folder{src: src, files: named}
}

// clean returns a path of a member as folders compare it.
func clean(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
}
