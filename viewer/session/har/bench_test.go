package har

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// benchEntry has the members and headers that a browser writes.
const benchEntry = `{"pageref":"page_1","startedDateTime":"2026-01-02T03:04:05.678Z","time":123.25,
"request":{"method":"GET","url":"https://static.example.com/assets/app.js?v=12","httpVersion":"HTTP/2.0","headers":[
{"name":"accept","value":"*/*"},{"name":"accept-encoding","value":"gzip, deflate, br"},{"name":"user-agent","value":"Mozilla/5.0 (X11; Linux x86_64) Example/1.0"},
{"name":"referer","value":"https://www.example.com/"}],"queryString":[{"name":"v","value":"12"}],"cookies":[],"headersSize":-1,"bodySize":0},
"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/2.0","headers":[{"name":"content-type","value":"application/javascript"},
{"name":"cache-control","value":"max-age=31536000"},{"name":"etag","value":"\"5d8c72a5edda8d6a\""}],"cookies":[],"content":{"size":%SIZE%,"mimeType":"application/javascript","text":"%TEXT%"},
"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"blocked":1.5,"dns":-1,"connect":-1,"ssl":-1,"send":0.25,"wait":100,"receive":21.5},"serverIPAddress":"192.0.2.7","_resourceType":"script"}`

func benchFile(entries int, body string) []byte {
	one := strings.NewReplacer("%TEXT%", body, "%SIZE%", "1", "\n", "").Replace(benchEntry)
	return []byte(`{"log":{"version":"1.2","entries":[` + strings.Repeat(one+",\n", entries-1) + one + "]}}")
}

// BenchmarkRead reads entries with small bodies, with long ones of text and of
// base64, and a file of FLOWPANE_HAR if there is one.
func BenchmarkRead(b *testing.B) {
	for name, file := range map[string][]byte{
		"small":  benchFile(10_000, "function f() {\\n  return 1;\\n}\\n"),
		"text":   benchFile(500, strings.Repeat(`<p class=\"a\">some text with\\nescapes</p>`, 2000)),
		"base64": benchFile(500, strings.Repeat("QUJD", 25_000)),
	} {
		b.Run(name, func(b *testing.B) { benchRead(b, blob.Bytes(file)) })
	}
	if name := os.Getenv("FLOWPANE_HAR"); name != "" {
		file, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("file", func(b *testing.B) { benchRead(b, blob.Bytes(file)) })
	}
}

func benchRead(b *testing.B, src blob.Source) {
	b.SetBytes(src.Size())
	b.ReportAllocs()
	flows := 0
	for b.Loop() {
		r := newReader(context.Background(), src)
		for {
			f, err := r.Next()
			if err == io.EOF {
				break
			}
			if _, ok := err.(*session.Issue); err != nil && !ok {
				b.Fatal(err)
			}
			if f != nil {
				flows++
			}
		}
	}
	b.ReportMetric(float64(flows)/b.Elapsed().Seconds(), "flows/s")
}
