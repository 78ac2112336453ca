package export

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// sent is a request as a server got it.
type sent struct {
	method, path string
	headers      http.Header
	host         string
	body         []byte
}

// recorder answers all requests, and remembers the last.
type recorder struct {
	mu   sync.Mutex
	last *sent
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = &sent{q.Method, q.RequestURI, q.Header, q.Host, body}
}

// TestCurlInShell has bash read the commands for all flows of a real capture, and
// curl run some against a server here: it gets what the capture has.
func TestCurlInShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	var commands []Exchange
	for _, x := range exchanges(t, "captured/captured-8.1.1.mitm") {
		if x.Flow.GetRequest() == nil {
			continue
		}
		text, err := curl(x)
		if err != nil {
			t.Errorf("%s: %v", x.Flow.Id, err)
			continue
		}
		check := exec.Command(bash, "-n")
		check.Stdin = bytes.NewReader(text.Bytes)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s\n%s: %s", text.Bytes, err, out)
		}
		commands = append(commands, x)
	}
	if len(commands) != 555 {
		t.Errorf("%d flows of HTTP are written", len(commands))
	}
	runCurl(t, bash, commands)
}

// runs is how many commands are run, of those with a body first.
const runs = 20

func runCurl(t *testing.T, bash string, commands []Exchange) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	var r recorder
	server := httptest.NewServer(&r)
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	run := 0
	for _, withBody := range []bool{true, false} {
		n := 0
		for _, x := range commands {
			method := string(x.Flow.Request.GetMethod())
			if (len(x.Request) > 0) != withBody || n == runs/2 || method == "CONNECT" || x.Flow.GetWebsocket() != nil {
				continue
			}
			n++
			run++
			text, err := curl(x)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if text.File != "" {
				if err := os.WriteFile(filepath.Join(dir, text.File), x.Request, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			// Whatever host is meant, this server is asked, in HTTP/1 and plain.
			script := `curl() { command curl -s -o /dev/null --max-time 10 --connect-to ::` + address + ` "${@/#https:/http:}"; }` + "\n" + string(text.Bytes)
			cmd := exec.Command(bash, "-c", script)
			cmd.Dir = dir
			r.last = nil
			if out, err := cmd.CombinedOutput(); err != nil || r.last == nil {
				t.Errorf("%s: %v %s", text.Bytes, err, out)
				continue
			}
			compare(t, x, r.last)
		}
	}
	if run != runs {
		t.Errorf("%d commands were run", run)
	}
}

// compare compares a request with what the capture has. Curl says itself which
// encodings it takes.
func compare(t *testing.T, x Exchange, got *sent) {
	t.Helper()
	r := x.Flow.Request
	if got.method != string(r.Method) || got.path != string(r.Path) || !bytes.Equal(got.body, x.Request) {
		t.Errorf("%s %s: got %s %s, and a body of %d bytes, not %d", r.Method, r.Path, got.method, got.path, len(got.body), len(x.Request))
	}
	want := http.Header{}
	for _, h := range r.Headers {
		want.Add(string(h.Name), string(h.Value))
	}
	for name, values := range want {
		switch name {
		case "Host", "Accept-Encoding", "Content-Length", "Connection", "Transfer-Encoding", "Content-Encoding":
			continue
		}
		if strings.HasPrefix(name, ":") {
			continue
		}
		if strings.Join(got.headers[name], "\x00") != strings.Join(values, "\x00") {
			t.Errorf("%s %s: header %s is %q, want %q", r.Method, r.Path, name, got.headers[name], values)
		}
	}
}

// TestQuote has bash print what was quoted.
func TestQuote(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	texts := []string{
		"", "a", "a b", "it's", `"`, "$(id)", "`id`", "${HOME}", "!!", "~", "*", "\\", "\\n", "a\nb", "a\n", "\n", "\t", "\r\n", "\x1b]0;x\a", "\x7f",
		"%s%n", "é", "\u009b", "日本", "'\\''", "-n", "--", "#x", "a;b|c&d", "\n'\"\\%$`!", "\x01" + "1", "\x1f" + "f", "foo\nbar", "a\x0ab%",
	}
	var script strings.Builder
	for _, s := range texts {
		script.WriteString("printf '%s\\0' " + quote(s) + "\nprintf '%s\\0' " + shellBody(s) + "\n")
	}
	cmd := exec.Command(bash)
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(got) != 2*len(texts) {
		t.Fatalf("bash prints %d texts of %d", len(got), 2*len(texts))
	}
	for i, s := range texts {
		if got[2*i] != s || got[2*i+1] != s {
			t.Errorf("%q is read as %q, as a body %q", s, got[2*i], got[2*i+1])
		}
	}
}
