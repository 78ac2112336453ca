package screen

import (
	"strconv"
	"time"
)

// formatCount writes n in groups of three digits: "100,000".
func formatCount(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// formatPlural writes a count with its noun: "1 flow", "2,000 flows".
func formatPlural(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return formatCount(n) + " " + noun + "s"
}

// formatSize writes bytes in three digits or so, in units of 1024: "1.5 KB".
func formatSize(bytes uint64) string {
	if bytes < 1024 {
		return strconv.FormatUint(bytes, 10) + " B"
	}
	n, unit := float64(bytes)/1024, 0
	for n >= 999.5 && unit < len(sizeUnits)-1 {
		n, unit = n/1024, unit+1
	}
	return formatShort(n) + " " + sizeUnits[unit]
}

var sizeUnits = [...]string{"KB", "MB", "GB", "TB"}

// formatDuration writes nanoseconds as people say them: "12 ms", "1.5 s",
// "2 min 5 s". Negative is unknown, which is written as nothing.
func formatDuration(ns int64) string {
	const ms, s = 1e6, 1e9
	switch n := float64(ns); {
	case ns < 0:
		return ""
	case ns == 0:
		return "0 ms"
	case n < 0.05*ms:
		return "<0.1 ms"
	case n < 999.5*ms:
		return formatShort(n/ms) + " ms"
	case n < 59.95*s:
		return formatShort(n/s) + " s"
	}
	seconds := (ns + s/2) / s
	if seconds < 3600 {
		return strconv.FormatInt(seconds/60, 10) + " min " + strconv.FormatInt(seconds%60, 10) + " s"
	}
	minutes := seconds / 60
	return formatCount(uint64(minutes/60)) + " h " + strconv.FormatInt(minutes%60, 10) + " min"
}

// formatShort writes n with one decimal below 100, unless that is 0.
func formatShort(n float64) string {
	digits := 0
	if n < 99.95 {
		digits = 1
	}
	s := strconv.FormatFloat(n, 'f', digits, 64)
	if digits == 1 && s[len(s)-1] == '0' {
		s = s[:len(s)-2]
	}
	return s
}

// formatClock writes the time of day of a Unix time in nanoseconds, to the
// millisecond, as clocks offset seconds east of UTC show it. 0 is unknown,
// which is written as nothing.
func formatClock(ns int64, offset int) string {
	if ns == 0 {
		return ""
	}
	return time.Unix(0, ns).UTC().Add(time.Duration(offset) * time.Second).Format("15:04:05.000")
}

// formatDate writes the day of formatClock's time: "2026-11-23".
func formatDate(ns int64, offset int) string {
	if ns == 0 {
		return ""
	}
	return time.Unix(0, ns).UTC().Add(time.Duration(offset) * time.Second).Format(time.DateOnly)
}

// formatZone writes an offset from UTC: "UTC", "UTC+5:30".
func formatZone(offset int) string {
	if offset == 0 {
		return "UTC"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	s := "UTC" + sign + strconv.Itoa(offset/3600)
	if minutes := offset % 3600 / 60; minutes != 0 {
		s += ":" + strconv.Itoa(minutes/10) + strconv.Itoa(minutes%10)
	}
	return s
}
