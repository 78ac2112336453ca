package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"flowpane/viewer/bundle"
)

// A budget is what a binary may weigh with brotli 9, in bytes.
type budget struct {
	name  string
	bytes int
}

// The engine's 4.85 MB are 4.25 MB with brotli 11, as it is sent.
var budgets = []budget{
	{"page.wasm", 1_300_000},
	{"engine.wasm", 4_850_000},
}

// checkSizes measures the binaries against their budgets. Releases are made with
// brotli 11, which leaves an eighth less and takes a minute; quality 9 takes
// seconds, and grows as a binary does.
func checkSizes(out io.Writer, dir string, budgets []budget) error {
	const quality = 9
	over := 0
	for _, b := range budgets {
		content, err := os.ReadFile(filepath.Join(dir, b.name))
		if err != nil {
			return err
		}
		br, err := compressed(content, quality)
		if err != nil {
			return err
		}
		verdict := "within"
		if len(br) > b.bytes {
			verdict = "OVER"
			over++
		}
		fmt.Fprintf(out, "%-12s %9d bytes, %8d with brotli %d: %s its budget of %d\n", b.name, len(content), len(br), quality, verdict, b.bytes)
	}
	if over > 0 {
		return fmt.Errorf("%d of %d binaries are over budget", over, len(budgets))
	}
	return nil
}

// wholeBudget is what the page in one file may weigh, with the sample session in
// it, in bytes.
const wholeBudget = 6_500_000

// checkWhole measures the page in one file with the sample session. It is
// compressed with gzip whatever the quality is.
func checkWhole(out io.Writer, src, wasm string, budget int) error {
	s, err := read(src, wasm)
	if err != nil {
		return err
	}
	page, err := s.wholeFile(wasm)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = bundle.HTML(&b, page.content, bundle.Share{Sessions: []bundle.Session{{Name: sample, Write: func(w io.Writer) error {
		_, err := w.Write(s[sample])
		return err
	}}}})
	if err != nil {
		return err
	}
	verdict := "within"
	if b.Len() > budget {
		verdict = "OVER"
		err = fmt.Errorf("the page in one file is over budget")
	}
	fmt.Fprintf(out, "%-12s %9d bytes with the sample session: %s its budget of %d\n", page.name, b.Len(), verdict, budget)
	return err
}

const sample = "samples/shop.mitm"
