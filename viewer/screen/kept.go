package screen

import (
	"context"
	"errors"
	"slices"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/link"
)

// What a person does with sessions that are kept in this browser.
type (
	// KeepAsked: the open session is to be kept, or keeping it is to end.
	KeepAsked struct{}
	// KeptShared: a kept session is to be shared.
	KeptShared struct{ Name string }
	// KeptRemoved: a kept session is to be deleted; the first time, it is asked
	// whether that is meant. AllKept stands for all of them.
	KeptRemoved struct{ Name string }
)

// AllKept is the name that stands for all sessions: none has it.
const AllKept = "*"

// What the engine answers.
type (
	keptCame  struct{ list *viewerpb.KeptList }
	keeping   struct{ kept *viewerpb.Kept }
	keepEnded struct{ err error }
	removed   struct{ err error }
)

// Persist asks the browser not to delete what is kept when its disk is full.
type Persist struct{}

// shelf is what is kept in this browser.
type shelf struct {
	list    *viewerpb.KeptList // nil until it came
	keeping *viewerpb.Kept     // how far; nil if nothing is being kept
	doomed  string             // what is asked about before it is deleted
	sharing bool               // what is being opened is to be shared
	failure string
}

func (s *Screen) updateShelf(do *commands, msg Msg) {
	b := &s.shelf
	switch m := msg.(type) {
	case keptCame:
		b.list = m.list
	case KeepAsked:
		s.keep(do)
	case keeping:
		b.keeping = m.kept
	case keepEnded:
		s.keepEnded(do, m.err)
	case KeptShared:
		b.failure, b.doomed = "", ""
		s.visit(do, link.Link{Local: m.Name}, true)
		b.sharing = true
	case KeptRemoved:
		s.removeKept(do, m.Name)
	case removed:
		b.failure = text(m.err)
		s.lookAtShelf(do)
	}
}

func text(err error) string {
	if err == nil || errors.Is(err, context.Canceled) {
		return ""
	}
	return err.Error()
}

// lookAtShelf asks what is kept. It is shown while nothing is open.
func (s *Screen) lookAtShelf(do *commands) {
	do.add(Call{slotKept, func(ctx context.Context, engine api.API, post func(Msg)) {
		if list, err := engine.Kept(ctx); err == nil {
			slices.SortFunc(list.Sessions, func(a, b *viewerpb.Kept) int { return int(min(max(b.Modified-a.Modified, -1), 1)) })
			post(keptCame{list})
		}
	}})
}

// keep keeps the open session, or ends that.
func (s *Screen) keep(do *commands) {
	b := &s.shelf
	if b.keeping != nil {
		do.stop(slotKeep)
		b.keeping = nil
		return
	}
	if s.phase != Opened || s.table.total == 0 || s.session.kept != "" || s.session.lost {
		return
	}
	if s.session.following { // what comes later would not be kept
		s.follow(do)
	}
	b.keeping = new(viewerpb.Kept)
	do.add(Persist{}, Call{slotKeep, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Keep(ctx, func(k *viewerpb.Kept) { post(keeping{k}) })
		post(keepEnded{err})
	}})
}

func (s *Screen) keepEnded(do *commands, err error) {
	k := s.shelf.keeping
	s.shelf.keeping = nil
	if err != nil {
		s.failed(errors.New("this session could not be kept: " + err.Error()))
		return
	}
	s.session.kept, s.session.said = k.Name, nil
	if k.Problem != "" {
		s.session.addIssue(&viewerpb.Issue{Text: k.Problem, Note: true})
	}
	s.record(do, false)
}

// shareOpened opens the dialog for a session that was opened to be shared, once
// there are flows.
func (s *Screen) shareOpened(do *commands) {
	if s.shelf.sharing && s.phase == Opened && s.table.total > 0 {
		s.shelf.sharing = false
		s.openSave(do)
	}
}

func (s *Screen) removeKept(do *commands, name string) {
	b := &s.shelf
	if b.doomed != name {
		b.doomed = name
		return
	}
	b.doomed = ""
	names := []string{name}
	if name == AllKept {
		names = nil
		for _, k := range b.list.GetSessions() {
			names = append(names, k.Name)
		}
	}
	do.add(Call{slotKept, func(ctx context.Context, engine api.API, post func(Msg)) {
		var all error
		for _, name := range names {
			all = errors.Join(all, engine.RemoveKept(ctx, name))
		}
		post(removed{all})
	}})
}

// Kept is what is kept in this browser.
type Kept struct {
	// Offered is the label of the button that keeps the open session; empty if
	// it cannot be. Done: it is kept.
	Offered string
	Done    bool
	// Shown: there is a list to be seen.
	Shown    bool
	Sessions []KeptSession
	// Usage says how much room is used and left.
	Usage string
	// RemoveAll is the label of a button, or empty.
	RemoveAll string
	// Error is what went wrong, or empty.
	Error string
}

// A KeptSession is a session of the list.
type KeptSession struct {
	Name string
	// Link is the fragment that opens it.
	Link string
	// About says how large it is, and when it was kept.
	About string
	// Problem says what is wrong with it, or is empty.
	Problem string
	// Share and Remove are labels of buttons.
	Share, Remove string
}

func (s *Screen) keptState() Kept {
	b := &s.shelf
	st := Kept{Error: b.failure}
	switch k := b.keeping; {
	case s.phase != Opened || s.table.total == 0 || b.list.GetUnavailable() != "":
	case s.session.kept != "":
		st.Offered, st.Done = "Kept", true
	case k != nil && k.FlowsTotal > 0:
		st.Offered = "Keeping… " + formatCount(100*k.Flows/k.FlowsTotal) + " %"
	case k != nil:
		st.Offered = "Keeping…"
	default:
		st.Offered = "Keep"
	}
	if s.phase != Ready && s.phase != Failed {
		return st
	}
	if why := b.list.GetUnavailable(); why != "" {
		st.Shown, st.Usage = true, "Sessions cannot be kept: "+why
	}
	if len(b.list.GetSessions()) == 0 {
		return st
	}
	st.Shown = true
	for _, k := range b.list.Sessions {
		st.Sessions = append(st.Sessions, s.keptSession(k))
	}
	st.Usage = "Everything this page keeps takes " + formatSize(b.list.Used)
	if b.list.Quota > 0 {
		st.Usage += " of " + formatSize(b.list.Quota)
	}
	st.Usage += ". "
	if b.list.Persisted {
		st.Usage += "The browser will not delete it by itself."
	} else {
		st.Usage += "The browser may delete it when its disk is full: save what must not be lost as a file."
	}
	if len(st.Sessions) > 1 {
		st.RemoveAll = "Delete all"
		if b.doomed == AllKept {
			st.RemoveAll = "Delete all " + formatCount(uint64(len(st.Sessions))) + " for good?"
		}
	}
	return st
}

func (s *Screen) keptSession(k *viewerpb.Kept) KeptSession {
	l := s.present()
	l.Local = k.Name
	about := formatSize(k.Size)
	if k.Flows > 0 || k.Complete {
		about = formatPlural(k.Flows, "flow") + " · " + about
	}
	if k.Modified > 0 {
		offset := s.zone(k.Modified)
		about += " · " + formatDate(k.Modified, offset) + " " + formatClock(k.Modified, offset)[:len("15:04")]
	}
	st := KeptSession{
		Name: k.Name, Link: "#" + l.String(), Problem: k.Problem, Share: "Share…", Remove: "Delete",
		About: about,
	}
	if s.shelf.doomed == k.Name {
		st.Remove = "Delete for good?"
	}
	return st
}
