package engine_test

import (
	"bytes"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What two files hold identically is listed once, and said.
func TestIdenticalFlowsAreListedOnce(t *testing.T) {
	f := sample(t)
	_, one := opened(t, f, "shop")
	f["again"] = f["shop"]
	e, p := opened(t, f, "shop", "again", "again")
	if p.Flows != one.Flows {
		t.Fatalf("%d flows of a file opened three times, %d of one", p.Flows, one.Flows)
	}
	if len(p.Issues) != 2 || !p.Issues[0].Note || p.Issues[0].Source != "again" ||
		p.Issues[0].Text != "42 flows are in a file before, identically, and listed once" {
		t.Errorf("notes are %+v", p.Issues)
	}
	show(t, e, &viewerpb.Watch{})
	key := rows(t, e)[0].Key
	if got := section(t, e, key, "File"); got != "Read from: shop\nIdentical in: again\nIdentical in: again\n" {
		t.Errorf("the flow says of its files:\n%s", got)
	}
}

// A flow that differs in one byte of its body is another flow.
func TestSameIdOtherContent(t *testing.T) {
	f := sample(t)
	const was, is = `"trace": "a1b2c3d4"`, `"trace": "00000000"`
	f["changed"] = bytes.Replace(f["shop"], []byte(was), []byte(is), 1)
	if bytes.Equal(f["changed"], f["shop"]) {
		t.Fatalf("the sample has no %s", was)
	}
	e, p := opened(t, f, "shop", "changed")
	if p.Flows != 43 || len(p.Issues) != 2 || p.Issues[1].Text != "1 flow has the id of a flow in a file before, and other content: both are listed" {
		t.Fatalf("%d flows, issues %v", p.Flows, p.Issues)
	}
	show(t, e, &viewerpb.Watch{})
	last := rows(t, e)[42]
	if !last.Contested || !strings.HasSuffix(last.Key, "~3") {
		t.Errorf("the changed flow is %+v", last)
	}
	first := strings.TrimSuffix(last.Key, "~3")
	if got := section(t, e, last.Key, "File"); got != "Read from: changed\nSame id, but different: "+first+" in shop\n" {
		t.Errorf("the changed flow says of its files:\n%s", got)
	}
	if got := section(t, e, first, "File"); got != "Read from: shop\nSame id, but different: "+last.Key+" in changed\n" {
		t.Errorf("the unchanged flow says of its files:\n%s", got)
	}
	for key, want := range map[string]string{first: "a1b2c3d4", last.Key: "00000000"} {
		if text := body(t, e, key, viewerpb.Part_RESPONSE, "raw").Text; !strings.Contains(text, want) {
			t.Errorf("the body of %s lacks %s: %s", key, want, text)
		}
	}
}

// A file of its own may hold a flow twice, and another file both of them.
func TestRepeatedFlowsOfOneFileStay(t *testing.T) {
	f := sample(t)
	f["double"] = append(bytes.Clone(f["shop"]), f["shop"]...)
	if _, p := opened(t, f, "double"); p.Flows != 84 || p.IssuesTotal != 0 {
		t.Errorf("%d flows of one file, %v", p.Flows, p.Issues)
	}
	if _, p := opened(t, f, "shop", "double"); p.Flows != 84 || !strings.HasPrefix(p.Issues[0].Text, "42 flows are") {
		t.Errorf("%d flows, %v", p.Flows, p.Issues)
	}
	if _, p := opened(t, f, "double", "double"); p.Flows != 84 || !strings.HasPrefix(p.Issues[0].Text, "84 flows are") {
		t.Errorf("%d flows, %v", p.Flows, p.Issues)
	}
}

// A single file has nothing to tell of files.
func TestOneFileSaysNothingOfFiles(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	if got := section(t, e, rows(t, e)[0].Key, "File"); got != "" {
		t.Errorf("it says %s", got)
	}
}

// section returns the table of a title in the detail of a flow.
func section(t testing.TB, e api.API, key, title string) string {
	t.Helper()
	f, err := e.Flow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range f.Sections {
		for _, field := range s.Fields {
			if s.Title == title {
				b.WriteString(field.Name + ": " + field.Value + "\n")
			}
		}
	}
	return b.String()
}
