package har

import "strings"

// times derives the times of the messages from when the entry began and what
// its phases took. It is false if that is not known.
func (f *frame) times() bool {
	start, ok := parseTime(string(f.har.Started))
	if !ok {
		return false
	}
	f.request.TimestampStart = f.number(start)
	t := &f.timings
	at := start
	for _, phase := range [...]*float64{t.Blocked, t.Dns, t.Connect, t.Send} {
		if phase != nil {
			at += *phase / 1000
		}
	}
	if t.Send != nil {
		f.request.TimestampEnd = f.number(at)
		if t.Wait != nil {
			at += *t.Wait / 1000
			f.response.TimestampStart = f.number(at)
		}
	}
	switch {
	case f.har.Time != nil:
		f.response.TimestampEnd = f.number(start + *f.har.Time/1000)
	case f.response.TimestampStart != nil && t.Receive != nil:
		f.response.TimestampEnd = f.number(at + *t.Receive/1000)
	}
	return true
}

// parseTime returns the seconds since 1970 of a time as ISO 8601 and JavaScript
// write it, to the microsecond. Without a time zone it is UTC.
func parseTime(s string) (seconds float64, ok bool) {
	p := timeParser{s: strings.TrimSpace(s)}
	year, month, day := p.number(4), p.after('-', 2), p.after('-', 2)
	var hour, minute, second, micro int
	if p.pass('T') || p.pass('t') || p.pass(' ') {
		hour, minute = p.number(2), p.after(':', 2)
		if p.pass(':') {
			second = p.number(2)
			if p.pass('.') || p.pass(',') {
				micro = p.fraction()
			}
		}
	}
	zone := p.zone()
	if p.bad || p.s != "" || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 {
		return 0, false
	}
	total := int64(daysSinceEpoch(year, month, day))*86400 + int64(hour*3600+minute*60+second-zone*60)
	return float64(total*1e6+int64(micro)) / 1e6, true
}

// daysSinceEpoch counts the days from 1970-01-01 in the Gregorian calendar.
// The year is taken to begin in March, so that leap days end one.
func daysSinceEpoch(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}

// A timeParser takes a time apart.
type timeParser struct {
	s   string
	bad bool
}

func (p *timeParser) pass(c byte) bool {
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

// number passes a number of n digits.
func (p *timeParser) number(n int) (number int) {
	if len(p.s) < n {
		p.bad = true
		return 0
	}
	for _, c := range []byte(p.s[:n]) {
		p.bad = p.bad || !isDigit(c)
		number = number*10 + int(c-'0')
	}
	p.s = p.s[n:]
	return number
}

func (p *timeParser) after(c byte, n int) int {
	if !p.pass(c) {
		p.bad = true
	}
	return p.number(n)
}

// fraction passes digits of a second and returns microseconds.
func (p *timeParser) fraction() (micro int) {
	for unit := 100_000; p.s != "" && isDigit(p.s[0]); unit /= 10 {
		micro += int(p.s[0]-'0') * unit
		p.s = p.s[1:]
	}
	return micro
}

// zone passes a time zone and returns its distance from UTC in minutes.
func (p *timeParser) zone() int {
	sign := 1
	switch {
	case p.s == "", p.pass('Z'), p.pass('z'):
		return 0
	case p.pass('-'):
		sign = -1
	case !p.pass('+'):
		p.bad = true
		return 0
	}
	hours := p.number(2)
	p.pass(':')
	minutes := 0
	if p.s != "" {
		minutes = p.number(2)
	}
	return sign * (hours*60 + minutes)
}
