package mitm

import (
	"bytes"
	"testing"
)

// What the tests from outside need, which know other formats.
var (
	Rewritten   = rewritten
	WrittenDump = writtenDump
	SameBytes   = sameBytes
	Seeds       = seeds
	Strict      = strict
)

// CorpusDumps returns the names of all dumps that are not refused, and how many
// flows they have.
func CorpusDumps() map[string]int {
	names := map[string]int{"golden/vectors/flows_v21.mitm": 29, "golden/vectors/compat_v7_tcp_websocket.mitm": 3}
	for _, d := range dumps {
		if d.refused == "" {
			names[d.file] = d.flows
		}
	}
	return names
}

// TurnedDump returns a dump with a backup that is reversed.
func TurnedDump(t testing.TB) []byte {
	body := bytes.Repeat([]byte("b"), 100)
	dump, n := withTurned(t, writtenDump(t, edited(t, []byte(tnet(httpDict("a", body, body))+tnet(tcpDict("b", "c"))))))
	if n != 2 {
		t.Fatalf("%d backups are turned", n)
	}
	return dump
}
