package view

import (
	"strconv"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// A Finding is what was found out of flows by one condition that has to load
// them, such as "b REGEX". Asked and Holds are sets of flows by their places among
// those that were examined: bit i%8 of byte i/8.
type Finding struct {
	Condition    string
	Asked, Holds []byte
}

// Of returns the answer of flow i, if it was asked.
func (f *Finding) Of(i int) (holds, asked bool) { return inSet(f.Holds, i), inSet(f.Asked, i) }

func inSet(set []byte, i int) bool { return i/8 < len(set) && set[i/8]>>(i%8)&1 != 0 }

// Flows are flows that are in no list.
type Flows interface {
	Len() int
	// Flow returns flow i. It, and what Raw returns of it, is valid until the
	// next call.
	Flow(i int) (*flowpb.Flow, error)
	// Raw is that of a Loader, for the flow returned last.
	Raw(content []byte, ref *flowpb.Body) ([]byte, error)
}

// Examine asks f of flows, one after the other. It calls pause after each, and
// stops where that returns an error. Of a flow that cannot be loaded, or asked,
// nothing is found out.
func Examine(f *filter.Filter, flows Flows, pause func() error) ([]Finding, error) {
	var (
		c          columns
		summarizer flow.Summarizer
		known      answers
		one        = oneOf{Flows: flows}
		scan       = f.Scan()
		subject    = subject{loader: &one, answers: &known}
	)
	for i := range flows.Len() {
		one.flow, one.err = flows.Flow(i)
		row := c.n
		if one.err == nil {
			summary := summarizer.Summarize(one.flow)
			c.append(strconv.Itoa(i), &summary)
		} else {
			c.append(strconv.Itoa(i), new(flow.Summary))
		}
		if subject.is(&c, row); one.err == nil {
			_, _ = scan.Match(&subject) // what failed is not noted
		}
		if err := pause(); err != nil {
			return nil, err
		}
	}
	var found []Finding
	for condition, set := range known.sets {
		found = append(found, Finding{condition, set.asked.bytes(), set.yes.bytes()})
	}
	return found, nil
}

// oneOf is the Loader of the flow that is examined.
type oneOf struct {
	Flows
	flow *flowpb.Flow
	err  error
}

func (o *oneOf) Flow(string) (*flowpb.Flow, error) { return o.flow, o.err }
func (o *oneOf) Walk() Loader                      { return o }
