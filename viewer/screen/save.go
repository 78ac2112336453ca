package screen

import (
	"context"
	"errors"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does to save flows as a file.
type (
	// SaveClosed: the dialog was closed, or a save is to end.
	SaveClosed struct{}
	// SaveTargetChosen: a kind of file was chosen.
	SaveTargetChosen struct{ Name string }
	// SaveScopeChosen: all flows are to be saved, those that are shown, or those
	// that are picked.
	SaveScopeChosen struct{ Scope SaveScope }
	// SaveStarted: the file is to be written.
	SaveStarted struct{}
)

// What the engine answers.
type (
	targetsCame struct {
		targets *viewerpb.Targets
		err     error
	}
	lossesCame struct {
		losses *viewerpb.Losses
		err    error
	}
	pieceCame struct{ piece *viewerpb.Saved }
	saveEnded struct{ err error }
)

// AppendPiece adds bytes to the file that is being saved. They belong to
// whoever does it.
type AppendPiece struct{ Data []byte }

// DropPieces forgets the file that was being saved.
type DropPieces struct{}

// Download hands the file that was saved to the person.
type Download struct{ Name, Media string }

// A save is the dialog that saves flows as a file.
type save struct {
	open    bool
	targets []*viewerpb.Target
	target  int    // in targets
	chosen  string // its name, if a person chose it
	scope   SaveScope
	losses  *viewerpb.Losses
	running bool
	done    float64 // of a running save, from 0 to 1
	failure string

	secrets secrets
	seal    bool   // the file is to be encrypted
	host    string // where it will be, as a person says
	link    string // that was made
	about   string // what the link is
	copying bool
	copied  string // what became of that

	key, fileName, start string // of the file that was encrypted
	warned               bool   // that the key is nowhere else
}

// A SaveScope says which flows are saved.
type SaveScope int

// The scopes.
const (
	SaveAll SaveScope = iota
	SaveShown
	SavePicked
)

// saveScope returns the scope as the engine has it.
func (s *Screen) saveScope() (viewerpb.Scope, []string) {
	switch s.save.scope {
	case SaveShown:
		return viewerpb.Scope_VIEW, nil
	case SavePicked:
		return s.picks.scope()
	}
	return viewerpb.Scope_ALL, nil
}

func (s *Screen) updateSave(do *commands, msg Msg) {
	v := &s.save
	switch m := msg.(type) {
	case SaveClosed:
		if v.losesKey() {
			return
		}
		s.closeSave(do)
	case SaveTargetChosen:
		if i := slices.IndexFunc(v.targets, func(t *viewerpb.Target) bool { return t.Name == m.Name }); i >= 0 && !v.running {
			v.target, v.chosen = i, m.Name
			s.dropLink()
			s.countLosses(do)
		}
	case SaveScopeChosen:
		if v.open && !v.running {
			v.scope = m.Scope
			s.dropLink()
			s.countLosses(do)
			s.findSecrets(do)
		}
	case SaveStarted:
		if v.ready() {
			s.startSave(do)
		}
	case targetsCame:
		if !s.saveFailed(m.err) {
			v.targets = s.shareTargets(m.targets.Targets)
			v.target = s.likelyTarget()
			s.countLosses(do)
		}
	case lossesCame:
		if !s.saveFailed(m.err) {
			v.losses = m.losses
		}
	case pieceCame:
		if m.piece.FlowsTotal > 0 {
			v.done = float64(m.piece.Flows) / float64(m.piece.FlowsTotal)
		}
		v.key, v.fileName, v.start = m.piece.Key, m.piece.FileName, m.piece.Start
		if len(m.piece.Data) > 0 {
			do.add(AppendPiece{m.piece.Data})
		}
	case saveEnded:
		s.saveEnded(do, m.err)
	}
}

// openSave opens the dialog. What is shown is what most want who have filtered.
func (s *Screen) openSave(do *commands) {
	if s.save.open || s.phase != Opened || s.table.total == 0 || s.session.lost {
		return
	}
	s.save = s.save.again()
	s.save.open = true
	switch {
	case s.picked() > 0:
		s.save.scope = SavePicked
	case s.narrowed():
		s.save.scope = SaveShown
	}
	do.add(Call{slotSave, func(ctx context.Context, engine api.API, post func(Msg)) {
		targets, err := engine.Targets(ctx)
		post(targetsCame{targets, err})
	}})
	s.findSecrets(do)
}

// again is what a dialog that is opened again begins with. Secrets that were let
// through are not let through again.
func (v *save) again() save {
	return save{chosen: v.chosen, secrets: secrets{added: v.secrets.added, selected: v.secrets.selected}}
}

// ready reports whether a person may start.
func (v *save) ready() bool {
	return v.open && !v.running && len(v.targets) > 0 && (v.secrets.known() || v.targets[v.target].Name == shareAddress)
}

// dropLink forgets a link that is of something else by now.
func (s *Screen) dropLink() {
	s.save.link, s.save.key, s.save.copied, s.save.warned = "", "", "", false
}

// narrowed reports whether the view shows some flows, but not all.
func (s *Screen) narrowed() bool {
	return s.filter.applied != "" && s.table.count > 0 && uint64(s.table.count) < s.table.total
}

func (s *Screen) closeSave(do *commands) {
	v := &s.save
	if !v.open {
		return
	}
	do.stop(slotSave, slotSecrets)
	if v.running {
		do.add(DropPieces{})
	}
	*v = v.again()
	v.secrets.selected = ""
}

// countLosses asks what the file could not hold. A newer question ends the one
// before.
func (s *Screen) countLosses(do *commands) {
	v := &s.save
	v.losses, v.failure = nil, ""
	if len(v.targets) == 0 {
		return
	}
	switch v.targets[v.target].Name {
	case shareInLink, shareAddress:
		v.losses = new(viewerpb.Losses)
		return
	}
	count := &viewerpb.CountLosses{Target: v.targets[v.target].Name}
	count.Scope, count.Keys = s.saveScope()
	do.add(Call{slotSave, func(ctx context.Context, engine api.API, post func(Msg)) {
		losses, err := engine.Losses(ctx, count)
		post(lossesCame{losses, err})
	}})
}

func (s *Screen) startSave(do *commands) {
	v := &s.save
	s.dropLink()
	target := v.targets[v.target]
	if target.Name == shareInLink || target.Name == shareAddress {
		s.startLink(do)
		return
	}
	v.running, v.done, v.failure = true, 0, ""
	what := &viewerpb.Save{Target: target.Name, Redaction: v.secrets.redaction(), Seal: v.seal && target.Session, Start: s.looks().String()}
	what.Scope, what.Keys = s.saveScope()
	do.add(DropPieces{}, Call{slotSave, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Save(ctx, what, func(p *viewerpb.Saved) { post(pieceCame{p}) })
		post(saveEnded{err})
	}})
}

func (s *Screen) saveEnded(do *commands, err error) {
	v := &s.save
	v.running = false
	if s.saveFailed(err) {
		do.add(DropPieces{})
		return
	}
	if v.key != "" {
		do.add(Download{Name: v.fileName, Media: "application/octet-stream"})
		v.link, v.about = s.sealedLink(), "It is for the file that was saved, once that is at the address"
		return
	}
	t := v.targets[v.target]
	do.add(Download{Name: s.session.stem() + t.Extension, Media: t.MediaType})
	s.closeSave(do)
}

// saveFailed shows an error in the dialog, and reports whether there was one.
func (s *Screen) saveFailed(err error) bool {
	if err != nil && !errors.Is(err, api.ErrClosed) { // of which Disconnected tells
		s.save.failure = err.Error()
	}
	return err != nil
}

// stem returns the name of the first file without what says its format.
func (n *session) stem() string {
	if len(n.names) == 0 {
		return "session"
	}
	stem := n.names[0]
	for _, end := range [...]string{
		".gz", ".zst", ".zip", ".zhar", ".mitm", ".flow", ".flows", ".dump", ".har", ".harp", ".json",
		".pb", ".sqlite", ".db", ".flowpane",
	} {
		if cut := strings.TrimSuffix(stem, end); cut != "" {
			stem = cut
		}
	}
	return stem
}

// A Save is the dialog that saves flows as a file.
type Save struct {
	// Offered: there is something to save.
	Offered bool
	Open    bool
	Targets []SaveTarget
	// All, Shown and Picked say which flows can be saved. The latter two are
	// empty where they would be no choice.
	All, Shown, Picked string
	Scope              SaveScope
	// Summary says whether something is lost, and Losses what.
	Summary string
	Losses  []Loss
	// Running: the file is being written, and Progress is how much of it is.
	Running  bool
	Progress float64
	// Error says why it cannot be, or is empty.
	Error string
	// Ready: it may be started, with a button that says Verb.
	Ready bool
	Verb  string

	Secrets Secrets
	// Asked: it is to be said what becomes of secrets. Whole: which flows are chosen
	// changes nothing.
	Asked, Whole bool
	// Sealable: the file can be encrypted, and Seal: it is to be.
	Sealable, Seal bool
	// Link is the link that was made, and LinkNote what is to be known of it.
	// Hosted: where it leads to is to be said by a person.
	Link, LinkNote string
	Hosted         bool
	Host           string
	// Copiable: it leads somewhere. Copied says what became of a copy of it.
	Copiable bool
	Copied   string
}

// A SaveTarget is a kind of file.
type SaveTarget struct {
	Name, Label, Extension string
	Chosen                 bool
}

// A Loss is something that the file could not hold, and of how many flows.
type Loss struct{ Text, Flows string }

func (s *Screen) saveState() Save {
	v := &s.save
	st := Save{Offered: s.phase == Opened && s.table.total > 0, Open: v.open, Running: v.running, Progress: v.done, Error: v.failure}
	if !v.open {
		return st
	}
	for i, t := range v.targets {
		st.Targets = append(st.Targets, SaveTarget{t.Name, t.Label, t.Extension, i == v.target})
	}
	st.Secrets, st.Ready, st.Verb = v.secrets.state(), v.ready(), "Save"
	if len(v.targets) > 0 {
		name := v.targets[v.target].Name
		st.Asked, st.Whole, st.Sealable, st.Seal = name != shareAddress, name == shareAddress, v.targets[v.target].Session, v.seal
		if name == shareInLink || name == shareAddress {
			st.Verb = "Make the link"
		}
	}
	if v.link != "" {
		st.Link, st.LinkNote, st.Hosted, st.Host, st.Copiable, st.Copied = v.link, s.linkNote(), v.key != "", v.host, v.copiable(), v.copied
	}
	st.All = "All " + formatPlural(s.table.total, "flow")
	if s.table.total == 1 {
		st.All = "The one flow"
	}
	if st.Scope = v.scope; s.narrowed() || v.scope == SaveShown {
		st.Shown = "The " + formatPlural(uint64(s.table.count), "flow") + " shown"
	}
	if n := s.picked(); n > 0 {
		st.Picked = "The " + formatPlural(uint64(n), "flow") + " picked"
	}
	switch {
	case v.failure != "" || len(v.targets) == 0:
	case v.targets[v.target].Name == shareInLink:
		st.Summary = "The link holds the flows themselves: no file, no host."
	case v.targets[v.target].Name == shareAddress:
		st.Summary = "Whoever opens it reads all of the file at its address, as it is there, with all its secrets."
	case v.losses == nil:
		st.Summary = "Looking at what such a file can hold…"
	case len(v.losses.Losses) == 0:
		st.Summary = "Nothing is lost."
	default:
		st.Summary = "Such a file cannot hold:"
		st.Losses = lossesOf(v.losses)
	}
	return st
}

func lossesOf(l *viewerpb.Losses) []Loss {
	var list []Loss
	for _, loss := range l.Losses {
		flows := formatPlural(loss.Flows, "flow")
		if strings.HasSuffix(loss.Text, " flows") { // which are left out as a whole
			flows = formatCount(loss.Flows) + ", left out"
		}
		list = append(list, Loss{loss.Text, flows})
	}
	return list
}
