package stream

import (
	"os"
	"strconv"
	"testing"
)

// BenchmarkDump writes and reads 2000 flows as each kind of file. $FLOWPANE_BODY
// is how many bytes each response has.
func BenchmarkDump(b *testing.B) {
	size := Body
	if text := os.Getenv("FLOWPANE_BODY"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	flows := New(Flows, size)
	for _, kind := range Kinds() {
		var file []byte
		b.Run("write/"+kind.Name, func(b *testing.B) {
			for b.Loop() {
				var err error
				if file, err = flows.Write(b.Context(), kind); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(file))/Flows, "bytes/flow")
			b.ReportMetric(float64(b.N)*Flows/b.Elapsed().Seconds(), "flows/s")
		})
		b.Run("read/"+kind.Name, func(b *testing.B) {
			for b.Loop() {
				if err := flows.Read(b.Context(), file); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*Flows/b.Elapsed().Seconds(), "flows/s")
		})
	}
}
