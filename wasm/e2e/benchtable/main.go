//go:build !js

// Command benchtable makes a table of what `go test -bench` prints, and writes
// the same as JSON to the file that its one argument names.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// A result is what was measured of one benchmark.
type result struct {
	Package string             `json:"package"`
	Name    string             `json:"name"`
	Runs    int                `json:"runs"`
	Metrics map[string]float64 `json:"metrics"` // by unit
	units   []string           // in their order
}

func main() {
	if err := run(os.Stdin, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: benchtable FILE.json")
	}
	results, failed, err := parse(in, out)
	if err != nil {
		return err
	}
	table(out, results)
	b, err := json.MarshalIndent(results, "", "  ")
	if err == nil {
		err = os.WriteFile(args[0], append(b, '\n'), 0o644)
	}
	if err == nil && failed {
		err = errors.New("a benchmark failed")
	}
	return err
}

// parse reads results. What is none, as a failure, is passed on to out.
func parse(in io.Reader, out io.Writer) (results []result, failed bool, err error) {
	lines := bufio.NewScanner(in)
	name := ""
	for lines.Scan() {
		line := lines.Text()
		fields := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "pkg: "):
			name = fields[1]
		case strings.HasPrefix(line, "Benchmark") && len(fields) >= 4:
			if r, ok := parseLine(fields); ok {
				r.Package = name
				results = append(results, r)
			}
		case strings.Contains(line, "FAIL"):
			failed = true
			fmt.Fprintln(out, line)
		case strings.HasPrefix(line, "    "):
			fmt.Fprintln(out, line)
		}
	}
	return results, failed, lines.Err()
}

// parseLine reads a name, how often it ran, and pairs of a value and its unit.
func parseLine(fields []string) (r result, ok bool) {
	runs, err := strconv.Atoi(fields[1])
	if err != nil {
		return r, false
	}
	r = result{Name: strings.TrimPrefix(fields[0], "Benchmark"), Runs: runs, Metrics: map[string]float64{}}
	for i := 2; i+1 < len(fields); i += 2 {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return r, false
		}
		r.Metrics[fields[i+1]] = v
		r.units = append(r.units, fields[i+1])
	}
	return r, true
}

// table prints a line for each result, what it measures itself first.
func table(out io.Writer, results []result) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	last := ""
	for _, r := range results {
		if r.Package != last {
			last = r.Package
			fmt.Fprintf(w, "\n%s\n", last)
		}
		fmt.Fprintf(w, "  %s", r.Name)
		for _, unit := range append(r.units[1:], r.units[0]) {
			fmt.Fprintf(w, "\t%.4g %s", r.Metrics[unit], unit)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}
