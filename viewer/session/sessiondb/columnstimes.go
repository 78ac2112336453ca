package sessiondb

import (
	"math"

	"flowpane/viewer/flow"
)

// Times were captured as seconds in a double, whose steps are 238 ns today.
// They are kept as distances in such steps, as the bits of the double count
// them: a start from when the flow was created, an end from the start. Only
// what does not come from a double is kept in nanoseconds.

func packCreated(p *packer, c *Chunk) {
	values := make([]int64, len(c.Summaries))
	var last uint64
	for i := range c.Summaries {
		bits := math.Float64bits(c.Summaries[i].Created)
		values[i], last = int64(bits-last), bits
	}
	p.ints(values)
}

func unpackCreated(u *unpacker, c *Chunk) {
	var last uint64
	for i, v := range u.ints(len(c.Summaries)) {
		last += uint64(v)
		c.Summaries[i].Created = math.Float64frombits(last)
	}
}

// double returns the seconds that [flow.Nanos] turns into ns, if there are.
func double(ns int64) (seconds float64, ok bool) {
	guess := float64(ns) / 1e9
	for _, seconds := range []float64{guess, math.Nextafter(guess, math.Inf(1)), math.Nextafter(guess, math.Inf(-1))} {
		if flow.Nanos(seconds) == ns {
			return seconds, true
		}
	}
	return 0, false
}

// moments packs times in nanoseconds as steps from bases in seconds: 0 is a
// time that is not known, 1 one that is kept as it is.
func (p *packer) moments(times []int64, known func(i int) bool, base func(i int) float64) {
	codes := make([]uint64, len(times))
	var raw []int64
	for i, ns := range times {
		seconds, ok := double(ns)
		steps := zigzag(int64(math.Float64bits(seconds) - math.Float64bits(base(i))))
		switch {
		case !known(i):
		case ok && steps < math.MaxUint64-1:
			codes[i] = steps + 2
		default:
			codes[i] = 1
			raw = append(raw, ns)
		}
	}
	p.uints(codes)
	p.ints(raw)
}

// moments calls set for the times that are known.
func (u *unpacker) moments(n int, base func(i int) float64, set func(i int, ns int64)) {
	codes := u.uints(n)
	raws := 0
	for _, code := range codes {
		if code == 1 {
			raws++
		}
	}
	raw := u.ints(raws)
	for i, code := range codes {
		switch code {
		case 0:
		case 1:
			set(i, raw[0])
			raw = raw[1:]
		default:
			steps := uint64(unzigzag(code - 2))
			set(i, flow.Nanos(math.Float64frombits(math.Float64bits(base(i))+steps)))
		}
	}
}

func packStart(p *packer, c *Chunk) {
	times := make([]int64, len(c.Summaries))
	for i := range times {
		times[i] = c.Summaries[i].Start
	}
	p.moments(times,
		func(i int) bool { return times[i] != 0 },
		func(i int) float64 { return c.Summaries[i].Created })
}

func unpackStart(u *unpacker, c *Chunk) {
	u.moments(len(c.Summaries),
		func(i int) float64 { return c.Summaries[i].Created },
		func(i int, ns int64) { c.Summaries[i].Start = ns })
}

// startOf is from where durations are counted.
func (c *Chunk) startOf(i int) float64 {
	seconds, _ := double(c.Summaries[i].Start)
	return seconds
}

func packDuration(p *packer, c *Chunk) {
	ends := make([]int64, len(c.Summaries))
	for i := range ends {
		ends[i] = c.Summaries[i].Start + c.Summaries[i].Duration
	}
	p.moments(ends, func(i int) bool { return c.Summaries[i].Duration >= 0 }, c.startOf)
}

func unpackDuration(u *unpacker, c *Chunk) {
	for i := range c.Summaries {
		c.Summaries[i].Duration = -1
	}
	u.moments(len(c.Summaries), c.startOf, func(i int, ns int64) {
		c.Summaries[i].Duration = max(ns-c.Summaries[i].Start, -1)
	})
}
