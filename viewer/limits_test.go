package viewer_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer"
)

// bounding is what constants are named that bound something.
var bounding = regexp.MustCompile(`^(max|Max)[A-Z]|(Max|Most|Depth|Limit|Issues)$`)

// unnoticed are those of them that nobody meets: of windows, of which the next is
// asked for, of caches, of ways to go about something, of lists that say how many
// there are, and of formats themselves.
var unnoticed = strings.Fields(`
	blob.maxRun
	bundle.maxName
	content.maxBoxes content.maxCertificates content.maxGraphQL content.maxInside content.maxInsideJSON content.maxLexed content.maxMissed content.maxName content.maxNumber content.maxOpened content.maxSteps content.maxTable content.maxText content.maxTexts content.nameMax content.scriptDepth content.tokenMax content.xmlDepth content.yamlKeyMax
	diff.maxEdits
	engine.hotLimit engine.maxFirstBody engine.maxBefore engine.maxCertificates engine.maxCompletions engine.maxLines engine.maxMessages engine.maxRows engine.maxSearched engine.maxSecretFlows engine.maxSorted engine.maxWindow
	filter.maxHit filter.maxInsts filter.maxRepeat filter.maxStates
	flow.MaxContent flow.MaxWindow flow.maxLabel flow.maxNames flow.maxReused flow.oidMax
	redact.MaxListed redact.maxDepth redact.maxField redact.maxHead redact.maxItems redact.maxLayers redact.maxLook redact.maxMessages redact.maxName redact.maxNameLen redact.maxNested redact.maxSchema
	screen.maxLit screen.maxOfferedName screen.maxPicks screen.maxReasons screen.maxRecent screen.maxSlip screen.maxSpacer screen.maxWidth screen.maxWindows
	seal.maxChunk seal.maxRun
	session/archive.maxWindow
	session/har.maxDecoded session/har.maxEncoded session/har.maxEscape session/har.maxInline session/har.maxIssues session/har.maxRune session/har.maxServers session/har.maxWhole session/har.moreIssues
	session/mitm.maxConnections session/mitm.maxCopied session/mitm.maxHead session/mitm.maxHeld session/mitm.maxKey session/mitm.maxLengthDigits session/mitm.maxPEMs session/mitm.maxProbes session/mitm.maxRemembered session/mitm.maxWaiting session/mitm.maxWhole
	session/pbstream.inlineMax session/pbstream.maxBacks session/pbstream.maxBegin session/pbstream.maxLook
	session/sessiondb.inlineMax session/sessiondb.maxArguments session/sessiondb.maxBody session/sessiondb.maxColumns session/sessiondb.maxNodes session/sessiondb.maxCompound session/sessiondb.maxPattern session/sessiondb.maxProgram session/sessiondb.maxTriggerDeep session/sessiondb.maxVariables session/sessiondb.readMax
	store.inlineMax store.maxSame
	ui.maxMarked ui.maxPieces ui.maxSelected
	view.maxBranch view.maxBuckets view.maxConditions view.maxGroups view.maxOutliers
	wasm/engineside.maxHelpers wasm/opfs.maxPending
`)

// A source is the code of a package without its tests: its constants with their
// values, and its text; and the names of its tests.
type source struct {
	constants map[string]string
	text      string
	tests     []string
}

// sources reads all packages.
func sources(t *testing.T) map[string]*source {
	t.Helper()
	all := map[string]*source{}
	for _, root := range []string{".", "../wasm"} {
		err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return err
			}
			dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
			if all[dir] == nil {
				all[dir] = &source{constants: map[string]string{}}
			}
			return all[dir].add(name)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (s *source) add(name string) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	test := strings.HasSuffix(name, "_test.go")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if test && strings.HasPrefix(n.Name.Name, "Test") {
				s.tests = append(s.tests, n.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && n.Tok == token.CONST && !test && len(v.Values) == len(v.Names) {
					for i, id := range v.Names {
						var b strings.Builder
						printer.Fprint(&b, fset, v.Values[i])
						s.constants[id.Name] = b.String()
					}
				}
			}
		}
		return true
	})
	if test {
		return nil
	}
	text, err := os.ReadFile(name)
	s.text += string(text)
	return err
}

// TestLimits compares the list of limits with the code: each is there, with its
// value, is told, and is met by a test. None is missing.
func TestLimits(t *testing.T) {
	all := sources(t)
	listed := map[string]bool{}
	for _, l := range viewer.Limits() {
		dir, name := filepath.ToSlash(filepath.Dir(l.Constant)), filepath.Base(l.Constant)
		pkg, name, _ := strings.Cut(name, ".")
		dir = strings.TrimPrefix(dir+"/"+pkg, "./")
		s := all[dir]
		if s == nil {
			t.Errorf("%s: there is no such package", l.Constant)
			continue
		}
		if got := s.constants[name]; got != l.Value {
			t.Errorf("%s is %q, listed as %q", l.Constant, got, l.Value)
		}
		if l.About == "" || l.Told == "" || !strings.Contains(s.text, l.Told) {
			t.Errorf("%s: the package does not say %q", l.Constant, l.Told)
		}
		at, test, _ := strings.Cut(l.Met, ".")
		if all[at] == nil || !slices.Contains(all[at].tests, test) {
			t.Errorf("%s: there is no test %s", l.Constant, l.Met)
		}
		if listed[dir+"."+name] = true; slices.Contains(unnoticed, dir+"."+name) {
			t.Errorf("%s is said to be met by nobody", l.Constant)
		}
	}
	for dir, s := range all {
		for name := range s.constants {
			constant := dir + "." + name
			if bounding.MatchString(name) && !listed[constant] && !slices.Contains(unnoticed, constant) {
				t.Errorf("%s is not listed", constant)
			}
		}
	}
	for _, constant := range unnoticed {
		dot := strings.LastIndexByte(constant, '.')
		if s := all[constant[:dot]]; s == nil || s.constants[constant[dot+1:]] == "" {
			t.Errorf("%s is not there", constant)
		}
	}
}
