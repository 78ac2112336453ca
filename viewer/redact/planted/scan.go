package planted

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"iter"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// Read yields the flows of a file, and what reads their bodies.
func Read(t testing.TB, file []byte) iter.Seq2[*flowpb.Flow, func(*flowpb.Body) (blob.Source, error)] {
	return func(yield func(*flowpb.Flow, func(*flowpb.Body) (blob.Source, error)) bool) {
		t.Helper()
		format, err := session.Detect(blob.Bytes(file), formats.All())
		if err != nil {
			t.Fatal(err)
		}
		r, err := format.Open(t.Context(), blob.Bytes(file))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for {
			f, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !yield(f, r.Body) {
				return
			}
		}
	}
}

// Scan returns the values that are found in the file of a session: in its bytes and
// in those of its flows, decoded in all ways. values are keys of a map.
func Scan(t testing.TB, file []byte, values map[string]string) []string {
	t.Helper()
	s := search{values: values, found: map[string]bool{}}
	look := s.look
	look(file, 4)
	for f, read := range Read(t, file) {
		look(f.Append(nil), 1)
		var bodies func(f *flowpb.Flow)
		bodies = func(f *flowpb.Flow) {
			if f == nil {
				return
			}
			get := func(content []byte, ref *flowpb.Body) {
				if ref != nil && content == nil {
					src, err := read(ref)
					if err != nil {
						t.Fatal(err)
					}
					if content, err = blob.ReadAll(src); err != nil {
						t.Fatal(err)
					}
				}
				look(content, 0)
			}
			get(f.GetRequest().GetContent(), f.GetRequest().GetBody())
			get(f.GetResponse().GetContent(), f.GetResponse().GetBody())
			for _, m := range f.GetWebsocket().GetMessages() {
				get(m.Content, m.Body)
			}
			for _, m := range f.Messages {
				get(m.Content, m.Body)
			}
			for _, h := range slices.Concat(f.GetRequest().GetHeaders(), f.GetResponse().GetHeaders()) {
				look(h.Value, 0)
			}
			look(f.GetRequest().GetPath(), 0)
			bodies(f.Backup)
		}
		bodies(f)
	}
	return slices.Sorted(maps.Keys(s.found))
}

// ScanText is Scan of what is no session, such as a page around one or the cells of
// a table.
func ScanText(b []byte, values map[string]string) []string {
	s := search{values: values, found: map[string]bool{}}
	s.look(b, 1)
	return slices.Sorted(maps.Keys(s.found))
}

// Missing returns where the values stand that are not among those found.
func (s *Secrets) Missing(found []string) (where []string) {
	for value, at := range s.Where {
		if !slices.Contains(found, value) {
			where = append(where, at)
		}
	}
	return where
}

// A search looks for values.
type search struct {
	values map[string]string
	found  map[string]bool
}

// look looks into bytes, and what they stand for. depth is how many encodings were
// undone.
func (s *search) look(b []byte, depth int) {
	for v := range s.values {
		if bytes.Contains(b, []byte(v)) {
			s.found[v] = true
		}
	}
	if depth == 5 || len(b) < 6 {
		return
	}
	for _, plain := range unpacked(b) {
		if !bytes.Equal(plain, b) {
			s.look(plain, depth+1)
		}
	}
}

var (
	base64Run  = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	codeEscape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}`)
	hexRun     = regexp.MustCompile(`[0-9a-fA-F]{12,}`)
)

// unpacked returns what b may stand for.
func unpacked(b []byte) (list [][]byte) {
	add := func(r io.Reader, err error) {
		if err == nil {
			if plain, err := io.ReadAll(r); err == nil && len(plain) > 0 {
				list = append(list, plain)
			}
		}
	}
	if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		add(gzip.NewReader(bytes.NewReader(b)))
	}
	if b[0] == 0x78 {
		add(zlib.NewReader(bytes.NewReader(b)))
	}
	if bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")) {
		r, err := zstd.NewReader(bytes.NewReader(b))
		add(r, err)
	}
	if !bytes.ContainsAny(b[:min(len(b), 3)], "{<[") {
		add(brotli.NewReader(bytes.NewReader(b)), nil)
	}
	if plain, err := url.QueryUnescape(string(b)); err == nil {
		list = append(list, []byte(plain))
	}
	if plain, err := url.PathUnescape(string(b)); err == nil {
		list = append(list, []byte(plain))
	}
	list = append(list, []byte(html.UnescapeString(string(b))))
	list = append(list, bytes.ReplaceAll(b, []byte(`\/`), []byte("/")), bytes.ReplaceAll(b, []byte(`\"`), []byte(`"`)))
	for _, line := range bytes.Split(b, []byte("\n")) {
		var v any
		if json.Unmarshal(line, &v) == nil || json.Unmarshal(b, &v) == nil {
			strs(v, &list)
		}
	}
	if codeEscape.Match(b) {
		list = append(list, codeEscape.ReplaceAllFunc(b, func(e []byte) []byte {
			n, _ := strconv.ParseUint(string(e[2:]), 16, 16)
			return []byte(string(rune(n)))
		}))
	}
	for _, run := range base64Run.FindAll(b, 200) {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if plain, err := enc.DecodeString(string(run)); err == nil {
				list = append(list, plain)
			}
		}
	}
	for _, run := range hexRun.FindAll(b, 200) {
		if plain, err := hex.DecodeString(string(run)); err == nil {
			list = append(list, plain)
		}
	}
	if len(b)%2 == 0 && bytes.HasPrefix(b, []byte("\xff\xfe")) {
		var units []uint16
		for i := 0; i < len(b); i += 2 {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		}
		list = append(list, []byte(string(utf16.Decode(units))))
	}
	return list
}

func strs(v any, list *[][]byte) {
	switch v := v.(type) {
	case string:
		*list = append(*list, []byte(v))
	case []any:
		for _, item := range v {
			strs(item, list)
		}
	case map[string]any:
		for name, item := range v {
			*list = append(*list, []byte(name))
			strs(item, list)
		}
	}
}
