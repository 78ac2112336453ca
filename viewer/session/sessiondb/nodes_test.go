package sessiondb

import (
	"bytes"
	"context"
	"reflect"
	"testing"

	"flowpane/viewer/blob"
)

// TestNodes: the interior pages that lie in one place are those of the trees,
// byte for byte, and with them a flow and its body take few requests.
func TestNodes(t *testing.T) {
	file := written(t, synthetic{flows: 30_000, scale: 50})
	src := newRemote(file)
	r, err := Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, err := range r.List() {
		if err != nil {
			t.Fatal(err)
		}
	}
	nodes := r.db.vfs.nodes.Load()
	if nodes == nil || len(nodes.pages) < 10 {
		t.Fatalf("nodes are %v", nodes)
	}
	for number, page := range nodes.pages {
		there := make([]byte, writtenPage)
		if _, err := file.ReadAt(there, (number-1)*writtenPage); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(page, there) {
			t.Errorf("page %d differs", number)
		}
	}
	for _, n := range []int{3, 12_345, 29_999} {
		before := src.reads
		f, err := r.Flow(n)
		if err != nil {
			t.Fatal(err)
		}
		if ref := f.Response.GetBody(); ref != nil {
			body, err := r.Body(ref)
			if err == nil {
				_, err = blob.ReadAll(body)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("flow %d: %d requests", n, src.reads-before)
		if src.reads-before > 3 {
			t.Errorf("flow %d takes %d requests", n, src.reads-before)
		}
	}
}

// TestInteriors: what is packed is unpacked, and what is damaged is an error,
// whatever it is.
func TestInteriors(t *testing.T) {
	checkInteriors(t, false, []interior{
		{number: 9, children: []uint32{3, 4, 8}, keys: []uint64{5, 1 << 62}},
		{number: 20, children: []uint32{1, 1<<31 - 1}, keys: []uint64{0}},
	})
	checkInteriors(t, true, []interior{
		{number: 9, children: []uint32{3, 4, 8}, cells: [][]byte{{5, 6}, bytes.Repeat([]byte{7}, 300)}},
		{number: 20, children: []uint32{1, 1<<31 - 1}, cells: [][]byte{{}}},
	})
	for _, v := range []uint64{0, 127, 128, 1<<56 - 1, 1 << 56, 1<<64 - 1} {
		b := appendVarint(nil, v)
		if got, size := varint(b); got != v || size != len(b) {
			t.Errorf("%d is %d, of %d bytes", v, got, size)
		}
	}
}

func checkInteriors(t *testing.T, index bool, want []interior) {
	t.Helper()
	var p packer
	p.interiors(want)
	u := &unpacker{b: p.b}
	if got := u.interiors(1<<31-1, index); !reflect.DeepEqual(got, want) || u.end() != nil {
		t.Errorf("%v, %v", got, u.err)
	}
	for i := range p.b {
		for _, damage := range []byte{0xff, 0x01, 0x80} {
			b := bytes.Clone(p.b)
			b[i] ^= damage
			u := &unpacker{b: b}
			for _, n := range u.interiors(1<<31, index) {
				if page, err := n.page(7); err == nil && len(page) != writtenPage {
					t.Errorf("a page of %d bytes", len(page))
				}
			}
		}
		u := &unpacker{b: p.b[:i]}
		if u.interiors(1<<31-1, index); u.err == nil {
			t.Errorf("cut at %d", i)
		}
	}
}
