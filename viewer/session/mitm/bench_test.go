package mitm

import (
	"io"
	"strconv"
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// BenchmarkRead reads flows to keep them, BenchmarkScan to look at them.
func BenchmarkRead(b *testing.B) {
	benchmark(b, func(r *reader) error { _, err := r.Next(); return err })
}

func BenchmarkScan(b *testing.B) {
	benchmark(b, func(r *reader) error { _, _, err := r.Scan(); return err })
}

// benchmark reads HTTP flows with bodies of a few KiB and connections that
// repeat ten times, as in a real capture.
func benchmark(b *testing.B, next func(*reader) error) {
	const flows = 5000
	pem := []any{[]byte(strings.Repeat("MIIDkzCCAnugAwIBAgIU", 60)), []byte(strings.Repeat("NaYqFjIsWWqQ", 100))}
	var headers []any
	for i := range 10 {
		headers = append(headers, []any{[]byte("x-header-" + strconv.Itoa(i)), []byte(strings.Repeat("v", 5*i))})
	}
	var dump strings.Builder
	for i := range flows {
		f := httpDict("c5b1a2f0-1111-4222-8333-"+strconv.Itoa(100000000000+i), []byte{}, []byte(strings.Repeat("body ", i%2000)))
		f = f.with("server_conn", serverDict().with("id", strconv.Itoa(i/10)).with("certificate_list", pem))
		f[3] = f[3].(dict).with("headers", headers)
		dump.WriteString(tnet(f))
	}
	src := blob.Bytes([]byte(dump.String()))
	b.SetBytes(src.Size())
	b.ReportAllocs()
	for b.Loop() {
		r, n := open(src), 0
		for {
			err := next(r)
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != flows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N*flows)/b.Elapsed().Seconds(), "flows/s")
}
