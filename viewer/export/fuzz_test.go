package export

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tools stand for the programs that the commands call: they print what they are
// given, and what they read. No other program is found.
const tools = `curl() { printf '%s\0' "$@"; }
http() { printf '%s\0' "$@"; [ -t 0 ] || { IFS= read -r -d '' text; printf '%s\0' "$text"; }; }
`

// FuzzCommands has bash read the commands for a request of any texts. It calls the
// one program with them as they are, and does nothing else.
func FuzzCommands(f *testing.F) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("bash is not installed")
	}
	written := 0
	for _, hostile := range []string{
		"a", "it's", "$(echo x)", "`echo x`", "a\nb", "\n", "'; echo x; '", "\\", "\x1b[2J\u009b", "é\u202e", ">x", "<<<y", "!!", "*", "~", "%s\n%n", "-x", "@x",
		"\xff", "a\x00b", "\x01'2", "#", "${IFS}", "\x7f\u0085", "&", "\r\n\t",
	} {
		f.Add("POST", "/"+hostile, "x", hostile, hostile)
		f.Add("GET", "/", "x-"+hostile, hostile, "")
		if _, err := curl(get("POST", "/"+hostile, hostile, "x", hostile)); err == nil {
			written++
		}
	}
	if written < 20 {
		f.Fatalf("%d of the seeds are written", written)
	}
	f.Fuzz(func(t *testing.T, method, path, name, value, body string) {
		x := get(method, path, body, name, value)
		for _, write := range []func(Exchange) (Text, error){curl, httpie} {
			text, err := write(x)
			if err != nil {
				continue
			}
			c, err := newCall(x)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{c.url}
			if c.method != "GET" && c.method != "HEAD" {
				want = append(want, c.method)
			}
			for _, h := range c.headers {
				if h.value != "" && !strings.EqualFold(h.name, "accept-encoding") {
					want = append(want, h.name+": "+h.value)
				}
			}
			if body != "" && text.File == "" {
				want = append(want, body)
			}
			given := read(t, bash, text)
			for _, part := range want {
				if !slices.Contains(given, part) && !slices.Contains(given, part+"\n") {
					t.Errorf("%q is not in what is given, %q, by %s", part, given, text.Bytes)
				}
			}
		}
	})
}

// read returns what a command gives to the one program that it calls. It must do
// nothing else, as far as that can be seen: no file is there afterwards, and bash
// complains of nothing.
func read(t *testing.T, bash string, command Text) (given []string) {
	t.Helper()
	dir := t.TempDir()
	if command.File != "" {
		if err := os.WriteFile(filepath.Join(dir, command.File), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bash, "--noprofile", "--norc", "-c", tools+string(command.Bytes))
	cmd.Dir, cmd.Env = dir, []string{"PATH=/none", "LC_ALL=C.UTF-8"}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Errorf("%s: %v: %s", command.Bytes, err, &said)
	}
	left, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return e.Name() != command.File }) {
		t.Errorf("%s left %v, %v", command.Bytes, left, err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\x00"), "\x00")
}
