package viewer_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const module = "flowpane/"

// mayImport lists, for each package of this module, the packages of this
// module that its non-test files may import. A package that is not listed
// fails, and so does a rule without a package.
var mayImport = map[string]string{
	"proto":          "",
	"proto/wire":     "",
	"proto/flowpb":   "proto/wire",
	"proto/viewerpb": "proto/wire",

	"viewer":                   "",
	"viewer/blob":              "",
	"viewer/filter":            "viewer/jsontext",
	"viewer/jsontext":          "",
	"viewer/link":              "",
	"viewer/bundle":            "viewer/link",
	"viewer/flow":              "proto/flowpb",
	"viewer/content":           "viewer/flow viewer/jsontext",
	"viewer/session":           "viewer/blob viewer/flow proto/flowpb",
	"viewer/session/mitm":      "viewer/session viewer/blob viewer/flow proto/*",
	"viewer/session/sessiondb": "viewer/schema viewer/session viewer/blob viewer/flow proto/*",
	"viewer/session/har":       "viewer/session viewer/blob viewer/flow proto/*",
	"viewer/session/pbstream":  "viewer/session viewer/blob viewer/flow proto/*",
	"viewer/session/inline":    "viewer/session viewer/session/pbstream",
	"viewer/session/corpus":    "",
	"viewer/hostile":           "viewer/blob viewer/session viewer/session/mitm viewer/session/har viewer/session/pbstream viewer/session/sessiondb proto/flowpb",
	"viewer/session/archive":   "viewer/session viewer/blob viewer/flow proto/*",
	"viewer/session/formats":   "viewer/session viewer/session/*",
	"viewer/schema":            "viewer/flow proto/flowpb",
	"viewer/store":             "viewer/blob viewer/flow viewer/schema proto/*",
	"viewer/store/stream":      "viewer/store viewer/flow viewer/blob viewer/session viewer/session/formats proto/flowpb",
	"viewer/view":              "viewer/flow viewer/filter proto/*",
	"viewer/export":            "viewer/flow viewer/session proto/flowpb",
	"viewer/diff":              "",
	"viewer/seal":              "viewer/blob",
	"viewer/redact":            "viewer/blob viewer/flow viewer/jsontext viewer/session proto/*",
	"viewer/redact/planted":    "viewer/blob viewer/session viewer/session/formats proto/flowpb",
	"viewer/engine":            "viewer/api viewer/blob viewer/bundle viewer/content viewer/diff viewer/export viewer/filter viewer/flow viewer/jsontext viewer/link viewer/redact viewer/seal viewer/session viewer/session/formats viewer/session/inline viewer/session/pbstream viewer/session/sessiondb viewer/store viewer/view proto/*",
	"viewer/api":               "proto/viewerpb",
	"viewer/screen":            "viewer/api viewer/link proto/viewerpb",
	"viewer/ui":                "viewer/api viewer/screen proto/viewerpb",

	"wasm/promise":    "",
	"wasm/port":       "viewer/api",
	"wasm/fileblob":   "viewer/blob wasm/promise",
	"wasm/httpblob":   "viewer/blob wasm/promise",
	"wasm/webcrypto":  "viewer/seal wasm/promise",
	"wasm/opfs":       "viewer/blob wasm/promise wasm/fileblob",
	"wasm/engineside": "viewer/engine viewer/api viewer/blob viewer/bundle viewer/store proto/viewerpb wasm/promise wasm/port wasm/fileblob wasm/httpblob wasm/opfs wasm/webcrypto",
	"wasm/pageside":   "viewer/ui viewer/screen viewer/api wasm/port",
	"wasm/engine":     "wasm/engineside",
	"wasm/e2e":        "",
	"wasm/e2e/worker": "proto/flowpb proto/viewerpb viewer/blob viewer/filter viewer/flow viewer/seal viewer/session viewer/store viewer/store/stream viewer/view wasm/opfs wasm/port wasm/webcrypto",
	"wasm/page":       "wasm/pageside",
	"wasm/whole":      "wasm/engineside wasm/pageside",

	"static":              "",
	"static/samples":      "",
	"static/samples/shop": "",
	"static/pack":         "static viewer/bundle",
	"static/licenses":     "",
	"cmd/serve":           "static viewer/blob viewer/bundle viewer/engine proto/viewerpb",
}

const (
	noNetwork = "8 MB, and nothing leaves the machine"
	noTests   = "test code"
)

// mayNotLink lists, for each binary, what must not be in it, and why.
var mayNotLink = map[string]map[string]string{
	"wasm/page": {
		module + "viewer/store":            "the page asks the engine",
		module + "viewer/engine":           "the page asks the engine",
		"github.com/ncruces/go-sqlite3":    "11 MB",
		"google.golang.org/protobuf/proto": "reflection: 0.6 MB more to download",
		"encoding/json":                    "0.1 MB more to download",
		"net/http":                         noNetwork,
		"regexp":                           "0.1 MB more to download; the engine parses filters",
		"testing":                          noTests,
	},
	"wasm/engine": {
		module + "viewer/ui":                      "a worker has no document",
		module + "viewer/hostile":                 noTests,
		"github.com/ncruces/go-sqlite3/vfs/memdb": "it links testing",
		"github.com/ncruces/go-sqlite3/driver":    "database/sql is of no use here",
		"net/http":                                noNetwork,
		"testing":                                 noTests,
	},
	"wasm/whole": {
		"github.com/ncruces/go-sqlite3/vfs/memdb": "it links testing",
		"github.com/ncruces/go-sqlite3/driver":    "database/sql is of no use here",
		"net/http":                                noNetwork,
		"testing":                                 noTests,
	},
}

// onlyIn names the places that may import what ties code to a browser or to
// SQLite.
var onlyIn = map[string][]string{
	"syscall/js":                    {"wasm/", "viewer/ui"},
	"honnef.co/go/js/dom/v2":        {"viewer/ui"},
	"github.com/ncruces/go-sqlite3": {"wasm/", "viewer/store", "viewer/session/sessiondb", "viewer/hostile"},
}

type pkg struct {
	ImportPath    string
	Imports, Deps []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot run the go command")
	}
	readSources(t)
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", module+"...")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

// readSources reads every Go file: Go's test cache cannot see what the go
// command reads, and would call a result current that a new import has made
// stale.
func readSources(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".go") {
			_, err = os.ReadFile(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImports(t *testing.T) {
	found := map[string]bool{}
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		found[name] = true
		allowed, ok := mayImport[name]
		if !ok {
			t.Errorf("%s has no rule in mayImport", name)
		}
		for _, imp := range p.Imports {
			checkImport(t, name, imp, strings.Fields(allowed))
		}
		for dep, why := range mayNotLink[name] {
			if slices.Contains(p.Deps, dep) {
				t.Errorf("%s links %s: %s", name, dep, why)
			}
		}
	}
	for name := range mayImport {
		if !found[name] {
			t.Errorf("mayImport has a rule for %s, which does not exist", name)
		}
	}
}

func checkImport(t *testing.T, name, imp string, allowed []string) {
	t.Helper()
	for what, places := range onlyIn {
		if imp != what && !strings.HasPrefix(imp, what+"/") {
			continue
		}
		if !slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(name, p) }) {
			t.Errorf("%s imports %s, which only %v may", name, imp, places)
		}
	}
	in, ours := strings.CutPrefix(imp, module)
	matches := func(glob string) bool { ok, _ := path.Match(glob, in); return ok }
	if ours && !slices.ContainsFunc(allowed, matches) {
		t.Errorf("%s imports %s, which mayImport does not allow", name, in)
	}
}
