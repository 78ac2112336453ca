package stream

import (
	"bytes"
	"os"
	"strconv"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// BenchmarkDump asks what mitmproxy's benchmark of serialisation asked in 2018:
// what does a flow cost as a protobuf, what as a tnetstring, to write, to read
// and on the disk? $FLOWPANE_BODY is how many bytes each response has.
func BenchmarkDump(b *testing.B) {
	size := Body
	if text := os.Getenv("FLOWPANE_BODY"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	flows := &session.List{Flows: New(Flows, size).flows}
	for _, w := range formats.Writers() {
		var file bytes.Buffer
		b.Run("write/"+w.Name, func(b *testing.B) {
			for b.Loop() {
				file.Reset()
				if err := w.Write(b.Context(), &file, flows); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(file.Len())/Flows, "bytes/flow")
			b.ReportMetric(float64(b.N)*Flows/b.Elapsed().Seconds(), "flows/s")
		})
		b.Run("read/"+w.Name, func(b *testing.B) {
			for b.Loop() {
				readFlows(b, blob.Bytes(file.Bytes()))
			}
			b.ReportMetric(float64(b.N)*Flows/b.Elapsed().Seconds(), "flows/s")
		})
	}
}

func readFlows(b *testing.B, src blob.Source) {
	b.Helper()
	f, err := session.Detect(src, formats.All())
	if err != nil {
		b.Fatal(err)
	}
	r, err := f.Open(b.Context(), src)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	if l, err := session.ReadAll(r); err != nil || len(l.Flows) != Flows {
		b.Fatalf("%d flows, %v", len(l.Flows), err)
	}
}
