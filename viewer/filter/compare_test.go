package filter_test

import (
	"strings"
	"testing"
	"time"

	"flowpane/viewer/filter"
)

// comparisonCases hold or not for the flow of TestComparisons.
var comparisonCases = map[string]bool{
	"~c >=400": true, "~c >404": false, "~c <404": false, "~c <=404": true, "~c =404": true, "~c =4xx": true, "~c =5xx": false, "~c =4XX": true,
	"~c >4xx": false, "~c >=4xx": true, "~c <5xx": true, "~c =500..599": false, "~c =400..404": true, "~c = 404": true, "~c >= 4xx": true,
	"~size >10k": true, "~size >12k": false, "~size >=12k": true, "~size =12kB": true, "~size =12000": true, "~size =12000b": true, "~size <1.5M": true,
	"~size >11.7KiB": true, "~size >11.8KiB": false, "~size =10k..20k": true, "~reqsize <=300": true, "~reqsize >300": false,
	"~dur >250ms": true, "~dur >1.5s": false, "~dur =1500": true, "~dur <2min": true, "~dur =1s..2s": true, "~dur <1h": true, "~dur >1499999us": true,
	"~time =2026": true, "~time =2026-11": true, "~time =2026-11-23": true, "~time =2026-11-22": false, "~time >2026-11-22": true, "~time >2026-11-23": false,
	"~time >=2026-11-23": true, "~time <=2026-11-23": true, "~time =2026-11-23T10:30": true, "~time =2026-11-23T10:30:15": true, "~time =2026-11-23T10:30:15.250": true,
	"~time >2026-11-23T10:30:15.250": false, "~time =2026-11-22..2026-11-23": true, "~time <2000-01-01T00:00Z": false, "~time >2026-11-22T00:00+09:00": true,
	"~port =8443": true, "~port <1024": false, "~tls": true, "~version /2": true, "~version 1.1": false, "~sni SHOP": true, "~sni none": false, "~ip ^192": true, "~peer :443$": true, "~peer ^shop": false, "~ip db8": true, "~ip 10.0": false,
}

// TestComparisons compares a flow of 12,000 bytes that took 1.5 s, and one of
// which nothing is known.
func TestComparisons(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 30, 15, 250e6, time.Local)
	known := fake{
		status: 404, answered: true, sizes: [3]int64{0, 300, 12_000}, duration: 1.5e9, start: at.UnixNano(), port: 8443,
		tls: true, version: "HTTP/2.0", sni: "shop.example", peer: "192.0.2.1:443", ips: []string{"192.0.2.1", "2001:db8::1"},
	}
	unknown := fake{sizes: [3]int64{-1, -1, -1}}
	for expr, want := range comparisonCases {
		f := parse(t, expr)
		if got, err := f.Match(known); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", expr, got, err, want)
		}
		if got, err := f.Match(unknown); got || err != nil {
			t.Errorf("%s holds for a flow of which nothing is known: %v", expr, err)
		}
		again := parse(t, f.String())
		if !filter.Equal(f.Root(), again.Root()) {
			t.Errorf("%s is written as %s", expr, f)
		}
	}
}

func TestComparisonErrors(t *testing.T) {
	for _, test := range []struct {
		expr, bad, msg string
		incomplete     bool
	}{
		{"~size", "~size", "~size needs a comparison, such as >10k", true},
		{"~size 10k", "~size ", "~size needs a comparison, such as >10k", false},
		{"~dur", "~dur", "~dur needs a comparison, such as >250ms", true},
		{"~c >", ">", "a status must follow >", true},
		{"~c > ~q", "> ", "a status must follow >", false},
		{"~c =4", "", "", false},
		{"~c =400..", "=400..", "a status must follow ..", true},
		{"~c =4x", "=4x", `"4x" is not a status: 404, 4xx`, true},
		{"~c =4x & ~q", "=4x", `"4x" is not a status: 404, 4xx`, false},
		{"~size >ten", ">ten", `"ten" is not a size: 500, 10k, 1.5M, 4KiB`, true},
		{"~size >1x9", ">1x9", `"1x9" is not a size: 500, 10k, 1.5M, 4KiB`, true},
		{"~size =1k..x", "=1k..x", `"x" is not a size: 500, 10k, 1.5M, 4KiB`, true},
		{"~dur >1d", ">1d", `"1d" is not a duration: 250ms, 1.5s, 2min`, true},
		{"~time >yesterday", ">yesterday", `"yesterday" is not a time: 2026-11-23, 2026-11-23T10:30`, true},
		{"~time =1500", "=1500", `"1500" is not a time: 2026-11-23, 2026-11-23T10:30`, true},
		{"~port =70000", "=70000", `"70000" is not a port: 443`, true},
		{"~size >99999999999G", ">99999999999G", `"99999999999G" is not a size: 500, 10k, 1.5M, 4KiB`, true},
	} {
		_, err := filter.Parse(test.expr)
		if test.msg == "" {
			if err != nil {
				t.Errorf("%s: %v", test.expr, err)
			}
			continue
		}
		e, ok := err.(*filter.Error)
		if !ok || e.Msg != test.msg || test.expr[e.Pos:e.End] != test.bad || e.Incomplete != test.incomplete {
			t.Errorf("%s: %+v, want %q at %q, incomplete %v", test.expr, err, test.msg, test.bad, test.incomplete)
		}
	}
}

func TestComparisonsInWords(t *testing.T) {
	for expr, want := range map[string]string{
		"~c >=400": "response code is at least 400", "~c =4xx": "response code is 4xx", "~c =500..599": "response code is 500 to 599",
		"~size >10k & ~tls": "response size is more than 10k and is encrypted", "!~dur <=1.5s": "not duration is at most 1.5s",
	} {
		if got := parse(t, expr).Describe(); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
	for _, op := range filter.Operators() {
		if op.Arg == filter.CompareArg && !strings.Contains(op.Help, ": ") {
			t.Errorf("~%s has no example in %q", op.Code, op.Help)
		}
	}
}
