package redact

import (
	"cmp"
	"slices"
)

// A Report says what was taken out of flows, and never a value.
type Report struct {
	// Flows is how many were looked at, Changed how many held something.
	Flows, Changed int
	// Found is what was found in all of them, by class and then the most first.
	Found []Found
	// By is what was found in each that held something, in their order; of the
	// first [MaxListed].
	By []Flow
}

// MaxListed is how many flows a Report lists.
const MaxListed = 10_000

// Found is how often a secret of a class was found where a name says: a header,
// a field, a parameter. Name is empty where the shape tells.
type Found struct {
	Class, Name string
	Count       int
}

// A Flow is what was found in one.
type Flow struct {
	// Number is its place among all that were gone through, from 0.
	Number int
	Found  []Found
}

// place is a kind of secret and a name.
type place struct{ class, name string }

// A tally counts what is found.
type tally struct{ counts map[place]int }

// maxName is how much of a name a Report tells: names are captured too.
const maxName = 64

func (r *Redactor) note(class, name string) {
	if len(name) > maxName {
		name = name[:maxName]
	}
	r.now.counts[place{class, name}]++
}

func (r *Redactor) reset() {
	r.report, r.total = Report{}, tally{counts: map[place]int{}}
	r.now = &tally{counts: map[place]int{}}
}

func (r *Redactor) begin() { r.now = &tally{map[place]int{}} }

// end adds what was found in a flow to the report.
func (r *Redactor) end() {
	number := r.report.Flows
	r.report.Flows++
	if len(r.now.counts) == 0 {
		return
	}
	r.report.Changed++
	for p, n := range r.now.counts {
		r.total.counts[p] += n
	}
	if len(r.report.By) < MaxListed {
		r.report.By = append(r.report.By, Flow{number, r.now.found()})
	}
}

// Report returns what was found since flows were last gone through.
func (r *Redactor) Report() Report {
	report := r.report
	report.Found = r.total.found()
	return report
}

func (t *tally) found() []Found {
	list := make([]Found, 0, len(t.counts))
	for p, n := range t.counts {
		list = append(list, Found{p.class, p.name, n})
	}
	order := map[string]int{}
	for i, c := range Classes() {
		order[c.Name] = i
	}
	slices.SortFunc(list, func(a, b Found) int {
		return cmp.Or(cmp.Compare(order[a.Class], order[b.Class]), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return list
}
