package hostile_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/content"
	"flowpane/viewer/engine"
	"flowpane/viewer/hostile"
)

// A visitor looks at all there is to be seen of an input, and asks for all that
// can be asked for, behind the boundary that the page has.
type visitor struct {
	*testing.T
	api.API
	rows  []*viewerpb.Row // that are looked at one by one
	large bool
}

// thorough is whether flows are looked at one by one up to a thousand, and saved
// without secrets as every kind of file. It takes minutes: set
// FLOWPANE_HOSTILE=all for it. By default some flows of each input are looked at,
// spread over it, and each input is redacted for one kind of file, in turn.
var thorough = os.Getenv("FLOWPANE_HOSTILE") == "all"

// looked returns how many flows of an input are looked at one by one at the
// least. All bodies are, of which each is hostile in its own way.
func looked(in hostile.Input) int {
	switch {
	case thorough:
		return 1000
	case in.Name == "mitm: bodies":
		return in.Flows
	}
	return 16
}

// TestEngine opens each input and does with it whatever a person can do. Some
// of it fails, as it should, and says why; nothing panics.
func TestEngine(t *testing.T) {
	each(t, func(t *testing.T, in hostile.Input) {
		v := visit(t, in.File, in.Make())
		if v == nil {
			return
		}
		v.large = in.Large
		v.spread(looked(in))
		for i, row := range v.rows {
			v.flow(row, v.rows[max(i-1, 0)].Key)
		}
		v.filters()
		v.together()
		targets, err := v.Targets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, target := range targets.Targets {
			if v.large && target.Name != "mitm" {
				continue
			}
			v.saves(target, nil)
			if !v.large && (thorough || i == len(in.Name)%len(targets.Targets)) {
				v.saves(target, &viewerpb.Redaction{})
			}
		}
	})
}

// visit opens a file. It returns nil if that cannot be opened.
func visit(t *testing.T, name string, file []byte) *visitor {
	t.Helper()
	config := engine.Config{Source: func(context.Context, *viewerpb.Source) (blob.Source, error) { return blob.Bytes(file), nil }}
	page, worker := api.NewPipe()
	t.Cleanup(func() { page.Close() })
	go api.Serve(context.Background(), worker, engine.New(config))
	client, err := api.Dial(page)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{T: t, API: client}
	err = v.Open(t.Context(), []*viewerpb.Source{{Name: name}}, func(p *viewerpb.Progress) {
		for _, i := range p.Issues {
			v.readable("an issue", i.Text)
			v.readable("the place of an issue", i.Place)
		}
	})
	v.fails("open", err)
	if v.watch(&viewerpb.Watch{}).Total == 0 {
		return nil
	}
	window, err := v.Rows(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	v.rows = window.Rows
	return v
}

// spread leaves so many rows or a few more, with the same distance between them.
func (v *visitor) spread(n int) {
	every := max(len(v.rows)/n, 1)
	var rows []*viewerpb.Row
	for i := 0; i < len(v.rows); i += every {
		rows = append(rows, v.rows[i])
	}
	v.rows = rows
}

// fails looks at an error, if it is one. A panic comes as one that is internal.
func (v *visitor) fails(what string, err error) {
	v.Helper()
	var told *api.Error
	switch {
	case err == nil:
		return
	case !errors.As(err, &told) || told.Code == viewerpb.Code_INTERNAL:
		v.Errorf("%s: %v", what, err)
	}
	v.readable(what, err.Error())
}

// readable checks a text that the viewer itself says.
func (v *visitor) readable(what, text string) {
	v.Helper()
	if text != "" {
		checkError(v.T, errors.New(text))
	}
	if strings.Contains(text, "has a bug") {
		v.Errorf("%s: %s", what, text)
	}
}

// watch returns the view as it is when it is up to date.
func (v *visitor) watch(w *viewerpb.Watch) *viewerpb.View {
	v.Helper()
	ctx, cancel := context.WithCancel(v.Context())
	defer cancel()
	var last *viewerpb.View
	err := v.Watch(ctx, w, func(view *viewerpb.View) {
		if last = view; !view.Busy {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		v.fails("watch "+w.Filter, err)
	}
	v.readable("the view", last.GetFailure())
	return last
}

// flow looks at all of a flow.
func (v *visitor) flow(row *viewerpb.Row, before string) {
	v.Helper()
	f, err := v.Flow(v.Context(), row.Key)
	if err != nil {
		v.fails("flow", err) // it is listed, and where it lies it is damaged
		return
	}
	_, err = v.Terms(v.Context(), row.Key)
	v.fails("terms", err)
	_, err = v.Explain(v.Context(), row.Key, "~b x | ~h x | ~u x | ~meta x | ~comment x | ~ws x")
	v.fails("explain", err)
	for _, base := range []string{"", before} {
		_, err = v.Compare(v.Context(), base, row.Key)
		v.fails("compare", err)
	}
	for _, format := range f.Exports {
		text, err := v.Export(v.Context(), row.Key, format.Name)
		v.fails("export as "+format.Name, err)
		for _, note := range text.GetNotes() {
			v.readable("a note of "+format.Name, note)
		}
	}
	_, err = v.Messages(v.Context(), &viewerpb.ListMessages{Key: row.Key, Find: "x", Count: 100})
	v.fails("messages", err)
	if f.Request.GetBody().GetPresent() && f.Request.Body.Size > 0 {
		v.body(&viewerpb.GetBody{Key: row.Key, Part: viewerpb.Part_REQUEST})
	}
	if f.Response.GetBody().GetPresent() {
		v.body(&viewerpb.GetBody{Key: row.Key, Part: viewerpb.Part_RESPONSE})
	}
	if f.MessageCount > 0 {
		v.body(&viewerpb.GetBody{Key: row.Key, Part: viewerpb.Part_MESSAGE})
		v.body(&viewerpb.GetBody{Key: row.Key, Part: viewerpb.Part_STREAM})
	}
}

// body looks at a body in all views, searches it, and goes into it.
func (v *visitor) body(get *viewerpb.GetBody) {
	v.Helper()
	get.View = content.Auto
	w, err := v.Body(v.Context(), get)
	if err != nil {
		v.fails("body", err)
		return
	}
	v.readable("the note of a body", w.Note)
	views := w.Views
	if v.large {
		views = []string{"text", "hex"}
	}
	for _, view := range views {
		shown := *get
		shown.View = view
		shown.Limit, shown.Lines = 1<<16, 1000
		w, err := v.Body(v.Context(), &shown)
		v.fails("body as "+view, err)
		v.readable("the note of a body as "+view, w.GetNote())
	}
	search := *get
	search.Find = "x"
	v.fails("survey", v.SurveyBody(v.Context(), &search, func(s *viewerpb.BodySurvey) { v.readable("a note", s.Note) }))
	if len(get.Inside) < 20 {
		for _, step := range w.Steps[:min(len(w.Steps), 2)] {
			inner := *get
			inner.Inside = append(append([]string{}, get.Inside...), step.Name)
			v.inside(&inner)
		}
	}
}

// inside goes as far into a body as the first steps lead.
func (v *visitor) inside(get *viewerpb.GetBody) {
	v.Helper()
	for range 40 {
		w, err := v.Body(v.Context(), get)
		if err != nil || len(w.Steps) == 0 {
			v.fails("inside", err)
			return
		}
		get.Inside = append(get.Inside, w.Steps[0].Name)
	}
}

// filters asks for flows by each condition that reads something else.
func (v *visitor) filters() {
	v.Helper()
	for _, filter := range []string{
		"~b hostile", "~bq x & ~bs y", "~h \"^x\"", "~hq cookie | ~hs x", "~u .*(a|b)+$", "~d example", "~t html", "~meta x", "~comment x", "~marker x", "~src 127 | ~dst 1",
		"~c 200 | !~e", "~ws x | ~tcp | ~udp | ~dns", `~b "(a+)+$"`, "~http & ~q | ~s & ~a",
	} {
		v.watch(&viewerpb.Watch{Filter: filter, Order: "url"})
	}
	for _, order := range []string{"time", "method", "size", ""} {
		v.watch(&viewerpb.Watch{Order: order, Descending: true})
	}
	keys := []string{v.rows[0].Key, "nobody", "\xff"}
	_, err := v.Highlight(v.Context(), "~b x", keys)
	v.fails("highlight", err)
	_, err = v.Complete(v.Context(), "~d ", 3)
	v.fails("complete", err)
	_, err = v.Annotate(v.Context(), &viewerpb.Annotate{Key: v.rows[0].Key, Comment: new("\x00\u202e<b>"), Marker: new(":grapes:")})
	v.fails("annotate", err)
}

// together looks at all flows at once.
func (v *visitor) together() {
	v.Helper()
	all, err := v.Overview(v.Context(), &viewerpb.GetOverview{By: 1 << 30})
	v.fails("overview", err)
	for _, host := range firsts(all.GetHosts().GetGroups()) {
		branch, err := v.Branch(v.Context(), &viewerpb.GetBranch{Host: host.Name})
		v.fails("branch", err)
		for _, path := range firsts(branch.GetGroups()) {
			_, err := v.Branch(v.Context(), &viewerpb.GetBranch{Host: host.Name, Path: path.Name})
			v.fails("branch", err)
			v.term(path.Term)
		}
		v.term(host.Term)
	}
	for _, span := range [][2]int64{{0, 0}, {-1 << 63, 1<<63 - 1}, {5, 4}} {
		_, err = v.Timeline(v.Context(), &viewerpb.GetTimeline{From: span[0], To: span[1], Buckets: 1 << 31})
		v.fails("timeline", err)
	}
	v.fails("secrets", v.FindSecrets(v.Context(), &viewerpb.FindSecrets{}, func(*viewerpb.Secrets) {}))
	_, err = v.MakeLink(v.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_KEYS, Keys: []string{v.rows[0].Key}, Redaction: &viewerpb.Redaction{}})
	v.fails("link", err)
}

// firsts are the groups that are looked into.
func firsts(groups []*viewerpb.Group) []*viewerpb.Group { return groups[:min(len(groups), 20)] }

// term is a filter that the viewer itself offers: it parses.
func (v *visitor) term(term string) {
	v.Helper()
	if _, err := v.CheckFilter(v.Context(), term); err != nil {
		v.Errorf("the viewer offers the filter %.200q: %v", term, err)
	}
}

// saves writes the session as a kind of file, and reads it again.
func (v *visitor) saves(target *viewerpb.Target, redaction *viewerpb.Redaction) {
	v.Helper()
	losses, err := v.Losses(v.Context(), &viewerpb.CountLosses{Target: target.Name})
	v.fails("losses", err)
	var file bytes.Buffer
	err = v.Save(v.Context(), &viewerpb.Save{Target: target.Name, Redaction: redaction}, func(s *viewerpb.Saved) { file.Write(s.Data) })
	v.fails("save as "+target.Name, err)
	if err != nil {
		v.Logf("not saved as %s: %v", target.Name, err)
	}
	if err != nil || losses == nil || !target.Session || file.Len() == 0 {
		return
	}
	kept := losses.Flows
	for _, l := range losses.Losses {
		if strings.HasSuffix(l.Text, " flows") {
			kept -= l.Flows
		}
	}
	flows, issues, err := read(v.T, blob.Bytes(file.Bytes()))
	if err != nil && err != io.EOF || uint64(len(flows)) != kept {
		v.Errorf("saved as %s: %d flows of %d, %d issues, %v", target.Name, len(flows), kept, len(issues), err)
	}
}
