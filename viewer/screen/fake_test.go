package screen_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// An engine is a fake of the real one. It reads a session in the steps that
// the test allows, and filters by part of a path.
type engine struct {
	timelines  atomic.Int32                         // how often Timeline was called
	branches   atomic.Int32                         // and Branch
	branchesBy atomic.Int32                         // the order of the last Branch
	timeline   atomic.Pointer[viewerpb.GetTimeline] // what was asked for last
	api.API                                         // what no test of the screen asks for

	total  int           // flows in the session
	step   chan int      // how many flows the next progress adds; closed reads the rest
	finds  bool          // flows before they are read
	key    string        // where set, by which alone it opens
	fail   error         // of Open, when all is read
	spares string        // the token of a file that it opens nevertheless
	mute   bool          // Open says nothing, and does not end
	silent chan struct{} // when set, Open waits for it, and says so
	refuse error         // of Open, before anything is known
	bare   bool          // views come without rows
	hold   chan struct{} // when set, a Watch waits for it before its first view
	slow   bool          // and so does CheckFilter
	gate   chan struct{} // when set, Rows, Body, Annotate and AddSchema wait for it

	mu         sync.Mutex
	shelf      []string // names of kept sessions
	followable bool
	broken     bool // nothing can be said of a flow
	long       bool // bodies are of 40 MB
	warning    string
	notes      []*viewerpb.Annotate
	flows      int
	filter     string
	order      string
	down       bool
	shown      []int
	rev        uint64
	reading    bool
	changed    chan struct{}
	replaced   chan struct{} // closed when another Watch takes the place of the last
	calls      []string
}

func newEngine(total int) *engine {
	e := &engine{total: total, step: make(chan int), changed: make(chan struct{}, 1)}
	return e
}

func (e *engine) called(call string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, call)
}

// taken returns the different calls since it was last asked, sorted: those of
// one update run beside each other.
func (e *engine) taken() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	calls := e.calls
	e.calls = nil
	slices.Sort(calls)
	return slices.Compact(calls)
}

func flowKey(i int) string { return "f" + strconv.Itoa(i) }

func flowRow(i int) *viewerpb.Row {
	r := &viewerpb.Row{
		Key: flowKey(i), Kind: "http", Method: "GET", Host: "example.com", Path: "/" + strconv.Itoa(i),
		Status: 200, ContentType: "text/plain", ResponseSize: int64(i), Start: 1e18 + int64(i)*1e9, Duration: 25e6, Number: uint64(i + 1),
	}
	if i%10 == 7 {
		r.Status, r.Error = 0, "connection reset"
	}
	return r
}

// update makes the view anew; e.mu is held.
func (e *engine) update() {
	e.shown = nil
	for i := range e.flows {
		if strings.Contains(flowRow(i).Path, e.filter) {
			e.shown = append(e.shown, i)
		}
	}
	if e.down {
		for i, j := 0, len(e.shown)-1; i < j; i, j = i+1, j-1 {
			e.shown[i], e.shown[j] = e.shown[j], e.shown[i]
		}
	}
	e.rev++
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

func (e *engine) Open(ctx context.Context, sources []*viewerpb.Source, each func(*viewerpb.Progress)) error {
	call := "open"
	for _, s := range sources {
		call += " " + s.Name + s.Url + s.Token
		if s.Key != "" {
			call += " by " + s.Key
		}
		if s.FlowKey != "" {
			call += " for " + s.FlowKey + map[viewerpb.Part]string{viewerpb.Part_RESPONSE: " and its response"}[s.FlowPart]
		}
	}
	e.called(call)
	if e.mute {
		<-ctx.Done()
		return ctx.Err()
	}
	if e.silent != nil {
		each(&viewerpb.Progress{Detecting: true, Waiting: "no answer yet"})
		<-e.silent
		each(&viewerpb.Progress{Detecting: true})
		<-e.silent
	}
	if e.refuse != nil && (e.spares == "" || e.spares != sources[0].Token) {
		return e.refuse
	}
	if e.key != "" && sources[0].Key != e.key {
		return &api.Error{Code: viewerpb.Code_LOCKED, Text: "the key is another"}
	}
	e.mu.Lock()
	e.flows, e.reading = 0, true
	e.update()
	e.mu.Unlock()
	each(&viewerpb.Progress{BytesTotal: uint64(e.total) * 1000})
	for read := 0; read < e.total; {
		var n int
		var more bool
		select {
		case n, more = <-e.step:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			n = e.total
		}
		e.mu.Lock()
		e.flows = min(e.flows+n, e.total)
		read = e.flows
		e.update()
		e.mu.Unlock()
		each(&viewerpb.Progress{BytesRead: uint64(read) * 1000, BytesTotal: uint64(e.total) * 1000, Flows: uint64(read), Followable: e.followable && read == e.total})
	}
	e.mu.Lock()
	e.reading = false
	e.update()
	e.mu.Unlock()
	return e.fail
}

func (e *engine) Close(context.Context) error {
	e.called("close")
	return nil
}

func (e *engine) Watch(ctx context.Context, w *viewerpb.Watch, each func(*viewerpb.View)) error {
	e.called("watch filter=" + w.Filter + " order=" + w.Order + map[bool]string{true: " down"}[w.Descending])
	if err := wrong(w.Filter); err != nil {
		return err
	}
	first := int(w.Rows)
	if e.bare {
		first = 0
	}
	replaced := make(chan struct{})
	e.mu.Lock()
	if e.replaced != nil {
		close(e.replaced)
	}
	e.replaced = replaced
	e.mu.Unlock()
	if w.Filter == "crash" {
		return errors.New("internal error")
	}
	if err := await(ctx, e.hold, replaced); err != nil {
		return err
	}
	e.mu.Lock()
	e.filter, e.order, e.down = w.Filter, w.Order, w.Descending
	e.update()
	e.mu.Unlock()
	for {
		if err := await(ctx, e.changed, replaced); err != nil {
			return err
		}
		e.mu.Lock()
		v := &viewerpb.View{Revision: e.rev, Shown: uint64(len(e.shown)), Total: uint64(e.flows), Busy: e.reading}
		if first > 0 {
			v.Rows = e.window(0, first)
		}
		if !e.reading {
			first = 0
		}
		e.mu.Unlock()
		each(v)
	}
}

func (e *engine) wait(ctx context.Context) error { return await(ctx, e.gate, nil) }

// await waits for a gate, if there is one. It fails if ctx ends before, or another
// Watch takes the place of this one.
func await(ctx context.Context, gate, replaced <-chan struct{}) error {
	if gate == nil {
		return nil
	}
	select {
	case <-gate:
		return nil
	case <-replaced:
		return &api.Error{Code: viewerpb.Code_CANCELLED, Text: "another Watch"}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *engine) Rows(ctx context.Context, from uint64, count uint32) (*viewerpb.Rows, error) {
	e.called("rows " + strconv.Itoa(int(from)) + "+" + strconv.Itoa(int(count)))
	if err := e.wait(ctx); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.window(int(from), int(count)), nil
}

// window returns rows; e.mu is held.
func (e *engine) window(from, count int) *viewerpb.Rows {
	rows := &viewerpb.Rows{Revision: e.rev, From: uint64(from)}
	for i := from; i < min(from+count, len(e.shown)); i++ {
		rows.Rows = append(rows.Rows, flowRow(e.shown[i]))
	}
	return rows
}

func (e *engine) Locate(_ context.Context, key string) (*viewerpb.Location, error) {
	e.called("locate " + key)
	e.mu.Lock()
	defer e.mu.Unlock()
	l := &viewerpb.Location{Revision: e.rev, Index: -1}
	for i, n := range e.shown {
		if flowKey(n) == key {
			l.Index = int64(i)
		}
		if before, _ := strconv.Atoi(strings.TrimPrefix(key, "f")); n < before && !e.down {
			l.Near = int64(i + 1)
		}
	}
	for i := range e.flows {
		l.Exists = l.Exists || flowKey(i) == key
	}
	return l, nil
}

func (e *engine) Flow(_ context.Context, key string) (*viewerpb.Flow, error) {
	e.called("flow " + key)
	i, err := strconv.Atoi(key[1:])
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil || i >= e.flows && !e.finds {
		return nil, &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "no such flow"}
	}
	r := flowRow(i)
	f := &viewerpb.Flow{
		Row: r, Url: "https://example.com" + r.Path, Error: r.Error,
		Request: &viewerpb.Head{Line: "GET " + r.Path, Headers: []*viewerpb.Field{{Name: "b", Value: "1"}, {Name: "a", Value: "2"}, {Name: "B", Value: "3"}}},
		Sections: []*viewerpb.Section{
			{Tab: "connection", Title: "Client", Fields: []*viewerpb.Field{{Name: "Address", Value: "192.0.2.1:5"}}},
			{Tab: "comment", Title: "Flow"},
			{Tab: "timing", Title: "Timing"},
		},
		Exports: []*viewerpb.ExportFormat{{Name: "curl", Label: "cURL"}, {Name: "raw", Label: "Raw"}, {Name: "broken", Label: "Broken"}},
	}
	f.Warning = e.warning
	if r.Error == "" {
		f.Response = &viewerpb.Head{Line: "200 OK", Body: &viewerpb.BodyInfo{Present: true, Size: 200_000}}
	}
	if i%10 == 5 {
		f.Websocket, f.MessageCount = &viewerpb.WebSocket{}, 2
	}
	return f, nil
}

// Messages lists 300 messages in f35, and 2 elsewhere.
func (e *engine) Messages(_ context.Context, list *viewerpb.ListMessages) (*viewerpb.MessageList, error) {
	e.called("messages " + list.Key + " find=" + list.Find + " side=" + strconv.Itoa(int(list.Side)) + " from=" + strconv.Itoa(int(list.From)))
	all := []*viewerpb.Message{
		{FromClient: true, Type: "text", Size: 5, Preview: "hello"}, {Type: "binary", Size: 2048, Preview: "…", Injected: true, Index: 1},
	}
	if list.Find == "fails" {
		return nil, errors.New("it is gone")
	}
	for list.Key == "f35" && len(all) < 300 {
		all = append(all, &viewerpb.Message{Preview: "more", Index: uint32(len(all))})
	}
	reply := &viewerpb.MessageList{Total: uint32(len(all))}
	for _, m := range all {
		if !strings.Contains(m.Preview, list.Find) || list.Side != 0 && m.FromClient != (list.Side == viewerpb.Side_CLIENT) {
			continue
		}
		if reply.Matched >= list.From && len(reply.Messages) < int(list.Count) {
			reply.Messages = append(reply.Messages, m)
		}
		reply.Matched++
	}
	return reply, nil
}

// Overview is of three hosts, and of another one by failures; Branch of what is below
// one of them.
func (e *engine) Overview(_ context.Context, get *viewerpb.GetOverview) (*viewerpb.Overview, error) {
	group := func(name, term string, flows uint64, inner bool) *viewerpb.Group {
		return &viewerpb.Group{Name: name, Term: term, Flows: flows, Failed: flows / 4, Received: 1000 * flows, P50: 2_345_678, P95: 3e6, P99: 350_999_999, Longest: 5e9, Inner: inner}
	}
	branch := func(list ...*viewerpb.Group) *viewerpb.Branch { return &viewerpb.Branch{Groups: list} }
	hosts := []*viewerpb.Group{group("a.example", "~d a", 5, true), group("b.example", "~d b", 2, true), group("dns", "~dns", 1, false)}
	if get.By == viewerpb.GroupOrder_BY_FAILED {
		hosts[2] = group("fails.example", "~d fails", 4, true)
	}
	return &viewerpb.Overview{
		All:      group("", "", 8, false),
		Hosts:    &viewerpb.Branch{Groups: hosts, Others: 3},
		Statuses: branch(group("200", "~c 200", 6, false), group("", "~q !~e", 2, false)),
		Types:    branch(group("text/html", "~ts html", 8, false)), Methods: branch(group("GET", "~m GET", 8, false)), Connections: branch(group("10.0.0.1:5", "~src 5", 8, false)), Servers: branch(group("10.0.0.2:443", "~peer 443", 8, false)),
		Slowest: []*viewerpb.Row{{Key: flowKey(3), Method: "GET", Host: "a.example", Path: "/slow", Duration: 5e9}},
		Largest: []*viewerpb.Row{{Key: flowKey(4), Method: "GET", Host: "a.example", Path: "/large", ResponseSize: 5e6}},
	}, nil
}

func (e *engine) Branch(_ context.Context, get *viewerpb.GetBranch) (*viewerpb.Branch, error) {
	e.branches.Add(1)
	e.branchesBy.Store(int32(get.By))
	return &viewerpb.Branch{Groups: []*viewerpb.Group{
		{Name: "/v1/", Term: "~u " + get.Host + get.Path + "/v1/", Flows: 3, Inner: true}, {Name: "/", Term: "~u " + get.Host + "/", Flows: 1},
	}, Others: 7}, nil
}

// Timeline has a flow that succeeded and one that failed in each stretch.
func (e *engine) Timeline(_ context.Context, get *viewerpb.GetTimeline) (*viewerpb.Timeline, error) {
	e.timelines.Add(1)
	e.timeline.Store(get)
	t := &viewerpb.Timeline{First: 1e18, Last: 1e18 + 60e9 - 1, From: get.From, Width: (get.To - get.From) / int64(get.Buckets)}
	if get.To <= get.From {
		t.From, t.Width = t.First, 60e9/int64(get.Buckets)
	}
	for range get.Buckets {
		t.All = append(t.All, 3)
		t.Shown = append(t.Shown, 0, 0, 1, 0, 0, 0, 1)
	}
	return t, nil
}

func (e *engine) Body(ctx context.Context, get *viewerpb.GetBody) (*viewerpb.BodyWindow, error) {
	call := "body " + get.Key + " part=" + strconv.Itoa(int(get.Part)) + " index=" + strconv.Itoa(int(get.Index)) + " view=" + get.View
	for _, field := range []struct {
		name  string
		value uint64
	}{{"from", get.From}, {"line", get.Line}, {"hit", get.Hit}, {"fold", uint64(get.FoldFrom)}, {"folded", uint64(len(get.Folded))}, {"allowed", get.Allowed}} {
		if field.value > 0 {
			call += " " + field.name + "=" + strconv.Itoa(int(field.value))
		}
	}
	if get.Limit == 0 {
		get.Limit = 1 << 20
	}
	if len(get.Inside) > 0 {
		call += " inside=" + strings.Join(get.Inside, "/")
	}
	if e.called(call); get.Backwards {
		get.From -= min(get.From, get.Limit)
	}
	if err := e.wait(ctx); err != nil {
		return nil, err
	}
	switch {
	case get.Hit > 0:
		get.From = (get.Hit - 1) * 50_000
	case get.Line > 0:
		get.From = (get.Line - 1) * 10
	}
	w := &viewerpb.BodyWindow{View: get.View, Views: []string{"auto", "text", "hex", "image"}, Present: true, From: get.From, Total: 500_000, Lines: 50_000}
	if get.View == "auto" {
		w.View = "text"
	}
	if e.long {
		w.Total, w.Lines = 40<<20, 4<<20
	}
	n := min(get.Limit, w.Total-get.From)
	if w.View == "image" && get.From == 0 {
		w.Data, w.MediaType = make([]byte, 150_000), "image/png"
		w.Total, n, w.Complete = 10, 10, true
	}
	w.Text = strings.Repeat("xxxxxxxxx\n", int(n+9)/10)[:n]
	w.Next, w.Line = w.From+n, w.From/10+1
	w.FoldRows, w.FoldPlaces, w.FoldHidden = []uint32{0}, []uint64{w.From}, []uint32{0}
	if get.Find != "" { // a hit in every 50,000 units, four in all
		w.HitsTotal, w.HitsBefore = 4, min(4, (get.From+49_999)/50_000)
		for at := w.HitsBefore * 50_000; at < min(get.From+n, 200_000); at += 50_000 {
			w.Hits = append(w.Hits, uint32(at-get.From), uint32(at-get.From)+3)
		}
	}
	return w, nil
}

// SurveyBody says that there is more than the windows are told.
func (e *engine) SurveyBody(_ context.Context, get *viewerpb.GetBody, each func(*viewerpb.BodySurvey)) error {
	e.called("survey body " + get.Key)
	v := viewerpb.BodySurvey{Total: 500_000, Lines: 50_000, Note: "noted", Allow: 1 << 20, Steps: []*viewerpb.Step{
		{Name: "data", Kind: "Base64", Size: 1 << 10, Preview: "a b"}, {Name: "gzip", Kind: "gzip", Size: 5, Preview: "words"},
	}}
	if get.Find != "" {
		v.Hits = 4
	}
	each(&v)
	done := v
	done.Complete = true
	each(&done)
	return nil
}

// Complete offers each letter of "~abc" that is not there as yet.
func (e *engine) Complete(_ context.Context, filter string, cursor int) (*viewerpb.Completions, error) {
	c := &viewerpb.Completions{From: uint32(strings.LastIndexByte(filter[:cursor], ' ') + 1), To: uint32(cursor)}
	for _, op := range []string{"~a", "~b ", "~c "} {
		if typed := filter[c.From:c.To]; strings.HasPrefix(op, typed) && typed != "" {
			c.List = append(c.List, &viewerpb.Completion{Text: op, Help: "helps " + op})
		}
	}
	if strings.HasPrefix(filter, "method:") {
		c.List = append(c.List, &viewerpb.Completion{Text: "~m get", Likely: true})
	}
	return c, nil
}

func (e *engine) CheckFilter(ctx context.Context, filter string) (*viewerpb.FilterCheck, error) {
	e.called("check " + filter)
	if e.slow {
		if err := await(ctx, e.hold, nil); err != nil {
			return nil, err
		}
	}
	if err := wrong(filter); err != nil {
		return nil, err
	}
	return &viewerpb.FilterCheck{Description: "path has " + filter}, nil
}

// wrong returns what is wrong with a filter.
func wrong(filter string) error {
	if pos := strings.Index(filter, "~"); pos >= 0 {
		return &api.Error{Code: viewerpb.Code_BAD_FILTER, Text: "no such operator", Pos: pos, End: len(filter), Incomplete: filter == "~"}
	}
	if filter == "panic" {
		return errors.New("internal error")
	}
	return nil
}

func (e *engine) Targets(context.Context) (*viewerpb.Targets, error) {
	return &viewerpb.Targets{Targets: []*viewerpb.Target{
		{Name: "mitm", Label: "mitmproxy dump", Extension: ".mitm", MediaType: "application/octet-stream", Session: true},
		{Name: "har", Label: "HTTP Archive (HAR)", Extension: ".har", MediaType: "application/json", Session: true},
	}}, nil
}

func (e *engine) Losses(_ context.Context, count *viewerpb.CountLosses) (*viewerpb.Losses, error) {
	e.called("losses " + count.Target + " " + strconv.Itoa(int(count.Scope)))
	if count.Target == "mitm" {
		return &viewerpb.Losses{Flows: 1000}, nil
	}
	return &viewerpb.Losses{Flows: 1000, Losses: []*viewerpb.Loss{{Text: "TLS ciphers", Flows: 800}, {Text: "TCP flows", Flows: 1}}}, nil
}

// FindSecrets finds a cookie in the first flow, and what was added, unless that is
// "panic".
func (e *engine) FindSecrets(_ context.Context, find *viewerpb.FindSecrets, each func(*viewerpb.Secrets)) error {
	r := find.Redaction
	e.called("secrets " + strconv.Itoa(int(find.Scope)) + " " + strings.Join(slices.Concat(r.Names, r.Values, r.Types), ","))
	if slices.Contains(r.Values, "panic") {
		return errors.New("internal error")
	}
	each(&viewerpb.Secrets{Flows: 1, FlowsTotal: 4})
	each(&viewerpb.Secrets{
		Flows: 4, FlowsTotal: 4, Changed: 3, Complete: true,
		Classes: []*viewerpb.SecretClass{
			{Name: "cookies", Label: "Cookies", About: "Values of Cookie and Set-Cookie", Count: 5, Places: []*viewerpb.SecretPlace{{Name: "sid", Count: 4}, {Count: 1}}},
			{Name: "jwt", Label: "JSON Web Tokens", About: "Wherever they stand"},
		},
		By: []*viewerpb.SecretFlow{{Key: "f1", Title: "GET https://shop.test/", Places: []*viewerpb.SecretPlace{{Name: "sid", Count: 1, Class: "cookies"}, {Count: 1, Class: "jwt"}}}},
	})
	return nil
}

// MakeLink makes no link of all flows: they are too many.
func (e *engine) MakeLink(_ context.Context, link *viewerpb.MakeLink) (*viewerpb.MadeLink, error) {
	e.called("link " + strconv.Itoa(int(link.Scope)) + " redacted=" + strconv.FormatBool(link.Redaction != nil) + " keep=" + strings.Join(link.Redaction.GetKeep(), ","))
	if link.Scope == viewerpb.Scope_ALL {
		return nil, errors.New("these flows do not fit into a link")
	}
	return &viewerpb.MadeLink{Session: "1abc", Flows: 2, Start: link.Start}, nil
}

// Save of what is shown never ends by itself.
func (e *engine) Save(ctx context.Context, save *viewerpb.Save, each func(*viewerpb.Saved)) error {
	call := "save " + save.Target + " " + strconv.Itoa(int(save.Scope)) + " redacted=" + strconv.FormatBool(save.Redaction != nil)
	if save.Redaction.GetClaims() {
		call += " claims"
	}
	e.called(call + " " + save.Start)
	if save.Seal {
		each(&viewerpb.Saved{Data: []byte("sealed"), Flows: 1, FlowsTotal: 1, Key: "k", FileName: "session.flowpane", Start: save.Start})
		return nil
	}
	each(&viewerpb.Saved{Data: []byte("first"), Flows: 500, FlowsTotal: 1000})
	if save.Scope == viewerpb.Scope_VIEW {
		<-ctx.Done()
		return ctx.Err()
	}
	if save.Target == "mitm" {
		return &api.Error{Code: viewerpb.Code_GONE, Text: "the file changed or went away"}
	}
	each(&viewerpb.Saved{Data: []byte("second"), Flows: 1000, FlowsTotal: 1000})
	return nil
}

// Kept implements api.API.
func (e *engine) Kept(context.Context) (*viewerpb.KeptList, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := new(viewerpb.KeptList)
	for _, name := range e.shelf {
		list.Sessions = append(list.Sessions, &viewerpb.Kept{Name: name, Size: 2048, Flows: 3, Complete: true, Modified: int64(1+len(list.Sessions)) * 1e9})
	}
	list.Used, list.Quota = 4096, 1<<30
	return list, nil
}

// Keep implements api.API.
func (e *engine) Keep(ctx context.Context, each func(*viewerpb.Kept)) error {
	each(&viewerpb.Kept{Name: "kept", Flows: 1, FlowsTotal: 4})
	if e.gate != nil {
		select {
		case <-e.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	each(&viewerpb.Kept{Name: "kept", Flows: 4, FlowsTotal: 4, Complete: true})
	return nil
}

// RemoveKept implements api.API.
func (e *engine) RemoveKept(_ context.Context, name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shelf = slices.DeleteFunc(e.shelf, func(s string) bool { return s == name })
	return nil
}

// annotated returns what was said last.
func (e *engine) annotated() *viewerpb.Annotate {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.notes[len(e.notes)-1]
}

// Annotate implements api.API.
func (e *engine) Annotate(ctx context.Context, a *viewerpb.Annotate) (*viewerpb.Row, error) {
	if err := e.wait(ctx); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.broken {
		return nil, errors.New("there is no more room")
	}
	e.notes = append(e.notes, a)
	return &viewerpb.Row{Key: a.Key, Marker: a.GetMarker(), Comment: a.GetComment()}, nil
}

// Follow implements api.API. A flow comes for each step.
func (e *engine) Follow(ctx context.Context, each func(*viewerpb.Progress)) error {
	for n := uint64(e.total); ; {
		select {
		case <-e.step:
			n++
			each(&viewerpb.Progress{Name: "session", Flows: n, Complete: true})
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Explain finds the filter in the path.
func (e *engine) Explain(_ context.Context, key, filter string) (*viewerpb.Explanation, error) {
	e.called("explain " + key + " " + filter)
	if filter == "panic" {
		return nil, errors.New("internal error")
	}
	return &viewerpb.Explanation{Reasons: []*viewerpb.Reason{
		{Condition: filter, Place: "response body", Before: "a ", Hit: filter, After: " z", Tab: "response"},
		{Condition: "~c 200"},
	}}, nil
}

// Terms offers the host, the path and a header.
func (e *engine) Terms(_ context.Context, key string) (*viewerpb.Terms, error) {
	e.called("terms " + key)
	return &viewerpb.Terms{Terms: []*viewerpb.Term{
		{Of: "host", Label: "host example.com", Text: "example"},
		{Of: "path", Label: "path", Text: "/" + key[1:]},
		{Of: "request-header 0", Label: "a: b", Text: "a:b"},
	}}, nil
}

// Highlight lights flows with part of the rule in their keys.
func (e *engine) Highlight(_ context.Context, filter string, keys []string) (*viewerpb.Highlighted, error) {
	e.called("highlight " + filter + " " + strconv.Itoa(len(keys)))
	if strings.Contains(filter, "~") {
		return nil, &api.Error{Code: viewerpb.Code_BAD_FILTER, Text: "no such operator"}
	}
	lit := new(viewerpb.Highlighted)
	for _, key := range keys {
		if strings.Contains(key, filter) {
			lit.Keys = append(lit.Keys, key)
		}
	}
	return lit, nil
}

// Export writes the key, and bytes for the format raw.
func (e *engine) Export(_ context.Context, key, format string) (*viewerpb.Exported, error) {
	switch format {
	case "raw":
		return &viewerpb.Exported{Text: []byte("\xff" + key), FileName: "x.http"}, nil
	case "broken":
		return nil, &api.Error{Code: viewerpb.Code_UNREADABLE, Text: "there is no URL"}
	}
	return &viewerpb.Exported{
		Text: []byte("curl " + key), IsText: true, FileName: "x.sh", Notes: []string{"save it as body.bin"},
		AttachmentName: "body.bin", Attachment: []byte{1},
	}, nil
}

// Compare finds that the request differs.
func (e *engine) Compare(_ context.Context, base, key string) (*viewerpb.Comparison, error) {
	e.called("compare " + base + " " + key)
	if base == "f9" {
		return nil, errors.New("f9 is gone")
	}
	return &viewerpb.Comparison{Parts: []*viewerpb.ComparedPart{
		{Title: "Request", Rows: []*viewerpb.ComparedRow{{Left: base, Right: key, HasLeft: true, HasRight: true}}},
		{Title: "Response", Same: true},
		{Title: "Messages", Same: true, Note: "not all"},
	}}, nil
}

// SaveBody sends two pieces, and fails for f6 after the first.
func (e *engine) SaveBody(_ context.Context, save *viewerpb.SaveBody, each func(*viewerpb.Saved)) error {
	call := "save body " + save.Key + " decoded=" + strconv.FormatBool(save.Decoded)
	if len(save.Inside) > 0 {
		call += " inside=" + strings.Join(save.Inside, "/")
	}
	e.called(call)
	each(&viewerpb.Saved{Data: []byte("one"), FileName: "x.bin"})
	if save.Key == "f6" {
		return errors.New("it is gone")
	}
	each(&viewerpb.Saved{Data: []byte("two"), FileName: "x.bin"})
	return nil
}

// AddSchema knows as many message types as the token says, if that is a number.
func (e *engine) AddSchema(ctx context.Context, source *viewerpb.Source) (*viewerpb.AddedSchema, error) {
	e.called("add schema " + source.Name)
	if err := e.wait(ctx); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(source.Token)
	return &viewerpb.AddedSchema{Messages: uint64(n)}, err
}
