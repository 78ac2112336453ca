package archive

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// lines is a format for tests. Its files begin with "LINES\n". Each line is a
// flow whose response is the line, where it lies in the file, but for
//
//	?why   an issue
//	!why   a final error
//	@name  a flow whose response is another file beside it
//	=json  what the file says of itself
var lines = session.Format{
	Name: "lines", Label: "lines",
	Sniff: func(head []byte) error {
		if !bytes.HasPrefix(head, []byte(linesMagic)) {
			return errors.New("no LINES")
		}
		return nil
	},
	Open: func(ctx context.Context, src blob.Source) (session.Reader, error) {
		b, err := blob.ReadAll(src)
		if bytes.Contains(b, []byte("refused")) {
			err = errors.New("refused")
		}
		return &lineReader{src: src, rest: string(b), check: ctx.Err}, err
	},
}

const linesMagic = "LINES\n"

type lineReader struct {
	src    blob.Source
	rest   string
	check  func() error
	about  []byte
	files  []blob.Source
	closed bool
}

func (r *lineReader) Progress() int64      { return r.src.Size() - int64(len(r.rest)) }
func (r *lineReader) About() *flowpb.About { return &flowpb.About{HarLog: r.about} }
func (r *lineReader) Close() error         { r.closed = true; return nil }
func (r *lineReader) flow(b *flowpb.Body) *flowpb.Flow {
	return &flowpb.Flow{Response: &flowpb.HTTPResponse{Body: b}}
}

func (r *lineReader) Next() (*flowpb.Flow, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	offset := r.Progress()
	line, rest, found := strings.Cut(r.rest, "\n")
	if r.rest = rest; line == "" && !found {
		return nil, io.EOF
	}
	if !found {
		return nil, session.AtByte(offset, errors.New("cut off"))
	}
	switch kind, text := (line + " ")[0], strings.TrimLeft(line, "?!@="); kind {
	case '?':
		return nil, session.AtByte(offset, errors.New(text))
	case '!':
		return nil, errors.New("lines: " + text)
	case '=':
		r.about = []byte(text)
		return r.Next()
	case '@':
		folder, ok := r.src.(session.Folder)
		if !ok {
			return nil, session.AtByte(offset, errors.New("it lies among no others"))
		}
		src, err := folder.Sibling(text)
		if err != nil {
			return nil, session.AtByte(offset, err)
		}
		r.files = append(r.files, src)
		return r.flow(&flowpb.Body{Encoding: new(flowpb.Body_FILE), Offset: new(uint64(len(r.files) - 1)), Length: new(uint64(src.Size()))}), nil
	}
	if line == strings.TrimSpace(linesMagic) {
		return r.Next()
	}
	return r.flow(&flowpb.Body{Offset: new(uint64(offset)), Length: new(uint64(len(line)))}), nil
}

func (r *lineReader) Body(b *flowpb.Body) (blob.Source, error) {
	if b.Member != nil {
		return nil, errors.New("there is one capture in here")
	}
	if b.GetEncoding() == flowpb.Body_FILE {
		return r.files[b.GetOffset()], nil
	}
	return blob.Section(r.src, int64(b.GetOffset()), int64(b.GetLength()))
}

func pack(t testing.TB, k kind, file string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch k {
	case gzipped:
		w = gzip.NewWriter(&b)
	case deflate:
		w = zlib.NewWriter(&b)
	case zstded:
		w, err = zstd.NewWriter(&b)
	}
	if err == nil {
		_, err = io.WriteString(w, file)
	}
	if err = cmp.Or(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is a member of a zip archive.
type entry struct {
	name, content string
	method        uint16
	flags         uint16
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zstd.ZipMethodWinZip, zstd.ZipCompressor())
	for _, e := range entries {
		out, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: e.method, Flags: e.flags})
		if err == nil {
			_, err = io.WriteString(out, e.content)
		}
		if err != nil && !strings.HasSuffix(e.name, "/") {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// deflated returns an entry of a zip archive that is compressed.
func deflated(name, content string) entry { return entry{name, content, zip.Deflate, 0} }

// listing is all that an archive holds, as text.
type listing struct {
	r      session.Reader
	list   *session.List
	bodies []string
	issues []string
	about  string
}

// read reads an archive of lines to its end, which may be an error.
func read(t testing.TB, file []byte) (listing, error) {
	t.Helper()
	return readWith(t, Format([]session.Format{lines}), file)
}

func readWith(t testing.TB, f session.Format, file []byte) (listing, error) {
	t.Helper()
	r, err := f.Open(context.Background(), blob.Bytes(file))
	if err != nil {
		return listing{}, err
	}
	t.Cleanup(func() { r.Close() })
	l := listing{r: r}
	l.list, err = session.ReadAll(r)
	for _, i := range l.list.Issues {
		l.issues = append(l.issues, i.Error())
	}
	for _, flow := range l.list.Flows {
		l.bodies = append(l.bodies, l.body(t, flow.Response.Body))
	}
	if a := r.(session.Describer).About(); a != nil {
		l.about = string(a.HarLog)
	}
	if n := r.Progress(); err == nil && n != int64(len(file)) {
		t.Errorf("progress at the end is %d of %d bytes", n, len(file))
	}
	return l, err
}

func (l listing) body(t testing.TB, ref *flowpb.Body) string {
	t.Helper()
	src, err := l.r.Body(ref)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
