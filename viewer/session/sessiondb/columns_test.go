package sessiondb

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// chunkOf returns a chunk of flows.
func chunkOf(flows ...*flowpb.Flow) *Chunk {
	c := &Chunk{Total: len(flows)}
	for i, f := range flows {
		c.Summaries = append(c.Summaries, flow.Summarize(f))
		c.Sources = append(c.Sources, uint32(i%3))
	}
	return c
}

func packChunk(t testing.TB, c *Chunk) map[string][]byte {
	t.Helper()
	list, err := c.pack(new(deflater))
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string][]byte{}
	for _, p := range list {
		stored[p.name] = p.content
	}
	return stored
}

func unpackStored(stored map[string][]byte, limit int) (*Chunk, error) {
	return unpackChunk(func(name string) []byte { return stored[name] }, limit)
}

// oddSummaries have values that no flow has by itself.
func oddSummaries() []flow.Summary {
	list := []flow.Summary{
		{},
		{Duration: -1, Start: math.MinInt64, Created: math.Inf(-1)},
		{Duration: math.MaxInt64, Start: math.MaxInt64, Created: math.MaxFloat64},
		{Duration: 1, Start: 1, Created: 5e-324},
		{Duration: 12345, Start: 1718000000123456789, Created: 1718000000.123456},
		{Scheme: "s", Host: "h", Path: "/p", URL: "s://h/p", PrettyURL: "s://h:1/p", PrettyHost: "h"},
		{Scheme: "s", Host: "h", Path: "h", URL: "s://h", PrettyURL: "=", PrettyHost: "!", Method: "get", RawMethod: "GET"},
		{Path: "/aa", URL: ":///aa", PrettyURL: "://", SearchableURL: true, RawMethod: "!", Comment: strings.Repeat("x", 100_000)},
		{RequestSize: -5, ResponseSize: math.MaxInt64, OrderSize: math.MinInt64, Status: math.MinInt32, Flags: math.MaxUint16},
		{Host: "a", Client: "1.2.3.4:5", Server: "::1:443"},
		{Host: "a", Client: "1.2.3.4:6", Server: "::1:443"},
		{Host: "a", Client: "=:05", Server: ":"},
		{Host: "b", Client: ":-1", Server: "a:4294967296"},
		{ContentTypes: [][]byte{{}, []byte("a\nb"), []byte("\xff")}, RequestContentTypes: [][]byte{{}}, Kind: flowpb.Kind_DNS},
	}
	return append(list, list...)
}

func TestColumns(t *testing.T) {
	c := &Chunk{First: 7, Total: 40, Summaries: oddSummaries(), Sources: make([]uint32, len(oddSummaries()))}
	c.Sources[3] = math.MaxUint32
	for _, c := range []*Chunk{c, chunkOf(everything().Flows...), {Total: 1, Summaries: c.Summaries[:1], Sources: []uint32{0}}} {
		got, err := unpackStored(packChunk(t, c), maxColumn)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Summaries {
			if !reflect.DeepEqual(got.Summaries[i], c.Summaries[i]) {
				t.Errorf("summary %d:\n%.1000q\n%.1000q", i, show(got.Summaries[i]), show(c.Summaries[i]))
			}
		}
		if got.First != c.First || got.Total != c.Total || !slices.Equal(got.Sources, c.Sources) {
			t.Errorf("first %d, sources %v", got.First, got.Sources)
		}
	}
}

func show(v any) string { return reflect.ValueOf(v).String() }

func TestKeyColumn(t *testing.T) {
	for _, keys := range [][]string{
		{},
		{"b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6", "", "~1", "B9A8F13E-7cd1-43d3-a93d-a69c719e3ae6", "b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6~2"},
		{"00000000-0000-0000-0000-000000000000", "0000000000000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000g"},
	} {
		var p packer
		p.keys(keys)
		u := &unpacker{b: p.b, limit: maxColumn}
		if got := u.keys(len(keys)); u.end() != nil || !slices.Equal(got, keys) {
			t.Errorf("%q, %v, want %q", got, u.err, keys)
		}
	}
}

// TestUUIDsArePacked: else the keys of a session are more than half of what
// there is to list.
func TestUUIDsArePacked(t *testing.T) {
	var p packer
	p.keys([]string{"b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6", "f9a8f13e-7cd1-43d3-a93d-a69c719e3ae6"})
	if len(p.b) > 40 {
		t.Errorf("%d bytes for two", len(p.b))
	}
}

func TestDamagedColumns(t *testing.T) {
	c := chunkOf(everything().Flows...)
	for name, test := range map[string]struct {
		change func(stored map[string][]byte)
		limit  int
		want   error
	}{
		"missing":  {func(s map[string][]byte) { delete(s, "url") }, maxColumn, nil},
		"empty":    {func(s map[string][]byte) { s["url"] = []byte{} }, maxColumn, errColumn},
		"newer":    {func(s map[string][]byte) { s["url"][0]++ }, maxColumn, errVersion},
		"cut":      {func(s map[string][]byte) { s["url"] = s["url"][:len(s["url"])/2] }, maxColumn, errColumn},
		"of other": {func(s map[string][]byte) { s["url"] = s["kind"] }, maxColumn, errColumn},
		"large":    {func(map[string][]byte) {}, 10_000, errLarge},
		"no rows": {func(s map[string][]byte) {
			var p packer
			p.ints([]int64{0, ChunkLen + 1, ChunkLen + 1})
			s[rowsColumn], _ = new(deflater).deflate(p.b)
		}, maxColumn, errColumn},
	} {
		stored := packChunk(t, c)
		test.change(stored)
		got, err := unpackStored(stored, test.limit)
		if err == nil || got != nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzColumns unpacks columns of any content, as rows of any number: it ends
// without a panic, and what it takes is what it would write.
func FuzzColumns(f *testing.F) {
	seeds := 0
	for _, c := range []*Chunk{chunkOf(everything().Flows...), {Summaries: oddSummaries(), Sources: make([]uint32, len(oddSummaries()))}} {
		stored := packChunk(f, c)
		for i, column := range columns() {
			plain, err := inflate(stored[column.name], maxColumn)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), uint16(len(c.Summaries)), plain)
			seeds++
		}
	}
	var p packer
	p.keys([]string{"b9a8f13e-7cd1-43d3-a93d-a69c719e3ae6", "x"})
	f.Add(uint8(len(columns())), uint16(2), p.b)
	if seeds != 2*len(columns()) || seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, which uint8, rows uint16, plain []byte) {
		n := int(rows) % (ChunkLen + 1)
		u := &unpacker{b: plain, limit: 1 << 20}
		list := columns()
		if int(which)%(len(list)+1) == len(list) {
			if keys := u.keys(n); u.end() == nil {
				checkKeysPack(t, keys)
			}
			return
		}
		column := list[int(which)%(len(list)+1)]
		c := &Chunk{Summaries: make([]flow.Summary, n), Sources: make([]uint32, n)}
		if column.unpack(u, c); u.end() != nil {
			return
		}
		var p packer
		column.pack(&p, c)
		again := &Chunk{Summaries: make([]flow.Summary, n), Sources: make([]uint32, n)}
		u = &unpacker{b: p.b, limit: 1 << 20}
		if column.unpack(u, again); u.end() != nil {
			t.Fatalf("column %s: %v", column.name, u.err)
		}
		var q packer
		if column.pack(&q, again); !bytes.Equal(p.b, q.b) {
			t.Fatalf("column %s: written otherwise the second time", column.name)
		}
	})
}

func checkKeysPack(t *testing.T, keys []string) {
	t.Helper()
	var p packer
	p.keys(keys)
	u := &unpacker{b: p.b, limit: maxColumn}
	if again := u.keys(len(keys)); u.end() != nil || !slices.Equal(again, keys) {
		t.Fatalf("keys %q are read as %q", keys, again)
	}
}

// FuzzInflate takes columns as they are stored.
func FuzzInflate(f *testing.F) {
	seed, err := new(deflater).deflate(noise(5000))
	if err != nil {
		f.Fatal(err)
	}
	if plain, err := inflate(seed, maxColumn); err != nil || !bytes.Equal(plain, noise(5000)) {
		f.Fatalf("seed: %v", err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, stored []byte) {
		if plain, err := inflate(stored, 1<<16); err == nil && len(plain) >= 1<<16 {
			t.Fatalf("%d bytes", len(plain))
		}
	})
}
