package engine_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/seal"
)

// saveSealed returns what the flows of e are saved as, encrypted, and the key.
func saveSealed(t testing.TB, e api.API, target string) (file []byte, key string) {
	t.Helper()
	var last *viewerpb.Saved
	err := e.Save(t.Context(), &viewerpb.Save{Target: target, Seal: true}, func(p *viewerpb.Saved) {
		if last != nil && last.Key != "" {
			t.Errorf("%s: a piece follows the key", target)
		}
		file = append(file, p.Data...)
		last = p
	})
	if err != nil || last.Key == "" || last.FileName != seal.FileName {
		t.Fatalf("%s: %v, the last piece is of %q with key %q", target, err, last.GetFileName(), last.GetKey())
	}
	return file, last.Key
}

// openSealed opens a file by a key.
func openSealed(t testing.TB, file []byte, key string) (api.API, *viewerpb.Progress, error) {
	t.Helper()
	e, last := dial(t, files{"session": file}), new(viewerpb.Progress)
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "session", Key: key}}, func(p *viewerpb.Progress) {
		p.Issues = append(last.Issues, p.Issues...)
		last = p
	})
	return e, last, err
}

// What is saved encrypted opens by its key, and is what would have been saved
// otherwise.
func TestSealedSessionsOpenAgain(t *testing.T) {
	e, whole := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	targets, err := e.Targets(t.Context())
	if err != nil || len(targets.Targets) < 3 {
		t.Fatalf("targets are %v, %v", targets, err)
	}
	for _, target := range targets.Targets {
		if !target.Session {
			continue
		}
		file, key := saveSealed(t, e, target.Name)
		for _, telling := range []string{"shop", "GET", "HTTP", "SQLite", target.Name} {
			if at := bytes.Index(file, []byte(telling)); len(telling) > 3 && at >= 0 {
				t.Errorf("%s: the file has %q at %d", target.Name, telling, at)
			}
		}
		plain, _ := opened(t, files{"session": save(t, e, target.Name, viewerpb.Scope_ALL)}, "session")
		again, p, err := openSealed(t, file, key)
		if err != nil || !p.Complete || len(p.Issues) > 0 || p.BytesRead != p.BytesTotal || int(p.Flows) < int(whole.Flows)/2 {
			t.Fatalf("%s: %v, %v", target.Name, p, err)
		}
		show(t, plain, &viewerpb.Watch{})
		show(t, again, &viewerpb.Watch{})
		want, got := rows(t, plain), rows(t, again)
		if len(got) != len(want) {
			t.Fatalf("%s: %d flows, want %d", target.Name, len(got), len(want))
		}
		for i, r := range got {
			is, was := body(t, again, r.Key, viewerpb.Part_RESPONSE, "hex"), body(t, plain, want[i].Key, viewerpb.Part_RESPONSE, "hex")
			if r.Path != want[i].Path || r.Status != want[i].Status || is.Text != was.Text {
				t.Errorf("%s: flow %d is %v, was %v", target.Name, i, r, want[i])
			}
		}
	}
}

// Without the right key nothing is shown, and it is said why.
func TestSealedSessionsStayClosed(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	for _, target := range []string{"mitm", "sessiondb"} {
		file, key := saveSealed(t, e, target)
		_, other := saveSealed(t, e, target)
		if key == other {
			t.Fatal("two files have one key")
		}
		cut := file[:len(file)-100]
		plain := save(t, e, target, viewerpb.Scope_ALL)
		const locked, unreadable = viewerpb.Code_LOCKED, viewerpb.Code_UNREADABLE
		for _, test := range []struct {
			file      []byte
			key, want string
			code      viewerpb.Code
		}{
			{file, "", "its key is missing", locked},
			{file, other, "not that of this file", locked},
			{file, key[:40], "the key is not whole", locked},
			{file, strings.Replace(key, key[7:8], "_", 1) + "A", "the key is not whole", locked},
			{cut, key, "not all of it is there", unreadable},
			{cut, other, "not that of this file", locked},
			{plain, key, "not the file that was shared", unreadable},
		} {
			e, p, err := openSealed(t, test.file, test.key)
			if code(err) != test.code || !strings.Contains(err.Error(), test.want) || p.Flows > 0 {
				t.Errorf("%s: %d flows, %v, want %q", target, p.Flows, err, test.want)
			}
			if test.key != "" && strings.Contains(err.Error(), test.key) {
				t.Errorf("%s: the key is in %q", target, err)
			}
			if v := show(t, e, &viewerpb.Watch{}); v.Total > 0 {
				t.Errorf("%s: %d flows are shown by key %q", target, v.Total, test.key)
			}
		}
	}
}

// Of a damaged file what stands before the damage is shown, with where that is.
func TestSealedSessionsWithDamage(t *testing.T) {
	shop := sample(t)["shop"]
	e, whole := opened(t, files{"many": bytes.Repeat(shop, 20)}, "many")
	file, key := saveSealed(t, e, "mitm")
	damaged := slices.Clone(file)
	damaged[len(file)/2] ^= 1
	again, p, err := openSealed(t, damaged, key)
	if err != nil || !p.Complete || p.Flows == 0 || p.Flows >= whole.Flows {
		t.Fatalf("%d of %d flows, %v", p.Flows, whole.Flows, err)
	}
	if len(p.Issues) != 1 || !strings.Contains(p.Issues[0].Text, "the encrypted file is damaged: chunk ") || p.Issues[0].Note {
		t.Errorf("issues are %v", p.Issues)
	}
	if v := show(t, again, &viewerpb.Watch{}); v.Total != p.Flows {
		t.Errorf("%d of %d flows are shown", v.Total, p.Flows)
	}

	e, _ = opened(t, files{"some": bytes.Repeat(shop, 4)}, "some")
	file, key = saveSealed(t, e, "sessiondb")
	said := 0
	for at := 1000; at < len(file); at += 64 << 10 { // a byte of each chunk
		damaged := slices.Clone(file)
		damaged[at] ^= 1
		again, p, err := openSealed(t, damaged, key)
		text := ""
		if err != nil {
			text = err.Error()
		}
		for _, i := range p.Issues {
			text += i.Text
		}
		if err == nil { // where no list of flows lies, a body may
			text += readAll(t, again)
		}
		if !strings.Contains(text, "the encrypted file is damaged") {
			t.Errorf("byte %d: %q", at, text)
		}
		said++
	}
	if said < 4 {
		t.Errorf("%d chunks were damaged", said)
	}
}

// readAll asks for all that there is to see of flows, and returns why some of
// it is not.
func readAll(t testing.TB, e api.API) (failures string) {
	t.Helper()
	show(t, e, &viewerpb.Watch{})
	for _, r := range rows(t, e) {
		if _, err := e.Flow(t.Context(), r.Key); err != nil {
			failures += err.Error()
		}
		for _, part := range []viewerpb.Part{viewerpb.Part_REQUEST, viewerpb.Part_RESPONSE} {
			if w, err := e.Body(t.Context(), &viewerpb.GetBody{Key: r.Key, Part: part, View: "hex"}); err != nil {
				failures += err.Error()
			} else {
				failures += w.Note
			}
		}
	}
	return failures
}

// Nothing is made of a file that is not saved as a whole.
func TestSealedSaveThatFails(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	var pieces []*viewerpb.Saved
	err := e.Save(t.Context(), &viewerpb.Save{Target: "tape", Seal: true}, func(p *viewerpb.Saved) { pieces = append(pieces, p) })
	var refused *api.Error
	if !errors.As(err, &refused) || len(pieces) > 0 {
		t.Errorf("%d pieces, %v", len(pieces), err)
	}
}
