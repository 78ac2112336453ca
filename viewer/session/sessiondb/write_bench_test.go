package sessiondb

import (
	"context"
	"errors"
	"io"
	"testing"

	"flowpane/viewer/session"
)

// BenchmarkWrite writes 10,000 flows with bodies of 14 kB in the mean.
func BenchmarkWrite(b *testing.B) {
	const flows = 10_000
	b.ReportAllocs()
	for b.Loop() {
		if err := Writer.Write(context.Background(), io.Discard, synthetic{flows: flows}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*flows)/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkSummaries lists 100,000 flows by their columns.
func BenchmarkSummaries(b *testing.B) {
	const flows = 100_000
	file := written(b, synthetic{flows: flows, scale: 50})
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open(context.Background(), file)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for c, err := range r.Summaries() {
			if err != nil {
				b.Fatal(err)
			}
			n += len(c.Summaries)
		}
		if err := r.Close(); n != flows || err != nil {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N*flows)/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkNext reads the heads of 10,000 flows.
func BenchmarkNext(b *testing.B) {
	const flows = 10_000
	file := written(b, synthetic{flows: flows, scale: 50})
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open(context.Background(), file)
		if err != nil {
			b.Fatal(err)
		}
		l, err := session.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil || len(l.Flows) != flows {
			b.Fatal(len(l.Flows), err)
		}
	}
	b.ReportMetric(float64(b.N*flows)/b.Elapsed().Seconds(), "flows/s")
}
