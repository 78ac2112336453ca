package screen_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/screen"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A user drives a screen, and writes down what is to be seen.
type user struct {
	*testing.T
	engine  *engine
	screen  *screen.Screen
	loop    *screen.Loop
	effects []string
	log     strings.Builder
}

// use runs f on a screen of 1200 by 320 pixels whose session has total flows.
func use(t *testing.T, total int, f func(*user)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		u := &user{T: t, engine: newEngine(total), screen: screen.New(nil, resolve)}
		u.loop = screen.NewLoop(u.screen, func(c screen.Command) {
			if long, ok := c.(screen.Copy); ok && len(long.Text) > 1000 {
				c = screen.Copy{Text: fmt.Sprintf("%d bytes", len(long.Text))}
			}
			u.effects = append(u.effects, strings.TrimPrefix(fmt.Sprintf("%T%+v", c, c), "screen."))
		}, func() {})
		// With its engine every call ends, or the bubble is deadlocked.
		defer u.loop.Send(screen.Disconnected{Err: errors.New("the test is over")})
		u.send(screen.Resized{Width: 1200, Table: 1200, Height: 320})
		f(u)
	})
}

func (u *user) send(msgs ...screen.Msg) {
	for _, m := range msgs {
		u.loop.Send(m)
		synctest.Wait()
	}
}

func (u *user) connect() {
	u.loop.Connect(u.engine)
	synctest.Wait()
}

// read lets the engine read n flows; 0 is all.
func (u *user) read(n int) {
	if n == 0 {
		step := u.engine.step
		u.engine.step = make(chan int) // what follows the last flow waits for it
		close(step)
	} else {
		u.engine.step <- n
	}
	synctest.Wait()
}

// open opens a session and reads it to its end.
func (u *user) open(fragment string) {
	u.send(screen.Navigated{Fragment: fragment})
	u.connect()
	u.read(0)
}

func (u *user) act(actions ...screen.Action) {
	for _, a := range actions {
		u.send(screen.Acted{Action: a})
	}
}

// note writes down what is to be seen, and what was done since the last note.
func (u *user) note(what string) {
	s := u.screen.State()
	w := &u.log
	fmt.Fprintf(w, "== %s\n", what)
	for _, c := range u.engine.taken() {
		fmt.Fprintf(w, "   call %s\n", c)
	}
	for _, e := range u.effects {
		fmt.Fprintf(w, "   do %s\n", e)
	}
	u.effects = nil
	fmt.Fprintf(w, "%s | %s | %s | %.2f\n", s.Phase, s.Title, s.Status+map[bool]string{true: " (fleeting)"}[s.Fleeting], s.Progress)
	f := &s.Filter
	fmt.Fprintf(w, "filter %q hint %q error %q %q[%q]%q %v\n", f.Text, f.Hint, f.Error, f.Before, f.Bad, f.After, f.Incomplete)
	for _, g := range f.Suggestions {
		fmt.Fprintf(w, "suggestion %q %q %v\n", g.Text, g.Help, g.Active)
	}
	if s.Start.Heading != "" {
		fmt.Fprintf(w, "start %q %q\n", s.Start.Heading, s.Start.Text)
	}
	if s.Issues.Summary != "" {
		fmt.Fprintf(w, "issues %+v\n", s.Issues)
	}
	if v := &s.Save; v.Open {
		fmt.Fprintf(w, "save %+v\n", *v)
	}
	u.noteTable(&s.Table)
	u.noteDetail(&s.Detail)
}

func sorts(columns []screen.TableColumn) (list []string) {
	for _, c := range columns {
		list = append(list, c.Sort)
	}
	return list
}

func (u *user) noteTable(t *screen.Table) {
	w := &u.log
	if !t.Shown {
		return
	}
	fmt.Fprintf(w, "table count %d busy %v spacer %v sort %q empty %q\n", t.Count, t.Busy, t.Spacer, sorts(t.Columns), t.Empty)
	for i, r := range t.Rows {
		if i > 0 && i < len(t.Rows)-1 && !r.Selected && !r.Cursor {
			continue
		}
		text := "(to come)"
		if r.Row != nil {
			text = r.Row.Key + " " + strings.Join(r.Row.Cells, "|") + " " + r.Row.Class
		}
		if r.Selected {
			text += " SELECTED"
		}
		if r.Cursor {
			text += " CURSOR"
		}
		fmt.Fprintf(w, "  %d at %v: %s\n", r.Index, r.Y, text)
	}
}

func (u *user) noteDetail(d *screen.Detail) {
	w := &u.log
	if !d.Open {
		return
	}
	fmt.Fprintf(w, "detail %s busy %v %q error %q %v\n", d.Key, d.Busy, d.Title, d.Error, d.Badges)
	for _, tab := range d.Tabs {
		fmt.Fprintf(w, "  tab %s %q %v\n", tab.Name, tab.Label, tab.Selected)
	}
	p := &d.Panel
	fmt.Fprintf(w, "  panel line %q text %q\n", p.Line, p.Text)
	for _, t := range p.Tables {
		fmt.Fprintf(w, "  table %q %d fields, else %q\n", t.Title, len(t.Fields), t.Empty)
	}
	if t := &p.Talk; t.Shown {
		fmt.Fprintf(w, "  talk %q filter %q side %d stream %v more %q, %d messages\n", t.Summary, t.Text, t.Side, t.Stream, t.More, len(t.Messages))
	}
	for _, m := range p.Talk.Messages[:min(3, len(p.Talk.Messages))] {
		fmt.Fprintf(w, "  message %+v\n", m)
	}
	b := &d.Body
	if b.Shown {
		fmt.Fprintf(w, "  body view %q asked %q of %q busy %v: image %d %s, note %q lines %q empty %q error %q earlier %v more %v allow %q\n",
			b.View, b.Asked, b.Choices, b.Busy, len(b.Image), b.Media, b.Note, b.Lines, b.Empty, b.Error, b.Earlier, b.More, b.Allow)
		if len(b.Inside)+len(b.Steps) > 0 {
			fmt.Fprintf(w, "    inside %q, steps %q\n", b.Inside, b.Steps)
		}
		for _, c := range b.Chunks {
			fmt.Fprintf(w, "    %d bytes from %d, line %d\n", len(c.Text), c.From, c.Line)
		}
	}
}

// golden compares the log with a file.
func (u *user) golden(name string) {
	u.Helper()
	name = "testdata/" + name + ".golden"
	if *update {
		if err := os.WriteFile(name, []byte(u.log.String()), 0o644); err != nil {
			u.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		u.Fatal(err)
	}
	got, lines := strings.Split(u.log.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) {
			u.Fatalf("%s has %d lines, want %d", name, len(got), len(lines))
		}
		if got[i] != lines[i] {
			u.Fatalf("%s:%d: %s\nwant %s\n(run the tests with -update and look at the difference)", name, i+1, got[i], lines[i])
		}
	}
}

func TestReading(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.note("before the engine")
		u.send(screen.Picked{Files: []screen.File{{Token: "t1", Name: "shop.mitm"}, {Token: "t2", Name: "more.mitm"}}})
		u.note("files dropped too early")
		u.connect()
		u.note("the engine is here")
		u.read(3)
		u.note("three flows")
		u.read(400)
		u.note("many flows")
		u.send(screen.FilterTyped{Text: "9"})
		u.note("filtered while reading")
		u.read(0)
		u.note("all flows")
		u.golden("reading")
	})
}

func TestWalking(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm")
		u.note("open")
		u.act(screen.NextRow)
		u.note("first key selects where one is")
		u.act(screen.NextRow, screen.NextRow)
		u.note("two more")
		u.act(screen.LastRow)
		u.note("the end")
		u.act(screen.PreviousPage)
		u.note("a page up")
		u.act(screen.OpenDetail, screen.NextTab)
		u.note("into the detail")
		u.act(screen.CloseDetail)
		u.note("and out")
		u.act(screen.NextRow)
		u.note("walking without detail")
		u.golden("walking")
	})
}

// Who goes on to a row that is yet to come gets there, though the flow that was
// selected before is found meanwhile.
func TestGoneOn(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.send(screen.Navigated{Fragment: "url=shop.mitm&flow=f900"})
		u.connect()
		u.read(400)
		u.engine.gate = make(chan struct{})
		u.act(screen.LastRow)
		u.read(0)
		close(u.engine.gate)
		synctest.Wait()
		i := slices.IndexFunc(u.screen.State().Table.Rows, func(r screen.TableRow) bool { return r.Selected })
		if i < 0 {
			u.Fatal("no row in sight is selected")
		}
		if r := u.screen.State().Table.Rows[i]; r.Index != 399 || !r.Cursor || r.Row.Key != "f399" {
			u.Errorf("row %d is selected, of %+v", r.Index, r.Row)
		}
	})
}

// Who goes elsewhere while a row is yet to come does not get back to it.
func TestGoneElsewhere(t *testing.T) {
	for name, msg := range map[string]screen.Msg{
		"to a flow":        screen.Navigated{Fragment: "url=shop.mitm&flow=f500"},
		"to another order": screen.HeaderClicked{Column: "size"},
	} {
		use(t, 1000, func(u *user) {
			u.open("url=shop.mitm&flow=f10")
			u.engine.gate = make(chan struct{})
			u.act(screen.LastRow)
			u.send(msg)
			close(u.engine.gate)
			synctest.Wait()
			want := map[string]string{"to a flow": "f500", "to another order": "f10"}[name]
			for _, r := range u.screen.State().Table.Rows {
				if r.Selected && r.Row.Key != want {
					u.Errorf("%s: %s is selected", name, r.Row.Key)
				}
			}
			if got := u.screen.State().Detail.Key; got != want {
				u.Errorf("%s: %s is shown", name, got)
			}
		})
	}
}

// Who follows a file and looks at its end stays there; who looks elsewhere does too.
func TestFollowAtEnd(t *testing.T) {
	use(t, 100, func(u *user) {
		u.engine.followable = true
		u.open("url=shop.mitm")
		u.send(screen.FollowAsked{})
		grow := func() (first, last int) {
			u.engine.mu.Lock()
			u.engine.flows += 5
			u.engine.update()
			u.engine.mu.Unlock()
			synctest.Wait()
			rows := u.screen.State().Table.Rows
			return rows[0].Index, rows[len(rows)-1].Index
		}
		if first, _ := grow(); first != 0 {
			t.Errorf("the table goes to row %d by itself", first)
		}
		u.act(screen.LastRow)
		if _, last := grow(); last != 109 {
			t.Errorf("the last row is %d", last)
		}
	})
}

// A filter that hides the selected flow leaves the table near where that was.
func TestNear(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm&flow=f505")
		u.send(screen.FilterTyped{Text: "4"})
		rows := u.screen.State().Table.Rows
		i := slices.IndexFunc(rows, func(r screen.TableRow) bool { return r.Cursor })
		if i < 0 || rows[i].Row.Key != "f514" {
			t.Fatalf("the row to go on from is %+v", rows[max(i, 0)])
		}
	})
}

func TestLinks(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("#url=a/shop.mitm&filter=99&order=-size&flow=f399&tab=timing")
		u.note("opened by a link")
		u.send(screen.HeaderClicked{Column: "time"}, screen.HeaderClicked{Column: "time"})
		u.note("ordered by time, descending")
		u.send(screen.RowClicked{Index: 1})
		u.note("clicked")
		u.send(screen.Navigated{Fragment: "#url=a/shop.mitm&filter=99&order=-time&flow=f399&tab=timing"})
		u.note("back")
		u.send(screen.Navigated{Fragment: "#url=a/shop.mitm&filter=99"})
		u.note("back further")
		u.send(screen.Navigated{Fragment: "#url=a/shop.mitm&flow=nope"})
		u.note("to a flow that is not there")
		u.send(screen.Navigated{})
		u.note("back to the start")
		u.send(screen.Navigated{Fragment: "#url=a/session.flowpane&key=Abc"})
		u.read(0)
		u.send(screen.FilterTyped{Text: "99"})
		u.note("by a key, which stays in the address")
		u.send(screen.Navigated{Fragment: "#url=a/session.flowpane&key=Abd"})
		u.read(0)
		u.note("by another key")
		u.golden("links")
	})
}

func TestFiltering(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.open("url=shop.mitm&flow=f500")
		u.note("a flow in the middle")
		u.send(screen.FilterTyped{Text: "5"})
		u.note("5")
		u.send(screen.FilterTyped{Text: "50"})
		u.note("50: one entry in the history")
		u.send(screen.FilterTyped{Text: "50 & ~"})
		u.note("incomplete: the view stays")
		u.send(screen.FilterTyped{Text: "50 & ~nope"})
		u.note("wrong")
		u.send(screen.FilterTyped{Text: "777777"}, screen.FilterLeft{})
		u.note("nothing matches")
		u.send(screen.FilterTyped{})
		u.note("cleared: another entry")
		u.golden("filtering")
	})
}

func TestSuggesting(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm")
		typed := func(text string) { u.send(screen.FilterTyped{Text: text}, screen.CaretMoved{Cursor: len(text)}) }
		typed("5 ~")
		u.note("three operators")
		u.act(screen.NextSuggestion, screen.NextSuggestion)
		u.note("the second is reached")
		u.act(screen.TakeSuggestion)
		u.note("and taken; its argument follows")
		u.act(screen.PreviousSuggestion, screen.CloseSuggestions, screen.TakeSuggestion)
		u.note("nothing is suggested, nothing taken")
		typed("5")
		u.send(screen.FilterLeft{}, screen.CaretGone{})
		u.send(screen.FilterTyped{Text: "7"}, screen.FilterLeft{})
		typed("")
		u.act(screen.PreviousSuggestion)
		u.note("used before, from below")
		u.act(screen.PreviousSuggestion, screen.PreviousSuggestion, screen.NextSuggestion)
		u.send(screen.SuggestionChosen{Index: 0}, screen.FilterLeft{})
		u.note("chosen, and the last one used now")
		typed("5 ~")
		u.send(screen.FilterTyped{Text: "5 ~x"}, screen.SuggestionChosen{Index: 0})
		u.note("of another text: not taken")
		typed("method:get")
		u.note("one is likely, and reached at once")
		u.act(screen.TakeSuggestion)
		u.note("taken")
		u.golden("suggesting")
	})
}

func TestBodies(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&flow=f5")
		u.note("the request has no body")
		u.send(screen.TabChosen{Tab: "response"})
		u.note("response")
		u.send(screen.MoreAsked{})
		u.note("more")
		for range 20 {
			u.send(screen.MoreAsked{})
		}
		u.note("to the end")
		u.send(screen.LineAsked{Number: 15_000})
		u.note("a line")
		for range 6 {
			u.send(screen.MoreAsked{Earlier: true})
		}
		u.note("back to the beginning")
		u.send(screen.FoldToggled{Place: 40000}, screen.FoldToggled{Place: 7}, screen.FoldToggled{Place: 40000})
		u.note("folded here and there")
		u.send(screen.AllFolded{Hide: true}, screen.MoreAsked{}, screen.AllFolded{})
		u.note("all folded, and none")
		u.send(screen.AllowAsked{})
		u.note("more is allowed")
		u.send(screen.BodyCopyAsked{})
		u.note("copied")
		u.send(screen.StepTaken{Name: "data"}, screen.StepTaken{Name: "gzip"}, screen.ViewChosen{View: "hex"})
		u.note("inside")
		u.send(screen.StepsLeft{Depth: 1})
		u.note("one step back")
		u.send(screen.StepsLeft{})
		u.send(screen.ViewChosen{View: "hex"})
		u.note("as hex")
		u.send(screen.ViewChosen{View: "image"})
		u.note("as an image, whole")
		u.send(screen.TabChosen{Tab: "websocket"}, screen.MessageClicked{Index: 1})
		u.note("a message")
		u.act(screen.NextRow, screen.NextRow)
		u.note("a flow that failed, without that tab")
		u.golden("bodies")
	})
}

func TestTalk(t *testing.T) {
	use(t, 100, func(u *user) {
		u.open("url=shop.mitm&flow=f35&tab=websocket")
		u.note("many messages")
		u.send(screen.MoreMessagesAsked{})
		u.note("more of them")
		u.send(screen.MessageClicked{Index: 1})
		u.note("one is open")
		u.send(screen.MessagesFiltered{Text: "hell"})
		u.note("few hold a text")
		u.send(screen.MessagesFiltered{Side: viewerpb.Side_SERVER}, screen.StreamToggled{})
		u.note("what the server sent, as one stream")
		u.send(screen.StreamToggled{}, screen.MessagesFiltered{Text: "fails"})
		u.note("failed")
		u.send(screen.MessagesFiltered{}, screen.TabChosen{Tab: "request"})
		u.note("another tab")
		u.golden("talk")
	})
}

func TestSaving(t *testing.T) {
	use(t, 1000, func(u *user) {
		u.act(screen.SaveAs)
		u.note("nothing to save")
		u.open("url=captures/shop.har.gz")
		u.act(screen.SaveAs)
		u.note("asked")
		u.send(screen.SaveTargetChosen{Name: "mitm"}, screen.SaveStarted{})
		u.note("failed")
		u.send(screen.SaveTargetChosen{Name: "har"}, screen.SaveTargetChosen{Name: "nothing"})
		u.note("another kind of file")
		u.send(screen.SaveStarted{})
		u.note("saved")
		u.send(screen.FilterTyped{Text: "50"})
		u.act(screen.SaveAs)
		u.note("asked again, with a filter")
		u.send(screen.SaveStarted{}, screen.SaveScopeChosen{}, screen.SaveTargetChosen{Name: "mitm"}, screen.SaveStarted{})
		u.note("half of it is saved")
		u.send(screen.SaveClosed{})
		u.note("given up")
		u.act(screen.SaveAs)
		u.send(screen.SaveScopeChosen{}, screen.Navigated{})
		u.note("the session was left")
		u.golden("saving")
	})
}

func TestFailures(t *testing.T) {
	use(t, 0, func(u *user) {
		u.engine.fail = &api.Error{Text: "no known capture format: not a mitmproxy dump"}
		u.connect()
		u.send(screen.Picked{Files: []screen.File{{Token: "t", Name: "notes.txt"}}})
		u.note("not a capture")
		u.engine.fail = nil
		u.send(screen.Picked{Files: []screen.File{{Token: "t", Name: "empty.mitm"}}})
		u.note("an empty file")
		u.send(screen.FilterTyped{Text: "panic"})
		u.note("an internal error")
		u.send(screen.IssuesToggled{})
		u.note("problems folded")
		u.send(screen.Disconnected{Err: api.ErrClosed})
		u.note("the engine is gone")
		u.golden("failures")
	})
}

// A person reads the name of a file, not its URL.
func TestNameOfURL(t *testing.T) {
	for url, want := range map[string]string{
		"captures/a%2520b.mitm": "a b.mitm", "captures/shop.har?v=2": "shop.har", "captures/50%25.har": "50%.har", "/": "/",
	} {
		use(t, 0, func(u *user) {
			u.send(screen.Navigated{Fragment: "url=" + strings.ReplaceAll(url, "?", "%3F")})
			if got := u.screen.State().Name; got != want {
				t.Errorf("%s is called %q, want %q", url, got, want)
			}
		})
	}
}

// Warm touches nothing but its own.
func TestWarm(t *testing.T) {
	zones := 0
	screen.Warm(func(int64) int {
		zones++
		return 0
	})
	if zones == 0 {
		t.Error("no row was drawn up")
	}
}
