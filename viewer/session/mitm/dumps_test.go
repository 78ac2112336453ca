package mitm

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

const (
	tooOld      = "byte 0: flow format 0.10 (mitmproxy 0.10) is older than what mitmproxy itself can convert (0.11)"
	noHandshake = "byte 4173: the handshake of this WebSocket is not in front of it"
	newestDump  = "captured/versions/captured-v21.mitm"
)

// A corpusDump is a dump of the corpus, and what is to come of it.
type corpusDump struct {
	file    string
	flows   int    // that are listed here
	theirs  int    // that mitmproxy lists: with handshakes twice, up to where it gives up
	issues  int    // that are told here
	refused string // why the file is refused, record by record
	issue   string // what else is told
	beyond  int    // the format, where mitmproxy gives up at TCP flows
	madeUp  int    // how many values mitmproxy makes up, and are unknown here
}

// dumps are all dumps of the corpus.
var dumps = []corpusDump{
	{file: "captured/captured-8.1.1.mitm", flows: 578, theirs: 578},
	{file: "captured/captured-8.1.1-upstream.mitm", flows: 4, theirs: 4},
	{file: "captured/versions/captured-v05.mitm", flows: 566, theirs: 562, beyond: 5},
	{file: "captured/versions/captured-v07.mitm", flows: 566, theirs: 562, beyond: 7},
	{file: "captured/versions/captured-v10.mitm", flows: 567, theirs: 563, beyond: 10},
	{file: "captured/versions/captured-v12.mitm", flows: 567, theirs: 567},
	{file: "captured/versions/captured-v16.mitm", flows: 567, theirs: 567},
	{file: "captured/versions/captured-v19.mitm", flows: 578, theirs: 578},
	{file: newestDump, flows: 578, theirs: 578},
	{file: "mitmproxy/dumpfile-010.mitm", issues: 1, refused: tooOld},
	{file: "mitmproxy/dumpfile-011.mitm", flows: 1, theirs: 1},
	{file: "mitmproxy/dumpfile-018.mitm", flows: 1, theirs: 1, madeUp: 2},
	{file: "mitmproxy/dumpfile-019.mitm", flows: 1, theirs: 1},
	{file: "mitmproxy/dumpfile-10.mitm", flows: 1, theirs: 1, madeUp: 1},
	{file: "mitmproxy/dumpfile-19.mitm", flows: 1, theirs: 1},
	{file: "mitmproxy/dumpfile-7-websocket.mitm", flows: 4, theirs: 6, issues: 1, issue: noHandshake, madeUp: 3},
	{file: "mitmproxy/dumpfile-7.mitm", flows: 2, theirs: 2},
	{file: "mitmproxy/flows/corrupted_gzip_body.mitm", flows: 1, theirs: 1},
	{file: "mitmproxy/flows/diff_data.mitm", flows: 7, theirs: 7},
	{file: "mitmproxy/flows/error_log.mitm", flows: 2, theirs: 2},
	{file: "mitmproxy/flows/event_stream.mitm", flows: 2, theirs: 2},
	{file: "mitmproxy/flows/incomplete_log.mitm", flows: 4, theirs: 4},
	{file: "mitmproxy/flows/successful_log.mitm", flows: 2, theirs: 2},
	{file: "mitmproxy/flows/websocket.mitm", flows: 3, theirs: 3},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-010", issues: 1, refused: tooOld},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-011", flows: 1, theirs: 1},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-012", flows: 1, theirs: 1},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-013", flows: 1, theirs: 1},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-018", flows: 1, theirs: 1},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-019.bin", flows: 1, theirs: 1},
	{file: "mitmproxy/historical/test__mitmproxy__data__dumpfile-7.bin", flows: 2, theirs: 2},
	{file: "public/alufers_mitmproxy2swagger__testdata_form_data_flows", flows: 1, theirs: 1},
	{file: "public/alufers_mitmproxy2swagger__testdata_generic_keys_flows", flows: 1, theirs: 1},
	{file: "public/alufers_mitmproxy2swagger__testdata_msgpack_flows", flows: 1, theirs: 1},
	{file: "public/alufers_mitmproxy2swagger__testdata_test_flows", flows: 4, theirs: 4},
}

// goldenName returns the name of what mitmproxy loads from a file.
func goldenName(file string) string {
	for folder, short := range map[string]string{"captured/": "", "mitmproxy/historical/": "repo/historical/", "public/": "public/"} {
		if rest, ok := strings.CutPrefix(file, folder); ok {
			return strings.ReplaceAll(short+rest, "/", "__")
		}
	}
	return strings.ReplaceAll("repo/data/"+strings.TrimPrefix(file, "mitmproxy/"), "/", "__")
}

// TestNoDumpIsLeftOut: what is in the corpus and not in dumps is no dump, and
// is refused as such.
func TestNoDumpIsLeftOut(t *testing.T) {
	var others int
	for _, folder := range []string{"captured", "mitmproxy", "public"} {
		root := corpus.Path(t, folder)
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			name := folder + "/" + filepath.ToSlash(rel)
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			listed := slices.ContainsFunc(dumps, func(d corpusDump) bool { return d.file == name })
			if is := sniff(b[:min(len(b), session.SniffLen)]) == nil; is != listed {
				t.Errorf("%s: is a dump: %v", name, is)
			}
			if !listed {
				others++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	same(t, "files that are no dumps", others, 156)
}
