package screen

import (
	"strconv"

	"flowpane/proto/viewerpb"
)

// A Bar is a phase of a flow beside the others.
type Bar struct {
	Name string
	// Text is how long it took, in words.
	Text string
	// Left and Width are where it is drawn, in percent; there is nothing to draw
	// if Width is 0.
	Left, Width float64
}

// barsOf returns the phases on one scale, which all that are drawn share.
func barsOf(phases []*viewerpb.Phase) []Bar {
	var from, to int64
	first := true
	for _, p := range phases {
		if !p.Known || p.Before {
			continue
		}
		if first {
			from, to, first = p.Start, p.Start+p.Duration, false
		}
		from, to = min(from, p.Start), max(to, p.Start+p.Duration)
	}
	scale := 100 / float64(max(to-from, 1))
	bars := make([]Bar, len(phases))
	for i, p := range phases {
		b := &bars[i]
		b.Name, b.Text = p.Name, phaseText(p)
		if p.Known && !p.Before {
			b.Left, b.Width = float64(p.Start-from)*scale, max(float64(p.Duration)*scale, minBar)
			b.Left = min(b.Left, 100-b.Width)
		}
	}
	return bars
}

// minBar is how wide the shortest bar is, in percent.
const minBar = 0.5

func phaseText(p *viewerpb.Phase) string {
	switch {
	case !p.Known:
		return "unknown"
	case p.Before:
		return formatMillis(p.Duration) + ", " + formatDuration(-p.Start) + " before: the connection was used again"
	}
	return formatMillis(p.Duration)
}

// formatMillis returns nanoseconds as milliseconds, with as many digits as say
// something.
func formatMillis(ns int64) string {
	digits := 0
	switch {
	case ns < 1e6:
		digits = 3
	case ns < 1e8:
		digits = 1
	}
	return strconv.FormatFloat(float64(ns)/1e6, 'f', digits, 64) + " ms"
}
