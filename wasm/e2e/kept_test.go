//go:build !js

package e2e_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// batch is how many flows wasm/e2e/worker stores at a time, and kept how many
// before it begins a transaction that takes a second.
const (
	batch = 150
	kept  = 10 * batch
)

// found is what the reader says of a store.
type found struct {
	flows                 int
	interrupted, complete bool
}

// find has a worker open the store of a name and compare all that it has with
// what was written, and removes it.
func (p *page) find(worker, name string) (f found) {
	p.Helper()
	answer := p.ask(worker, "check %s", name)
	for end := time.Now().Add(patience); strings.HasSuffix(answer, "in another tab") && time.Now().Before(end); {
		answer = p.ask(worker, "check %s", name) // the one before takes its time to end
	}
	if _, err := fmt.Sscanf(answer, "done %d interrupted %t complete %t", &f.flows, &f.interrupted, &f.complete); err != nil {
		p.Fatalf("%s: %v", answer, err)
	}
	if got := p.ask(worker, "remove %s", name); got != "done " {
		p.Errorf("remove %s: %s", name, got)
	}
	return f
}

// TestKillWorker ends a worker that writes one batch after another. The next
// finds all up to the last batch, and is told that the rest is missing.
func TestKillWorker(t *testing.T) {
	p := workshop(t)
	p.hire("reader")
	for _, after := range []int{1, 9} {
		p.hire("writer")
		p.eval("writer.ask('churn store')")
		p.wait("writer.hears('stored %d')", after*batch)
		p.kill("writer")
		said := p.eval("writer.said.at(-1)")
		var acknowledged int
		if _, err := fmt.Sscanf(said, "stored %d", &acknowledged); err != nil {
			t.Fatalf("the writer said %q", said)
		}
		got := p.find("reader", "store")
		if got.flows%batch != 0 || got.flows < acknowledged || got.complete {
			t.Errorf("after %d flows were acknowledged: %+v", acknowledged, got)
		}
	}
}

// TestCrash ends the whole process in the middle of a transaction.
func TestCrash(t *testing.T) {
	p := workshop(t)
	p.hire("reader")
	p.ask("reader", "list") // it is running, so that the next have the cores
	other := workshop(t)
	other.hire("writer")
	other.eval("writer.ask('fill store')")
	other.wait("writer.hears('stored %d')", kept)
	time.Sleep(800 * time.Millisecond) // within the transaction
	other.crash()
	if got, want := p.find("reader", "store"), (found{kept, true, false}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestKept goes through what can be done with databases that are kept.
func TestKept(t *testing.T) {
	p := workshop(t)
	p.hire("one")
	p.hire("two")
	if got := p.ask("one", "stream other"); !strings.HasPrefix(got, "done ") {
		t.Fatal(got)
	}
	p.eval("one.ask('churn held')")
	p.wait("one.hears('stored')")
	for _, step := range []struct{ command, want string }{
		{"stream held", "error opfs: held: the session is open in another tab"},
		{"check held", "error opfs: held: the session is open in another tab"},
		{"list", "done [held other]"},
		{"export other", `done "SQLite format 3\x00"`},
		{"export none", "error opfs: none: no such session is kept in this browser"},
		{"remove none", "error opfs: none: no such session is kept in this browser"},
		{"usage", "done true"},
		{"persisted", "done false"},
		{"remove other", "done "},
		{"list", "done [held]"},
	} {
		if got := p.ask("two", "%s", step.command); got != step.want {
			t.Errorf("%s: %s, want %s", step.command, got, step.want)
		}
	}
	if got := p.ask("two", "export a/b"); !strings.HasPrefix(got, "error opfs: a/b: ") {
		t.Errorf("a name that is none: %s", got)
	}
	p.kill("one")
	p.find("two", "held")
	if got := p.ask("two", "list"); got != "done []" {
		t.Errorf("after all are removed: %s", got)
	}
}

// kill ends a worker as a page does that is closed.
func (p *page) kill(name string) {
	p.Helper()
	p.eval("%s.kill()", name)
}

// BenchmarkStream stores the stream of viewer/store/stream in a browser that has
// compiled all of it, and tells what it did before too.
func BenchmarkStream(b *testing.B) {
	for _, store := range []string{"memory", "opfs"} {
		b.Run(store, func(b *testing.B) {
			p := workshop(b)
			p.hire("worker")
			measure := func() (perSecond float64) {
				answer := p.ask("worker", "stream %s", store)
				if _, err := fmt.Sscanf(answer, "done %f", &perSecond); err != nil {
					b.Fatalf("%s: %v", answer, err)
				}
				return perSecond
			}
			cold := measure()
			for range 20 {
				measure()
			}
			var best, sum float64
			n := 0.0
			for b.Loop() {
				perSecond := measure()
				best, sum, n = max(best, perSecond), sum+1/perSecond, n+1
			}
			b.ReportMetric(cold, "cold-flows/s")
			b.ReportMetric(n/sum, "flows/s")
			b.ReportMetric(best, "best-flows/s")
		})
	}
}

// BenchmarkLook orders and filters the rows of a view in a worker, and tells the
// milliseconds that each order or filter takes.
func BenchmarkLook(b *testing.B) {
	for _, rows := range []int{100_000, 1_000_000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			p := workshop(b)
			p.hire("worker")
			var words []string
			for b.Loop() {
				p.eval("worker.ask('look %d')", rows)
				p.until("worker.answer()")
				words = strings.Fields(p.eval("worker.answer()"))
			}
			if len(words)%2 == 0 || words[0] != "done" {
				b.Fatal(words)
			}
			for i := 1; i < len(words); i += 2 {
				took, err := strconv.ParseFloat(words[i+1], 64)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(took, words[i]+"-ms")
			}
		})
	}
}

// BenchmarkDump writes and reads the flows of viewer/store/stream as each kind
// of file, in a browser that has compiled all of it. $FLOWPANE_BODY is how many
// bytes each response has.
func BenchmarkDump(b *testing.B) {
	body := cmp.Or(os.Getenv("FLOWPANE_BODY"), "1000")
	for _, kind := range []string{"mitm", "har", "sessiondb", "pbstream"} {
		b.Run(kind, func(b *testing.B) {
			p := workshop(b)
			p.hire("worker")
			var write, read, size, writes, reads float64
			measure := func() {
				answer := p.ask("worker", "dump %s %s", kind, body)
				if _, err := fmt.Sscanf(answer, "done %f %f %f", &write, &read, &size); err != nil {
					b.Fatalf("%s: %v", answer, err)
				}
			}
			for range 10 {
				measure()
			}
			n := 0.0
			for b.Loop() {
				measure()
				writes, reads, n = writes+1/write, reads+1/read, n+1
			}
			b.ReportMetric(n/writes, "write-flows/s")
			b.ReportMetric(n/reads, "read-flows/s")
			b.ReportMetric(size, "bytes/flow")
		})
	}
}
