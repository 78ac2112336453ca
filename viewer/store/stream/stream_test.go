package stream

import (
	"path/filepath"
	"testing"

	"flowpane/viewer/store"
)

func TestInto(t *testing.T) {
	s, err := store.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var stored []int
	flows := New(400, Body)
	if err := flows.Into(t.Context(), s, 0, 400, Batch, func(n int) { stored = append(stored, n) }); err != nil {
		t.Fatal(err)
	}
	if len(stored) != 3 || stored[0] != 150 || stored[2] != 400 {
		t.Errorf("stored %v", stored)
	}
	if err := flows.Check(s, 400); err != nil {
		t.Error(err)
	}
	if flows.Check(s, 399) == nil || New(400, Body+1).Check(s, 400) == nil {
		t.Error("other flows are taken for the same")
	}
}

// BenchmarkStream stores the stream into an empty store, in memory and in a
// file.
func BenchmarkStream(b *testing.B) {
	flows := New(Flows, Body)
	for name, open := range map[string]func() (*store.Store, error){
		"memory": store.OpenMemory,
		"file": func() (*store.Store, error) {
			return store.Open(b.Context(), store.Options{Name: filepath.Join(b.TempDir(), "stream.sqlite")})
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s, err := open()
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := flows.Into(b.Context(), s, 0, Flows, Batch, func(int) {}); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N)*Flows/b.Elapsed().Seconds(), "flows/s")
		})
	}
}
