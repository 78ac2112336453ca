package engine_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/session/inline"
)

// archive returns a HAR whose flows have these bodies.
func archive(t testing.TB, mediaType string, bodies ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[`)
	for i, body := range bodies {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"startedDateTime":"2024-01-01T00:00:00Z","time":1,"request":{"method":"GET","url":"http://a.test/%d","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},`, i)
		fmt.Fprintf(&b, `"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"content-type","value":%q}],"cookies":[],"redirectURL":"","headersSize":-1,"bodySize":%d,`, mediaType, len(body))
		fmt.Fprintf(&b, `"content":{"size":%d,"mimeType":%q,"encoding":"base64","text":"%s"}},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`, len(body), mediaType, base64.StdEncoding.EncodeToString(body))
	}
	b.WriteString("]}}")
	return b.Bytes()
}

// with returns an engine with flows that have these bodies, and the key of the
// first.
func with(t testing.TB, mediaType string, bodies ...[]byte) (api.API, string) {
	t.Helper()
	e, _ := opened(t, files{"a.har": archive(t, mediaType, bodies...)}, "a.har")
	show(t, e, &viewerpb.Watch{})
	return e, rows(t, e)[0].Key
}

func says(t testing.TB, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestBodyTooLarge searches and exports a body that is too large for it.
func TestBodyTooLarge(t *testing.T) {
	const want = "a body of 67108865 bytes is more than the 64 MB that are searched or exported: save it to look into it"
	e, key := with(t, "text/plain", bytes.Repeat([]byte("x"), 64<<20+1))
	if v := show(t, e, &viewerpb.Watch{Filter: "~b y"}); v.Failed != 1 {
		t.Errorf("%v", v)
	} else {
		says(t, "the filter", v.Failure, want)
	}
	_, err := e.Export(t.Context(), key, "raw")
	says(t, "the export", fmt.Sprint(err), want)
}

// TestManyIssues counts what it does not tell one by one.
func TestManyIssues(t *testing.T) {
	bad := strings.Repeat(`{"request":5},`, 150)
	_, p := opened(t, files{"a.har": []byte(`{"log":{"version":"1.2","entries":[` + bad + `{}]}}`)}, "a.har")
	if len(p.Issues) != 100 || p.IssuesTotal <= 150 {
		t.Errorf("%d of %d issues are told", len(p.Issues), p.IssuesTotal)
	}
}

// TestManyHits finds no more than can be walked.
func TestManyHits(t *testing.T) {
	e, key := with(t, "text/plain", bytes.Repeat([]byte("a\n"), 100_001))
	get := &viewerpb.GetBody{Key: key, Part: viewerpb.Part_RESPONSE, View: "text", Find: "a"}
	if _, err := e.Body(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	last := new(viewerpb.BodySurvey)
	err := e.SurveyBody(t.Context(), get, func(v *viewerpb.BodySurvey) { last = v })
	if err != nil || last.Hits != 100_000 || !last.HitsMore {
		t.Errorf("%v, %v", last, err)
	}
}

// TestManyFlowsInLink refuses at once what would not fit.
func TestManyFlowsInLink(t *testing.T) {
	e, _ := with(t, "text/plain", make([][]byte, 5001)...)
	_, err := e.MakeLink(t.Context(), &viewerpb.MakeLink{})
	says(t, "the link", fmt.Sprint(err), inline.ErrLong.Error())
}

// TestLargePicture says why it is not drawn.
func TestLargePicture(t *testing.T) {
	png := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90\x77\x53\xde"), make([]byte, 32<<20)...)
	e, key := with(t, "image/png", png)
	w := body(t, e, key, viewerpb.Part_RESPONSE, "auto")
	if len(w.Data) > 0 {
		t.Error("it is drawn")
	}
	says(t, "the note", w.Note, "more than the 32 MB that are drawn or played: save it")
}

// TestDeepInside goes as deep into a body as one can.
func TestDeepInside(t *testing.T) {
	text, path := []byte("end"), []string{}
	for range 17 {
		text = []byte(base64.StdEncoding.EncodeToString(text))
		text, _ = json.Marshal(map[string]string{"a": string(text)})
	}
	e, key := with(t, "application/json", text)
	for {
		w, err := e.Body(t.Context(), &viewerpb.GetBody{Key: key, Part: viewerpb.Part_RESPONSE, View: "auto", Inside: path})
		if err != nil {
			if says(t, fmt.Sprint(path), err.Error(), "this is as deep as one can go, 16 steps: save the body and open it by itself"); len(path) != 17 {
				t.Errorf("after %d steps", len(path))
			}
			return
		}
		_ = w
		path = append(path, "a")
	}
}

// TestLongComparison compares the beginning of long bodies, and shows so many rows.
func TestLongComparison(t *testing.T) {
	lines := func(word string) []byte { return []byte(strings.Repeat(word+"\n", 800_000)) }
	e, key := with(t, "text/plain", lines("left"), lines("rite"))
	c, err := e.Compare(t.Context(), key, rows(t, e)[1].Key)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(c.Parts, func(p *viewerpb.ComparedPart) bool { return len(p.Rows) > 1000 })
	if i < 0 {
		t.Fatalf("no part is long: %v", c.Parts)
	}
	p := c.Parts[i]
	says(t, "the note", p.Note, "the first 2 MB of the bodies are compared: save both to compare the rest")
	if last := p.Rows[len(p.Rows)-1]; len(p.Rows) != 2001 || last.Skipped == 0 {
		t.Errorf("%d rows, at last %v", len(p.Rows), last)
	}
}
