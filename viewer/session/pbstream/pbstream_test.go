package pbstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

func TestRead(t *testing.T) {
	l := read(t, delimited(kinds()...))
	sameFlows(t, l.Flows, kinds())
	if l.referred != 6 || len(l.Issues) > 0 {
		t.Errorf("%d references, want 6; issues %q", l.referred, l.issues())
	}
}

// A content of inlineMax bytes stays with its flow, one byte more does not.
func TestInlineBound(t *testing.T) {
	for n, want := range map[int]int{inlineMax: 0, inlineMax + 1: 1} {
		if l := read(t, delimited(web("a", nil, make([]byte, n)))); l.referred != want || len(l.Flows[0].Response.Content) != n {
			t.Errorf("%d bytes: %d references, want %d", n, l.referred, want)
		}
	}
}

func TestSingle(t *testing.T) {
	for _, f := range kinds() {
		l := read(t, f.Append(nil))
		sameFlows(t, l.Flows, []*flowpb.Flow{f})
	}
}

// Messages of 2018 have no kind, and their contents are decoded.
func TestContentsOf2018AreDecoded(t *testing.T) {
	f := web("a", []byte("short"), big)
	f.Kind = nil
	r := open(t, delimited(f))
	got, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind == nil || !got.Request.Body.GetDecoded() || string(got.Request.Content) != "short" ||
		!got.Response.Body.GetDecoded() || got.Response.Content != nil {
		t.Errorf("flow %+v", got)
	}
	if load(t, r, got) != 1 || !bytes.Equal(got.Response.Content, big) {
		t.Errorf("response %.20q", got.Response.Content)
	}
}

func TestIssues(t *testing.T) {
	a, b := delimited(web("a", nil, nil)), delimited(web("b", nil, big))
	damaged := bytes.Clone(a)
	damaged[1] = 0x0b // a group where the request was
	tooLong := bytes.Clone(a)
	tooLong[0] += 20
	foreign := web("f", nil, nil)
	foreign.Response.Body = &flowpb.Body{Offset: new(uint64(1)), Length: new(uint64(2))}
	n := len(a)
	for _, test := range []struct {
		name   string
		file   [][]byte
		ids    []string
		issues []string
	}{
		{"damaged content", [][]byte{a, damaged, b}, []string{"a", "b"}, []string{
			fmt.Sprintf("byte %d: a field cannot be read: ", n)}},
		{"damaged length", [][]byte{a, tooLong, a, b}, []string{"a", "a", "b"}, []string{
			fmt.Sprintf("byte %d: ", n)}},
		{"no length", [][]byte{a, bytes.Repeat([]byte{0xff}, 11), b}, []string{"a", "b"}, []string{
			fmt.Sprintf("byte %d: no message begins here: it has no length; 11 bytes are passed over", n)}},
		{"length beyond the file", [][]byte{a, {0xff, 0xff, 0xff, 0x7f, 0xff}, b}, []string{"a", "b"}, []string{
			fmt.Sprintf("byte %d: no message begins here: it would have 268435455 bytes, and there are %d; 5 bytes are passed over", n, len(b)+1)}},
		{"zeros", [][]byte{a, make([]byte, 5<<20), b}, []string{"a", "b"}, []string{
			fmt.Sprintf("byte %d: 5242880 empty messages", n)}},
		{"cut", [][]byte{a, b[:1000]}, []string{"a"}, []string{
			fmt.Sprintf("byte %d: cut off: the message has %d bytes, 998 of them are here", n, len(b)-2)}},
		{"rubbish at the end", [][]byte{a, []byte("\x05zzz")}, []string{"a"}, []string{
			fmt.Sprintf("byte %d: no message begins here: it would have 5 bytes, and there are 3; 4 bytes are passed over", n)}},
		{"foreign body", [][]byte{delimited(foreign), a}, []string{"f", "a"}, []string{
			"byte 0: 1 bodies lie in another file"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := read(t, slices.Concat(test.file...))
			if !slices.Equal(l.ids(), test.ids) {
				t.Errorf("flows %q, want %q", l.ids(), test.ids)
			}
			if len(l.Issues) != len(test.issues) {
				t.Fatalf("issues %q, want %q", l.issues(), test.issues)
			}
			for i, got := range l.issues() {
				if !strings.HasPrefix(got, test.issues[i]) {
					t.Errorf("issue %q, want %q", got, test.issues[i])
				}
			}
		})
	}
}

// What a message has twice is merged, and the last content counts.
func TestTwice(t *testing.T) {
	twice := func(first, second []byte) []byte {
		b := (&flowpb.Flow{Id: []byte("a"), Kind: new(flowpb.Kind_HTTP), Request: web("", first, nil).Request}).Append(nil)
		return (&flowpb.Flow{Request: &flowpb.HTTPRequest{Content: second}}).Append(b)
	}
	for _, test := range [][2][]byte{{[]byte("x"), big}, {big, []byte("x")}, {[]byte("x"), []byte("yy")}} {
		l := read(t, twice(test[0], test[1]))
		if len(l.Flows) != 1 || !bytes.Equal(l.Flows[0].Request.Content, test[1]) {
			t.Errorf("%.9q then %.9q: issues %q", test[0], test[1], l.issues())
		}
	}
}

func TestNestedBackups(t *testing.T) {
	f := web("0", nil, nil)
	for i := range 5 {
		outer := web(fmt.Sprint(i+1), nil, nil)
		outer.Backup, f = f, outer
	}
	l := read(t, delimited(f, web("b", nil, nil)))
	if !slices.Equal(l.ids(), []string{"b"}) || len(l.Issues) != 1 || !errors.Is(l.Issues[0], errNested) {
		t.Errorf("flows %q, issues %q", l.ids(), l.issues())
	}
}

// broken is a Source whose reads fail.
type broken struct{ blob.Source }

func (broken) ReadAt([]byte, int64) (int, error) { return 0, blob.ErrGone }

func TestFails(t *testing.T) {
	if _, err := Format.Open(t.Context(), broken{blob.Bytes(big)}); !errors.Is(err, blob.ErrGone) {
		t.Errorf("a file that is gone: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Format.Open(ctx, blob.Bytes(delimited(kinds()...)))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := r.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, b := range []*flowpb.Body{
		{Encoding: new(flowpb.Body_JSON)}, {Offset: new(uint64(1 << 63))}, {Length: new(uint64(1 << 20))},
	} {
		if _, err := r.Body(b); err == nil {
			t.Errorf("%+v has bytes", b)
		}
	}
}

func TestSniff(t *testing.T) {
	for _, f := range kinds() {
		for _, file := range [][]byte{delimited(f), f.Append(nil)} {
			for _, n := range []int{60, 200, session.SniffLen} {
				if err := Format.Sniff(file[:min(n, len(file))]); err != nil && !(n == 60 && f.Request == nil) {
					t.Errorf("%s, %d bytes: %v", f.Id, n, err)
				}
			}
		}
	}
}

// TestSniffOdd: a Flow is one whatever its texts are.
func TestSniffOdd(t *testing.T) {
	odd := []byte("<script>\xff\x00\u202e</script> that is longer than any method or id ever was")
	f := &flowpb.Flow{
		Id: odd, Kind: new(flowpb.Kind_HTTP), Comment: odd, Marker: odd, TimestampCreated: new(1.5),
		Request: &flowpb.HTTPRequest{Method: odd, Host: odd, Path: odd}, Response: &flowpb.HTTPResponse{Reason: odd},
	}
	for _, file := range [][]byte{delimited(f), f.Append(nil)} {
		if err := Format.Sniff(file); err != nil {
			t.Error(err)
		}
	}
}

func TestSniffRefuses(t *testing.T) {
	random := rand.New(rand.NewChaCha8([32]byte{}))
	for name, head := range map[string][]byte{
		"text":     []byte("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"),
		"newlines": []byte("\n\n\x12\n"),
		"json":     []byte(`{"log": {"version": "1.2"}}`),
		"png":      []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"jpeg":     []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
		"gif":      []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"),
		"elf":      []byte("\x7fELF\x02\x01\x01\x00\x00\x00"),
		"exe":      []byte("MZ\x90\x00\x03\x00\x00\x00"),
		"wasm":     []byte("\x00asm\x01\x00\x00\x00"),
		"gzip":     []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"),
		"zip":      []byte("PK\x03\x04\x14\x00\x00\x00"),
		"sqlite":   []byte("SQLite format 3\x00\x10\x00\x01\x01"),
		"dump":     []byte("12:4:type;4:http;}"),
		"pcap":     []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00"),
		"zeros":    make([]byte, 100),
		"no flow":  (&flowpb.HTTPRequest{Method: []byte("GET"), Path: []byte("/")}).Append(nil),
		"empty":    delimited(&flowpb.Flow{Kind: new(flowpb.Kind_HTTP)}),
	} {
		if Format.Sniff(head) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	b := make([]byte, 256)
	for range 200_000 {
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		if Format.Sniff(b) == nil {
			t.Fatalf("random bytes %x are accepted", b)
		}
	}
}

// TestDamageInMidFile: a length that leads out of the file costs one message,
// if others follow it.
func TestDamageInMidFile(t *testing.T) {
	body := bytes.Repeat([]byte("body "), 300)
	var flows []*flowpb.Flow
	for i := range 100 {
		flows = append(flows, web("flow"+strconv.Itoa(i), body, body[:10]))
	}
	good := delimited(flows...)
	file := slices.Concat(delimited(web("first", nil, nil)), []byte{0xff, 0xff, 0xff}, good)
	if l := read(t, file); len(l.Flows) < 100 || len(l.Issues) == 0 {
		t.Errorf("%d flows, %v", len(l.Flows), l.Issues)
	}
	second := len(delimited(flows[0])) // the length of the second leads out of the file
	damaged := slices.Concat(good[:second], []byte{0xff, 0xff, 0xff, 0x7f}, good[second+2:])
	if l := read(t, damaged); len(l.Flows) != 99 || len(l.Issues) != 1 {
		t.Errorf("%d flows, %v", len(l.Flows), l.Issues)
	}
	cut := good[:len(good)-5]
	if l := read(t, cut); len(l.Flows) != 99 || len(l.Issues) != 1 || !strings.Contains(l.Issues[0].Error(), "cut off") {
		t.Errorf("cut: %d flows, %v", len(l.Flows), l.Issues)
	}
}
