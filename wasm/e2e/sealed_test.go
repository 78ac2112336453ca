//go:build !js

package e2e_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/seal"
)

// sealFile writes the file at path encrypted, and returns where it is and its
// key.
func sealFile(t *testing.T, path string) (sealed, key string) {
	t.Helper()
	plain, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, key := sealBytes(t, plain)
	return write(t, seal.FileName, b), key
}

// sealBytes returns what is encrypted on this side, and the key.
func sealBytes(t testing.TB, plain []byte) ([]byte, string) {
	t.Helper()
	var file bytes.Buffer
	w, err := seal.NewWriter(t.Context(), &file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), w.Key().Text()
}

// What the browser encrypts others decrypt, and the other way round; it tells
// damage from a wrong key as they do. So does a browser without SubtleCrypto.
func TestBrowserSeals(t *testing.T) {
	p := workshop(t)
	p.hire("usual")
	p.hire("bare")
	p.told("bare", "unencrypted")
	for _, worker := range []string{"usual", "bare"} {
		for _, n := range []int{1, 65_535, 65_536, 65_537, 300_000} {
			p.seals(worker, n)
		}
	}
}

// told has a worker carry out a command, and returns the words that it answers.
func (p *page) told(name, format string, args ...any) []string {
	p.Helper()
	answer := p.ask(name, format, args...)
	words, done := strings.CutPrefix(answer, "done")
	if !done {
		p.Fatalf("%s says %.300q", name, answer)
	}
	return strings.Fields(words)
}

// seals has a worker encrypt n bytes and decrypt what was encrypted here.
func (p *page) seals(worker string, n int) {
	p.Helper()
	plain := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(plain)
	encode := base64.StdEncoding.EncodeToString

	words := p.told(worker, "seal %s", encode(plain))
	theirs, err1 := base64.StdEncoding.DecodeString(words[1])
	key, err2 := seal.ParseKey(words[0])
	if err := errors.Join(err1, err2); err != nil {
		p.Fatal(err)
	}
	src, err := seal.Open(p.ctx, blob.Bytes(theirs), key, nil)
	if err != nil {
		p.Fatal(err)
	}
	if got, err := blob.ReadAll(src); err != nil || !bytes.Equal(got, plain) {
		p.Errorf("%s: %d bytes, encrypted there: %d, %v", worker, n, len(got), err)
	}

	ours, text := sealBytes(p, plain)
	if words := p.told(worker, "unseal %s %s", text, encode(ours)); words[0] != encode(plain) {
		p.Errorf("%s: %d bytes, encrypted here: another %d", worker, n, len(words[0]))
	}
	if answer := p.ask(worker, "unseal %s %s", words[0], encode(ours)); answer != "error "+seal.ErrWrongKey.Error() {
		p.Errorf("%s: by a wrong key: %.200q", worker, answer)
	}
	ours[64]++
	want := (&seal.DamageError{Offset: 64, Last: n <= 65_536}).Error()
	if answer := p.ask(worker, "unseal %s %s", text, encode(ours)); answer != "error "+want {
		p.Errorf("%s: damaged: %.200q, want %q", worker, answer, want)
	}
}

// An encrypted session opens by the link that has its key, and by no other.
func TestOpenSealed(t *testing.T) {
	path, key := sealFile(t, "../../static/samples/shop.mitm")
	_, other := sealFile(t, "../../static/samples/shop.mitm")
	f := newFar(t, path, 0, false)
	at := "#url=" + strings.TrimPrefix(remotePath, "/")
	p := openAt(t, f.URL, at+"&key="+key+"&filter=~m%20POST")
	p.wait("document.documentElement.dataset.state == 'open'")
	p.shows(10)
	p.click("#rows [data-flow-id]")
	p.click("[data-tab=response]")
	p.wait("document.querySelector('#body')?.textContent")
	p.wait("location.hash.includes('&key=%s&') && location.hash.includes('&flow=')", key)
	p.wait("document.querySelector('#issues').hidden")

	whole := newFar(t, path, 0, true) // a host without ranges
	openAt(t, whole.URL, at+"&key="+key).opened(sampleFlows)

	for _, test := range []struct{ key, says string }{
		{"", "its key is missing"},
		{"&key=" + other, "the key is not that of this file"},
		{"&key=" + key[:30], "the key is not whole"},
	} {
		fresh := openAt(t, f.URL, at+test.key)
		fresh.wait("document.documentElement.dataset.state == 'failed'")
		fresh.wait("document.querySelector('#issues').innerText.includes(%q)", test.says)
		if rows := fresh.eval("document.querySelectorAll('#rows [data-flow-id]').length"); rows != "0" {
			t.Errorf("%s: %s rows", test.says, rows)
		}
		// Who is given the right key puts it into the address.
		fresh.eval("(() => { location.hash = %s })()", quote(at+"&key="+key))
		fresh.opened(sampleFlows)
		fresh.close()
	}
	openChosen(t, path, f.URL+"/"+at+"&key="+key)

	damaged, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged[70_000]++
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	q := openAt(t, f.URL, at+"&key="+key)
	q.wait("document.querySelector('#issues').innerText.includes('the encrypted file is damaged')")
}

// openChosen chooses an encrypted file, and gives its key when that is asked for:
// a wrong one, and then the link that has it.
func openChosen(t *testing.T, path, link string) {
	t.Helper()
	p := open(t, "")
	p.choose(path)
	give := func(text string) {
		p.wait("document.querySelector('#unlock').open && document.activeElement.id == 'unlock-key'")
		p.eval("(() => { document.querySelector('#unlock-key').value = %s })()", quote(text))
		p.press(enter)
	}
	give("no key at all")
	p.wait("document.querySelector('#unlock-error').textContent.includes('the key is not whole')")
	give(link)
	p.opened(sampleFlows)
	p.wait("!document.querySelector('#unlock').open && !document.querySelector('#unlock-key').value && document.querySelector('#issues').hidden")
	if hash := p.eval("location.hash"); strings.Contains(hash, "key=") {
		t.Errorf("the key of a chosen file is in the address: %s", hash)
	}
}

// An encrypted session database far away is read in place, by as many requests
// as one that is not.
func TestRemoteSealed(t *testing.T) {
	const times = 300
	plain := packed(t, times)
	sealed, key := sealFile(t, plain)
	var requests [2]int
	var read [2]int64
	for i, test := range []struct{ path, key string }{{plain, ""}, {sealed, "&key=" + key}} {
		f := newFar(t, test.path, 0, false)
		p := openAt(t, f.URL, "#url="+strings.TrimPrefix(remotePath, "/")+test.key)
		p.opened(times * sampleFlows)
		p.wait("document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
		p.click("#rows [data-flow-id]")
		p.click("[data-tab=response]")
		p.wait("document.querySelector('#body')?.textContent")
		requests[i], read[i] = f.asked()
		p.close()
	}
	t.Logf("%d requests and %d bytes, encrypted %d and %d", requests[0], read[0], requests[1], read[1])
	if requests[1] > requests[0]+3 || read[1] > read[0]+(256<<10) {
		t.Errorf("%d requests and %d bytes, encrypted %d and %d", requests[0], read[0], requests[1], read[1])
	}
}
