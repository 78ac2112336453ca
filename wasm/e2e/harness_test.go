//go:build !js

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for one step. It is no measure of
// speed: machines under load are slow.
const patience = 30 * time.Second

// summary is what tests have to say of themselves in the end.
var summary []string

// released is the folder that `make dist` made, if the tests are to be of it: a
// server of files and no more serves it, below a path. Else cmd/serve serves what
// `make build` made.
var released = os.Getenv("FLOWPANE_DIST")

// address is where the viewer is served, without a slash at its end, server the
// binary of cmd/serve, or "" for a release, and browser the context of the one
// Chromium that all tests share.
var (
	address string
	server  string
	browser context.Context
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	chromium, err := findChromium()
	if err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "flowpane-e2e-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	stop, err := serve(dir)
	if err != nil {
		return 1, err
	}
	defer stop()
	if trapped, err = newTrap(); err != nil {
		return 1, err
	}
	defer trapped.Close()
	ctx, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("host-resolver-rules", "MAP "+hostNames+" "+trapped.Addr().String()+", MAP *."+hostNames+" "+trapped.Addr().String()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	defer cancel()
	browser, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return 1, fmt.Errorf("%s does not start: %w", chromium, err)
	}
	code := m.Run()
	for _, line := range summary {
		fmt.Println(line)
	}
	return code, nil
}

func findChromium() (string, error) {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium found: install the package chromium, or name one in $CHROMIUM")
}

// serve serves the viewer: it builds and starts cmd/serve, if that is to do so.
func serve(dir string) (stop func(), err error) {
	if released != "" {
		return serveReleased()
	}
	server = filepath.Join(dir, "serve")
	if out, err := exec.Command("go", "build", "-o", server, "flowpane/cmd/serve").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	site, stop, err := start()
	address = strings.TrimSuffix(site, "/")
	return stop, err
}

// serveReleased serves a release as the plainest of hosts would.
func serveReleased() (stop func(), err error) {
	if _, err := os.Stat(filepath.Join(released, "index.html")); err != nil {
		return nil, fmt.Errorf("no release is in $FLOWPANE_DIST: %w", err)
	}
	const below = "/teams/http/flowpane"
	host := httptest.NewServer(http.StripPrefix(below, http.FileServer(http.Dir(released))))
	address = host.URL + below
	return host.Close, nil
}

// needsServer skips a test of what cmd/serve does, where another serves.
func needsServer(t *testing.T) {
	t.Helper()
	if released != "" {
		t.Skip("the test is of cmd/serve, and the tests are of a release on another host")
	}
}

// start starts cmd/serve with arguments, and reads its address from its first
// line.
func start(args ...string) (address string, stop func(), err error) {
	cmd := exec.Command(server, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), "Flowpane at ")
	if err != nil || !found {
		stop()
		return "", nil, fmt.Errorf("cmd/serve said %q: %s", line, stderr.String())
	}
	return url, stop, nil
}
