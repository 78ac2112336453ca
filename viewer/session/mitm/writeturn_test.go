package mitm

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// children returns the elements in a list or dict, as they are.
func children(t testing.TB, b []byte) (all [][]byte) {
	t.Helper()
	for len(b) > 0 {
		_, size, err := scan(b, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b[:size])
		b = b[size:]
	}
	return all
}

// turned returns an element with the pairs of all dicts in reverse order, but
// for those of metadata.
func turned(t testing.TB, b []byte) []byte {
	t.Helper()
	e, _, err := scan(b, 0)
	if err != nil {
		t.Fatal(err)
	}
	if e.tag != tagDict && e.tag != tagList {
		return b
	}
	all := children(t, e.payload)
	for i, child := range all {
		if e.tag == tagList || i%2 == 1 && !bytes.HasSuffix(all[i-1], []byte(":metadata;")) {
			all[i] = turned(t, child)
		}
	}
	if e.tag == tagDict {
		slices.Reverse(all)
		for i := 0; i < len(all); i += 2 {
			all[i], all[i+1] = all[i+1], all[i]
		}
	}
	return wrapped(all, e.tag)
}

func wrapped(all [][]byte, tag byte) []byte {
	payload := bytes.Join(all, nil)
	return append(append(strconv.AppendInt(nil, int64(len(payload)), 10), ':'), append(payload, tag)...)
}

// withTurned returns a dump whose backups are turned, and how many they are.
func withTurned(t testing.TB, dump []byte) (out []byte, n int) {
	t.Helper()
	for _, record := range children(t, dump) {
		e, _, err := scan(record, 0)
		if err != nil {
			t.Fatal(err)
		}
		pairs := children(t, e.payload)
		for i := 0; i < len(pairs); i += 2 {
			if bytes.Equal(pairs[i], []byte("6:backup;")) && !bytes.Equal(pairs[i+1], []byte("0:~")) {
				pairs[i+1] = turned(t, pairs[i+1])
				n++
			}
		}
		out = append(out, wrapped(pairs, tagDict)...)
	}
	return out, n
}

// edited reads a dump and gives each flow a backup, which is itself.
func edited(t testing.TB, dump []byte) *session.List {
	t.Helper()
	l, err := session.ReadAll(open(blob.Bytes(dump)))
	if err != nil || len(l.Flows) == 0 {
		t.Fatalf("%d flows, %v", len(l.Flows), err)
	}
	for i, f := range l.Flows {
		before, after := *f, *f
		before.Backup, after.Backup = nil, &before
		l.Flows[i] = &after
	}
	return l
}

// TestWriteTurned: a backup that mitmproxy read and wrote again is written as
// it was, whatever is in it, with bodies that are streamed and such that are
// not.
func TestWriteTurned(t *testing.T) {
	dumps := map[string][]byte{"of our own": []byte(tnet(httpDict("a", bytes.Repeat([]byte("q"), 5000), bytes.Repeat([]byte("p"), 70))) + tnet(tcpDict("b", "c")))}
	for _, file := range []string{"testdata/written.mitm", "../../../static/samples/shop.mitm"} {
		dump, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dumps[file] = dump
	}
	for name, dump := range dumps {
		t.Run(name, func(t *testing.T) { testTurned(t, dump) })
	}
	for _, name := range []string{newestDump, "golden/vectors/flows_v21.mitm"} {
		t.Run(name, func(t *testing.T) { testTurned(t, corpus.File(t, name)) })
	}
}

func testTurned(t *testing.T, dump []byte) {
	l := edited(t, dump)
	plain := writtenDump(t, l)
	want, n := withTurned(t, plain)
	if n != len(l.Flows) || bytes.Equal(want, plain) {
		t.Fatalf("%d backups of %d flows are turned", n, len(l.Flows))
	}
	if again, _ := withTurned(t, want); !bytes.Equal(again, plain) {
		t.Fatal("twice turned is not as it was")
	}
	for _, f := range l.Flows {
		f.Backup.Reversed = new(true)
	}
	sameBytes(t, writtenDump(t, l), want)
	sameBytes(t, rewritten(t, want), want)
	sameBytes(t, rewritten(t, plain), plain)
	strict(t, want)
	flows, issues := collect(t, open(blob.Bytes(want)))
	if len(issues) > 0 || slices.ContainsFunc(flows, func(f *flowpb.Flow) bool { return !f.Backup.GetReversed() || f.GetReversed() }) {
		t.Errorf("issues %v, or a backup is not reversed", issues)
	}
}

// TestWriteTurnedNested: a backup within a backup has an order of its own.
func TestWriteTurnedNested(t *testing.T) {
	body := bytes.Repeat([]byte("b"), 5000)
	for _, orders := range [][2]bool{{false, true}, {true, false}, {true, true}} {
		l := edited(t, []byte(tnet(httpDict("a", body, body))+tnet(tcpDict("b", "c"))))
		for _, f := range l.Flows {
			inner := *f.Backup
			f.Backup.Backup = &inner
			for i, b := range []*flowpb.Flow{f.Backup, &inner} {
				if orders[i] {
					b.Reversed = new(true)
				}
			}
		}
		dump := writtenDump(t, l)
		sameBytes(t, rewritten(t, dump), dump)
		flows, _ := collect(t, open(blob.Bytes(dump)))
		if len(flows) != 2 {
			t.Fatalf("%d flows", len(flows))
		}
		for _, f := range flows {
			if got := [2]bool{f.Backup.GetReversed(), f.Backup.Backup.GetReversed()}; got != orders {
				t.Errorf("reversed %v, want %v", got, orders)
			}
		}
	}
}

// TestReadReversed: only backups of the newest format say their order.
func TestReadReversed(t *testing.T) {
	old := append(dict{"version", 20}, older(timelessDict("b"), 20)...)
	flows, issues := collect(t, open(blob.Bytes([]byte(tnet(httpDict("a", nil, nil).with("backup", old))))))
	if len(flows) != 1 || len(issues) > 0 {
		t.Fatalf("%d flows, %v", len(flows), issues)
	}
	if b := flows[0].Backup; b == nil || b.Reversed != nil || b.GetFormatVersion() != 20 {
		t.Errorf("backup %v", b)
	}
}

// TestIsProxyMode holds modes against what mitmproxy takes.
func TestIsProxyMode(t *testing.T) {
	for mode, want := range map[string]bool{
		"regular": true, "regular@8080": true, "regular@127.0.0.1:8080": true, "REGULAR": true, "regular@": true, "transparent": true,
		"socks5": true, "dns@53": true, "wireguard": true, "wireguard:keys.conf@51820": true, "local": true, "local:curl,!firefox": true, "tun": true,
		"tun:utun3": true, "wireguard:me@home.conf@51820": true, "upstream:http://p:8080": true, "upstream:https://p": true, "upstream:p:8080": true,
		"reverse:https://shop.test@443": true, "reverse:quic://shop.test:443@[::1]:443": true, "reverse:shop.test": true,
		"": false, "regular:x": false, "socks5:x": false, "osproxy": false, "regular@port": false, "regular@65536": false, "regular@-1": false,
		"upstream": false, "upstream:": false, "upstream:ftp://p": false, "upstream:http://": false, "reverse:": false, "reverse:ftp://shop.test": false,
		"@8080": false, "proxy": false,
	} {
		if got := isProxyMode(mode); got != want {
			t.Errorf("%q: %v, want %v", mode, got, want)
		}
	}
}
