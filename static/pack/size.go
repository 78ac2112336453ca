package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A budget is what a binary may weigh as it is sent, in bytes.
type budget struct {
	name  string
	bytes int
}

var budgets = []budget{
	{"page.wasm", 1_300_000},
	{"engine.wasm", 4_000_000},
}

// checkSizes measures the binaries against their budgets. Quality 9 takes
// seconds and is an upper bound of quality 11, with which releases are made;
// only a binary over its budget is compressed so again.
func checkSizes(out io.Writer, dir string, budgets []budget) error {
	over := 0
	for _, b := range budgets {
		content, err := os.ReadFile(filepath.Join(dir, b.name))
		if err != nil {
			return err
		}
		size, quality := 0, 0
		for _, quality = range []int{9, 11} {
			br, err := compressed(content, quality)
			if err != nil {
				return err
			}
			if size = len(br); size <= b.bytes {
				break
			}
		}
		verdict := "within"
		if size > b.bytes {
			verdict = "OVER"
			over++
		}
		fmt.Fprintf(out, "%-12s %9d bytes, %8d with brotli %d: %s its budget of %d\n", b.name, len(content), size, quality, verdict, b.bytes)
	}
	if over > 0 {
		return fmt.Errorf("%d of %d binaries are over budget", over, len(budgets))
	}
	return nil
}
