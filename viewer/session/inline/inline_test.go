package inline_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/inline"
	"flowpane/viewer/session/pbstream"
)

// flowList is flows that are made for a test.
type flowList struct{ session.List }

func flowsOf(flows ...*flowpb.Flow) *flowList { return &flowList{session.List{Flows: flows}} }

// noise does not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}

func post(content []byte) *flowpb.Flow {
	return &flowpb.Flow{Id: []byte("a"), Request: &flowpb.HTTPRequest{Method: []byte("POST"), Content: content}}
}

// What is too much for a link is refused, and says what else there is.
func TestTooLong(t *testing.T) {
	for _, test := range []struct {
		flows *flowList
		err   error
	}{
		{flowsOf(), inline.ErrEmpty},
		{flowsOf(post(noise(24000))), nil},
		{flowsOf(post(noise(24600))), inline.ErrLong},
		{flowsOf(post(noise(5 << 20))), inline.ErrLong},
		{flowsOf(post(make([]byte, 1<<20))), nil},
		{flowsOf(post(make([]byte, inline.MaxSize))), inline.ErrLong}, // it would not be unpacked
	} {
		text, err := inline.Text(t.Context(), test.flows)
		if err != test.err || len(text) > inline.MaxText {
			t.Errorf("%d characters, %v; want %v", len(text), err, test.err)
		}
		if err != nil {
			continue
		}
		if _, err := inline.Flows(text); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := inline.Text(ctx, flowsOf(post(nil))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// packed returns text that unpacks to b, whatever that is.
func packed(t testing.TB, b io.Reader, behind string) string {
	t.Helper()
	var out bytes.Buffer
	out.Write(make([]byte, crc32.Size))
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out.WriteString(behind)
	binary.BigEndian.PutUint32(out.Bytes(), crc32.ChecksumIEEE(out.Bytes()[crc32.Size:]))
	return "1" + base64.RawURLEncoding.EncodeToString(out.Bytes())
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// A link is hostile input.
func TestRefused(t *testing.T) {
	good := packed(t, strings.NewReader("flows"), "")
	if b, err := inline.Flows(good); string(b) != "flows" || err != nil {
		t.Fatalf("%q, %v", b, err)
	}
	for _, test := range []struct {
		text string
		err  error
	}{
		{"", inline.ErrDamaged},
		{"1", inline.ErrDamaged},
		{"0" + good[1:], inline.ErrDamaged},
		{"2" + good[1:], inline.ErrNewer},
		{"x", inline.ErrDamaged},
		{good + ".", inline.ErrDamaged},
		{good + "A", inline.ErrDamaged},
		{good[:len(good)-1], inline.ErrDamaged},
		{strings.ToLower(good), inline.ErrDamaged},
		{packed(t, strings.NewReader("flows"), "more"), inline.ErrDamaged},
		{packed(t, strings.NewReader(""), ""), inline.ErrDamaged},
		{packed(t, io.LimitReader(zeros{}, inline.MaxSize), ""), nil},
		{packed(t, io.LimitReader(zeros{}, inline.MaxSize+1), ""), inline.ErrLarge},
	} {
		if _, err := inline.Flows(test.text); err != test.err {
			t.Errorf("%.40q: %v, want %v", test.text, err, test.err)
		}
	}
	for i := range good {
		for _, c := range []byte("A9-_%") {
			if c == good[i] {
				continue
			}
			if _, err := inline.Flows(good[:i] + string(c) + good[i+1:]); err == nil {
				t.Errorf("character %d may as well be %c", i, c)
			}
		}
	}
}

// FuzzFlows: whatever stands in a link, and whatever that unpacks to, opens or
// is refused, and never panics; what opens can be put into a link again, and then
// has the same flows.
func FuzzFlows(f *testing.F) {
	for _, flow := range []*flowpb.Flow{post(nil), post([]byte("a=1")), post(noise(3000))} {
		text, err := inline.Text(f.Context(), flowsOf(flow, flow))
		if err != nil {
			f.Fatal(err)
		}
		flows, err := inline.Flows(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, flows)
	}
	f.Add("1", []byte("\x03\x0a\x01\x00"))
	f.Fuzz(func(t *testing.T, text string, flows []byte) {
		if b, err := inline.Flows(text); err == nil && len(b) > inline.MaxSize {
			t.Errorf("%d bytes were unpacked", len(b))
		}
		list := streamed(t, flows)
		again, err := inline.Text(t.Context(), list)
		if err == inline.ErrLong || err == inline.ErrEmpty {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := inline.Flows(again)
		if err != nil {
			t.Fatal(err)
		}
		after := streamed(t, b)
		if len(after.Issues) > 0 || !slices.EqualFunc(after.Flows, list.Flows, func(a, b *flowpb.Flow) bool { return bytes.Equal(a.Id, b.Id) }) {
			t.Fatalf("%d flows, %d before; %v", len(after.Flows), len(list.Flows), after.Issues)
		}
	})
}

// streamed returns the flows of a stream.
func streamed(t testing.TB, b []byte) *session.List {
	t.Helper()
	r, err := pbstream.Format.Open(t.Context(), blob.Bytes(b))
	if err != nil {
		t.Fatal(err)
	}
	list, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
