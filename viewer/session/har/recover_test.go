package har

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"flowpane/viewer/blob"
)

// TestEntriesOfAnyKeyAreFound: behind damage each whole entry is read, with
// whatever key it begins.
func TestEntriesOfAnyKeyAreFound(t *testing.T) {
	var entries []string
	for i := range 20 {
		first := []string{`"_initiator":{"type":"other"}`, `"_fromCache":"disk"`, `"_connectionId":"7"`, `"pageref":"p"`}[i%4]
		entries = append(entries, fmt.Sprintf(`{%s,"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h%d/"},"response":{"status":200}}`, first, i))
	}
	for damaged := range entries {
		list := append([]string(nil), entries...)
		list[damaged] = strings.Replace(list[damaged], `"url":`, `"url"`, 1)
		_, l, err := readAll(t, blob.Bytes(file(list...)))
		if err != nil || len(l.Flows) != 19 || len(l.Issues) > 2 {
			t.Errorf("entry %d damaged: %d flows, %v, %v", damaged+1, len(l.Flows), l.Issues, err)
		}
	}
}

// TestDamageInFrontOfTheEntries costs what is damaged, and no entry.
func TestDamageInFrontOfTheEntries(t *testing.T) {
	har := []byte(`{"log":{"version":"1.2","pages":[{"startedDateTime":"x" "id":"entries"}],"entries" : [` + simple + `,` + simple + `]}}`)
	_, l, err := readAll(t, blob.Bytes(har))
	if err != nil || len(l.Flows) != 2 || len(l.Issues) != 1 {
		t.Fatalf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
	if want := fmt.Sprintf("byte %d: there is neither , nor }", bytes.Index(har, []byte(`"id"`))); l.Issues[0].Error() != want {
		t.Errorf("issue %v, want %s", l.Issues[0], want)
	}
	if _, l, err := readAll(t, blob.Bytes(har[:60])); err == nil || len(l.Flows) != 0 {
		t.Errorf("without entries: %d flows, %v", len(l.Flows), err)
	}
}

// TestSpellingOfBase64: its case does not matter, and is kept.
func TestSpellingOfBase64(t *testing.T) {
	_, f := one(t, `"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"text":"QUJD","encoding":"Base64"}}`)
	if string(f.Response.Content) != "ABC" || !strings.Contains(string(f.Har.Response), `"encoding":"Base64"`) {
		t.Errorf("the body is %q, what stays %s", f.Response.Content, f.Har.Response)
	}
}

// TestEmptyTextsAreThere, also the first of a file.
func TestEmptyTextsAreThere(t *testing.T) {
	_, f := one(t, `"comment":"","request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"text":""}}`)
	if f.Comment == nil || f.Response.Content == nil {
		t.Errorf("comment %v, content %v", f.Comment, f.Response.Content)
	}
}

// TestErrorsAreNoMessages: Chrome lists errors of a WebSocket among its
// messages. Nobody sent them.
func TestErrorsAreNoMessages(t *testing.T) {
	_, l, err := readAll(t, blob.Bytes(file(`{"request":{"method":"GET","url":"ws://a/"},"_webSocketMessages":[`+
		`{"type":"send","time":1,"opcode":1,"data":"a"},{"type":"error","time":2,"opcode":-1,"data":"lost"}]}`)))
	if err != nil || len(l.Flows) != 1 || len(l.Issues) != 1 {
		t.Fatalf("%v, %v", l.Issues, err)
	}
	m := l.Flows[0].Websocket.Messages
	if len(m) != 2 || !m[0].GetFromClient() || m[1].FromClient != nil || !strings.Contains(l.Issues[0].Error(), `{"type":"error"}`) {
		t.Errorf("messages %+v, issue %v", m, l.Issues[0])
	}
}

// TestPagesBehindDamage are no entries, though they begin as these do.
func TestPagesBehindDamage(t *testing.T) {
	const page = `{"startedDateTime":"2026-01-01T00:00:00Z","id":"page_1","title":"t","pageTimings":{"onLoad":1}}`
	har := []byte(`{"log":{"entries":[` + simple + `,` + strings.Replace(simple, `"url":`, `"url"`, 1) + `],"pages":[` + page + `],"_x":1}}`)
	_, l, err := readAll(t, blob.Bytes(har))
	if err != nil || len(l.Flows) != 1 || len(l.Issues) != 2 {
		t.Fatalf("%d flows, %v, %v", len(l.Flows), l.Issues, err)
	}
	if got, want := l.Issues[1].Error(), "entry 3: it has neither a request nor a response, and is not shown"; got != want {
		t.Errorf("issue %q, want %q", got, want)
	}
}
