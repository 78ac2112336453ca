package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person says of the secrets in what is shared.
type (
	// SecretsLeft: all secrets are to stay in what is shared, or none.
	SecretsLeft struct{ In bool }
	// SecretClassToggled: secrets of a class are to stay, or no more.
	SecretClassToggled struct{ Name string }
	// ClaimsToggled: the claims of tokens are to stay, or no more.
	ClaimsToggled struct{}
	// SecretAdded: something is secret besides.
	SecretAdded struct {
		Kind SecretKind
		Text string
	}
	// SecretDropped: what was added at a place in the list is no secret after all.
	SecretDropped struct{ Index int }
	// SecretFlowChosen: a flow that holds secrets is to be seen.
	SecretFlowChosen struct{ Key string }
	// TextSelected: a piece of text on the page is selected, as the dialog opens.
	TextSelected struct{ Text string }

	secretsCame struct {
		secrets *viewerpb.Secrets
		err     error
	}
)

// A SecretKind says what of flows a person calls a secret.
type SecretKind int

// The kinds.
const (
	SecretName  SecretKind = iota // a header, a field or a parameter
	SecretValue                   // a text, wherever it stands
	SecretType                    // bodies of a media type
)

// An AddedSecret is what a person calls a secret.
type AddedSecret struct {
	Kind SecretKind
	Text string
}

// Secrets say what is taken out of what is shared, and what was found. What is
// added stays from one share to the next; what is let through does not.
type secrets struct {
	left   bool            // in, all of them
	stay   map[string]bool // classes
	claims bool
	added  []AddedSecret
	found  *viewerpb.Secrets // nil before the first answer
	failed bool              // there will be none

	selected string // text on the page
}

func (s *Screen) updateSecrets(do *commands, msg Msg) {
	v := &s.save.secrets
	if m, ok := msg.(TextSelected); ok {
		v.selected = m.Text
		return
	}
	if !s.save.open || s.save.running {
		return
	}
	if _, came := msg.(secretsCame); !came {
		s.dropLink()
	}
	switch m := msg.(type) {
	case SecretsLeft:
		v.left = m.In
	case SecretClassToggled:
		if v.stay == nil {
			v.stay = map[string]bool{}
		}
		v.stay[m.Name] = !v.stay[m.Name]
	case ClaimsToggled:
		v.claims = !v.claims
	case SecretAdded:
		s.addSecret(do, AddedSecret{m.Kind, strings.TrimSpace(m.Text)})
	case SecretDropped:
		if m.Index < len(v.added) {
			v.added = slices.Delete(v.added, m.Index, m.Index+1)
			s.findSecrets(do)
		}
	case SecretFlowChosen:
		s.closeSave(do)
		s.showFlow(do, m.Key)
		s.record(do, true)
	case secretsCame:
		if v.failed = s.saveFailed(m.err); !v.failed {
			v.found = m.secrets
		}
	}
}

// shortestSecret is how many bytes a text has at the least that can be taken out
// wherever it stands: a shorter one stands everywhere.
const shortestSecret = 4

func (s *Screen) addSecret(do *commands, a AddedSecret) {
	v := &s.save.secrets
	switch {
	case a.Text == "" || slices.Contains(v.added, a):
		return
	case a.Kind == SecretValue && len(a.Text) < shortestSecret:
		s.save.failure = "A text of fewer than four letters stands everywhere, and cannot be taken out."
		return
	}
	if v.added = append(v.added, a); a.Text == v.selected {
		v.selected = ""
	}
	s.findSecrets(do)
}

// findSecrets asks what would be taken out. A newer question ends the one before.
func (s *Screen) findSecrets(do *commands) {
	v := &s.save.secrets
	v.found, v.failed, s.save.failure = nil, false, ""
	find := &viewerpb.FindSecrets{Redaction: v.strict()}
	find.Scope, find.Keys = s.saveScope()
	do.add(Call{slotSecrets, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.FindSecrets(ctx, find, func(found *viewerpb.Secrets) { post(secretsCame{found, nil}) })
		if err != nil {
			post(secretsCame{nil, err})
		}
	}})
}

// strict takes out all there is, and what was added.
func (v *secrets) strict() *viewerpb.Redaction {
	r := new(viewerpb.Redaction)
	for _, a := range v.added {
		list := [...]*[]string{&r.Names, &r.Values, &r.Types}[a.Kind]
		*list = append(*list, a.Text)
	}
	return r
}

// redaction returns what is to be taken out, nil if nothing is.
func (v *secrets) redaction() *viewerpb.Redaction {
	if v.left {
		return nil
	}
	r := v.strict()
	r.Claims = v.claims
	for _, c := range v.found.GetClasses() {
		if v.stay[c.Name] {
			r.Keep = append(r.Keep, c.Name)
		}
	}
	return r
}

// known reports whether a person could see what would leave.
func (v *secrets) known() bool { return v.left || v.found.GetComplete() }

// Secrets is the part of a share that says what is taken out of it.
type Secrets struct {
	// Left: nothing is taken out.
	Left bool
	// Summary says how much is found, and Progress how far the search is, from 0
	// to 1; negative is neither.
	Summary  string
	Progress float64
	Classes  []SecretClass
	// Claims: those of tokens stay.
	Claims bool
	Added  []AddedSecret
	// Flows hold something; More says how many others do, or is empty.
	Flows []SecretFlow
	More  string
	// Selected is text that is selected on the page, and may be a secret.
	Selected string
}

// A SecretClass is a kind of secret that was found, or may be.
type SecretClass struct {
	Name, Label, About string
	// Count says how many there are.
	Count string
	// Stays: they are not taken out.
	Stays bool
	// Places say under which names they stand, and how often.
	Places []Loss
}

// A SecretFlow is a flow that holds secrets, and which.
type SecretFlow struct{ Key, Title, Holds string }

func (v *secrets) state() Secrets {
	st := Secrets{Left: v.left, Claims: v.claims, Added: v.added, Selected: v.selected, Progress: -1}
	f := v.found
	switch {
	case v.left:
		st.Summary = "Nothing is taken out: whoever gets this gets every password, cookie and token in it."
	case v.failed:
		st.Summary = "The flows could not be searched for secrets. Share fewer of them, or leave their secrets in."
	case !f.GetComplete():
		st.Summary = "Looking for secrets…"
		if st.Progress = 0; f.GetFlowsTotal() > 0 {
			st.Progress = float64(f.Flows) / float64(f.FlowsTotal)
		}
	default:
		v.tell(&st)
	}
	return st
}

// tell says what was found.
func (v *secrets) tell(st *Secrets) {
	f := v.found
	var taken, stay uint64
	labels := map[string]string{}
	for _, c := range f.Classes {
		labels[c.Name] = c.Label
		if v.stay[c.Name] {
			stay += c.Count
		} else {
			taken += c.Count
		}
		class := SecretClass{Name: c.Name, Label: c.Label, About: c.About, Count: formatCount(c.Count), Stays: v.stay[c.Name]}
		for _, p := range c.Places {
			name := p.Name
			if name == "" {
				name = "by their shape"
			}
			class.Places = append(class.Places, Loss{name, formatCount(p.Count)})
		}
		st.Classes = append(st.Classes, class)
	}
	st.Summary = "Nothing was found that looks like a secret."
	if f.Changed > 0 {
		st.Summary = formatPlural(taken, "secret") + " in " + formatPlural(f.Changed, "flow") + " will be taken out."
	}
	if stay > 0 {
		st.Summary = formatPlural(taken, "secret") + " will be taken out, " + formatCount(stay) + " stay."
	}
	for _, in := range f.By {
		var holds []string
		for _, p := range in.Places {
			text := labels[p.Class]
			if p.Name != "" {
				text = p.Name
			}
			holds = append(holds, text)
		}
		st.Flows = append(st.Flows, SecretFlow{in.Key, in.Title, strings.Join(holds, ", ")})
	}
	if n := f.Changed - uint64(len(f.By)); n > 0 {
		st.More = "and " + formatPlural(n, "flow") + " more"
	}
}
