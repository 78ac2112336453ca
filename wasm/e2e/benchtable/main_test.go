//go:build !js

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const in = `goos: linux
pkg: flowpane/a
BenchmarkOpen-2   	       3	1803090639 ns/op	       852.9 all-rows-ms	     10000 flows
BenchmarkOther/x-2 	 100	 12 ns/op
PASS
pkg: flowpane/b
--- FAIL: BenchmarkBad
    bad_test.go:1: it is bad
`
	file := filepath.Join(t.TempDir(), "bench.json")
	var out bytes.Buffer
	err := run(strings.NewReader(in), &out, []string{file})
	if err == nil || !strings.Contains(out.String(), "bad_test.go:1: it is bad") {
		t.Errorf("%v\n%s", err, &out)
	}
	if !strings.Contains(out.String(), "Open-2     852.9 all-rows-ms  1e+04 flows  1.803e+09 ns/op") {
		t.Errorf("table\n%s", &out)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(b, &results); err != nil || len(results) != 2 || results[0].Metrics["all-rows-ms"] != 852.9 || results[1].Package != "flowpane/a" || results[0].Runs != 3 {
		t.Errorf("%v, %s", err, b)
	}
	if err := run(strings.NewReader(""), &out, nil); err == nil {
		t.Error("without a file")
	}
}
