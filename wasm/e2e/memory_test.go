//go:build !js

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/chromedp/chromedp"
)

// rendererPeak returns the most memory that any renderer process of the
// browser has held, in megabytes, worker and page together; 0 where the system
// does not tell.
func rendererPeak() float64 {
	process := chromedp.FromContext(browser).Browser.Process()
	if process == nil {
		return 0
	}
	var peak float64
	commands, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range commands {
		command, _ := os.ReadFile(name)
		dir := filepath.Dir(name)
		if bytes.Contains(command, []byte("--type=renderer")) && descends(dir, process.Pid) {
			peak = max(peak, highWater(dir))
		}
	}
	return peak
}

// descends reports whether the process of a directory in /proc is a child of
// pid, or a child's child.
func descends(dir string, pid int) bool {
	for range 4 {
		parent := statusField(dir, "PPid:")
		if parent == "" || parent == "1" {
			return false
		}
		if parent == strconv.Itoa(pid) {
			return true
		}
		dir = filepath.Join("/proc", parent)
	}
	return false
}

// highWater returns the peak of resident memory, in megabytes.
func highWater(dir string) float64 {
	kilobytes, _ := strconv.Atoi(statusField(dir, "VmHWM:"))
	return float64(kilobytes) / 1000
}

func statusField(dir, name string) string {
	status, _ := os.ReadFile(filepath.Join(dir, "status"))
	_, rest, _ := strings.Cut(string(status), name)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}
