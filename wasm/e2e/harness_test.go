//go:build !js

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
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

// address is where cmd/serve serves the built viewer, server its binary, and
// browser the context of the one Chromium that all tests share.
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

// serve builds and starts cmd/serve.
func serve(dir string) (stop func(), err error) {
	server = filepath.Join(dir, "serve")
	if out, err := exec.Command("go", "build", "-o", server, "flowpane/cmd/serve").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	address, stop, err = start()
	return stop, err
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
