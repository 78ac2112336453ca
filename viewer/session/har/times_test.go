package har

import (
	"strings"
	"testing"
)

func TestParseTime(t *testing.T) {
	for _, test := range []struct {
		text string
		want float64
	}{
		{"1970-01-01T00:00:00Z", 0},
		{"2000-02-29T12:34:56.789Z", 951827696.789},
		{"2000-03-01", 951868800},
		{"1999-12-31T23:59:60Z", 946684800},
		{"2009-07-24T19:20:30.45+01:00", 1248459630.45},
		{"2009-07-24 19:20:30,45+0100", 1248459630.45},
		{"2009-07-24t18:20:30.450000999z", 1248459630.45},
		{"2009-07-24T14:20-04", 1248459600},
		{" 2009-07-24T18:20 ", 1248459600},
		{"1969-12-31T23:59:59.5Z", -0.5},
		{"1600-01-01T00:00:00Z", -11676096000},
	} {
		if got, ok := parseTime(test.text); !ok || got != test.want {
			t.Errorf("%s: %v, %v, want %v", test.text, got, ok, test.want)
		}
	}
	for _, text := range []string{"", "2009", "2009-13-01", "2009-07-00", "2009-07-24T", "2009-07-24T1:00", "2009-07-24T18:20:30+", "2009-07-24T18:20Zx", "24.7.2009", "2009-07-24T18:61"} {
		if got, ok := parseTime(text); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTimes: each time is known only if what it depends on is.
func TestTimes(t *testing.T) {
	const base = 1767225600 // of simple
	for _, test := range []struct {
		members                string
		requestEnd, start, end float64 // after base; 0 is absent
	}{
		{`"time":4000,"timings":{"blocked":500,"dns":-1,"connect":250,"ssl":200,"send":250,"wait":1000,"receive":1000}`, 1, 2, 4},
		{`"timings":{"send":1000,"wait":1000,"receive":1000}`, 1, 2, 3},
		{`"timings":{"send":1000,"wait":-1,"receive":1000}`, 1, 0, 0},
		{`"timings":{"wait":1000,"receive":1000}`, 0, 0, 0},
		{`"time":2000`, 0, 0, 2},
		{`"time":-1`, 0, 0, 0},
		{`"time":null`, 0, 0, 0},
	} {
		_, f := one(t, strings.Trim(simple, "{}")+"},"+test.members)
		for _, time := range []struct {
			name string
			got  *float64
			want float64
		}{
			{"request end", f.Request.TimestampEnd, test.requestEnd},
			{"response start", f.Response.TimestampStart, test.start},
			{"response end", f.Response.TimestampEnd, test.end},
		} {
			if (time.got != nil) != (time.want != 0) || time.got != nil && *time.got != base+time.want {
				t.Errorf("%s: %s %v, want %v", test.members, time.name, time.got, time.want)
			}
		}
		if f.Request.GetTimestampStart() != base {
			t.Errorf("%s: start %v", test.members, f.Request.GetTimestampStart())
		}
	}
}
