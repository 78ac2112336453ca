package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does with the overview.
type (
	// OverviewClosed: the overview is to close.
	OverviewClosed struct{}
	// GroupChosen: the flows of a group are to be shown, by its term.
	GroupChosen struct{ Term string }
	// GroupToggled: what is in a group of the tree is to be shown, or not, by its
	// [GroupRow].ID.
	GroupToggled struct{ ID string }
	// GroupsOrdered: the groups with the most of something are to be first, by the
	// [GroupHeading].Label of that.
	GroupsOrdered struct{ By string }
	// OutlierChosen: a flow is to be shown, by its key.
	OutlierChosen struct{ Key string }
)

type (
	overviewCame struct {
		by       viewerpb.GroupOrder
		overview *viewerpb.Overview
		err      error
	}
	branchCame struct {
		at     place
		branch *viewerpb.Branch
		err    error
	}
)

// overview is what is known of the flows that are shown as a whole.
type overview struct {
	open   bool
	serial int // of what is drawn
	asking bool
	stale  bool // what is being asked for is out of date
	of     *viewerpb.Overview
	// In which order groups are to be, and are in what came: to count anew takes a
	// moment.
	by, shown viewerpb.GroupOrder
	// The groups of the tree that are open; what is in them is nil until it came.
	branches map[place]*viewerpb.Branch
	order    []place // in which they were opened
}

// A place is a group of the tree.
type place struct{ host, path string }

func (p place) id() string { return p.host + " " + p.path }

func (s *Screen) updateOverview(do *commands, msg Msg) {
	v := &s.overview
	v.serial++
	switch m := msg.(type) {
	case OverviewClosed:
		s.closeOverview(do)
	case GroupChosen:
		s.closeOverview(do)
		s.narrowBy(do, m.Term, false)
		do.add(Focus{FocusRow})
	case GroupToggled:
		s.toggleGroup(do, m.ID)
	case GroupsOrdered:
		s.orderGroups(do, m.By)
	case OutlierChosen:
		s.closeOverview(do)
		s.showFlow(do, m.Key)
		s.record(do, true)
		do.add(Focus{FocusRow})
	case overviewCame:
		v.asking = false
		if s.failed(m.err) {
			return
		}
		v.of, v.shown = m.overview, m.by
		for _, at := range v.order { // they are of other flows now, or in another order
			v.branches[at] = nil
		}
		s.askBranch(do)
		if v.stale {
			s.askOverview(do)
		}
	case branchCame:
		if _, open := v.branches[m.at]; open && !s.failed(m.err) {
			v.branches[m.at] = m.branch
			s.askBranch(do)
		}
	}
}

func (s *Screen) openOverview(do *commands) {
	if s.overviewState().Offered {
		s.overview.open = true
		s.overview.serial++
		s.askOverview(do)
	}
}

func (s *Screen) closeOverview(do *commands) {
	do.stop(slotOverview, slotBranch)
	s.overview = overview{serial: s.overview.serial + 1, by: s.overview.by}
}

// askOverview asks for the overview while it is shown, one time after the other.
func (s *Screen) askOverview(do *commands) {
	v := &s.overview
	if !v.open {
		return
	}
	if v.asking {
		v.stale = true
		return
	}
	v.asking, v.stale = true, false
	by := v.by
	do.add(Call{slotOverview, func(ctx context.Context, engine api.API, post func(Msg)) {
		o, err := engine.Overview(ctx, &viewerpb.GetOverview{By: by})
		post(overviewCame{by, o, err})
	}})
}

// orderGroups has the groups counted again: those that come first may have been left
// out until now.
func (s *Screen) orderGroups(do *commands, label string) {
	for _, h := range headings {
		if h.label == label && h.most != "" && h.by != s.overview.by {
			s.overview.by = h.by
			s.askOverview(do)
		}
	}
}

func (s *Screen) toggleGroup(do *commands, id string) {
	v := &s.overview
	for i, at := range v.order {
		if at.id() == id {
			delete(v.branches, at)
			v.order = append(v.order[:i:i], v.order[i+1:]...)
			return
		}
	}
	for _, r := range s.treeRows() {
		if r.ID == id && r.Inner {
			if v.branches == nil {
				v.branches = map[place]*viewerpb.Branch{}
			}
			v.branches[r.at] = nil
			v.order = append(v.order, r.at)
		}
	}
	s.askBranch(do)
}

// askBranch asks for what is in the first open group of which it is not known.
func (s *Screen) askBranch(do *commands) {
	by := s.overview.by
	for _, at := range s.overview.order {
		if s.overview.branches[at] != nil {
			continue
		}
		do.add(Call{slotBranch, func(ctx context.Context, engine api.API, post func(Msg)) {
			b, err := engine.Branch(ctx, &viewerpb.GetBranch{Host: at.host, Path: at.path, By: by})
			post(branchCame{at, b, err})
		}})
		return
	}
}
