//go:build !js

package e2e_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/ncruces/go-sqlite3"
)

// large is how many times the sample is in a session that takes a while to keep.
const large = 300

// neighbours opens tabs that keep sessions in one place, which no other test has.
func neighbours(t *testing.T) (openTab func(fragment string) *page) {
	t.Helper()
	f := newFar(t, write(t, "large.mitm", repeatSample(t, large)), 0, false)
	return func(fragment string) *page { return openOnDisk(t, f.URL, fragment) }
}

// largeSession is the link to the session that takes a while to keep.
const largeSession = "#url=remote/session.flowpane.sqlite"

// keep keeps the session that is open, under a name.
func (p *page) keep(name string) {
	p.Helper()
	p.click("#keep")
	p.wait("location.hash.startsWith('#local=%s') && document.querySelector('#keep').textContent == 'Kept'", name)
}

// checkKept has SQLite check what the browser keeps, and returns how many flows
// there are.
func (p *page) checkKept(name string) (flows int) {
	p.Helper()
	dir := p.TempDir()
	for _, suffix := range []string{"", "-wal", "-journal"} {
		text := evaluate[string](p, `(async () => {
			const dir = await (await navigator.storage.getDirectory()).getDirectoryHandle('sessions');
			const handle = await dir.getFileHandle(`+quote(name+".sqlite"+suffix)+`).catch(() => null);
			if (!handle) return '';
			const reader = new FileReader();
			reader.readAsDataURL(await handle.getFile());
			await new Promise((done) => { reader.onload = done; });
			return reader.result.slice(reader.result.indexOf(',') + 1);
		})()`)
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			p.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "kept"+suffix), content, 0o600); err != nil {
			p.Fatal(err)
		}
	}
	conn, err := sqlite3.Open(filepath.Join(dir, "kept"))
	if err != nil {
		p.Fatal(err)
	}
	defer conn.Close()
	one := func(sql string) string {
		p.Helper()
		s, _, err := conn.Prepare(sql)
		if err != nil {
			p.Fatal(err)
		}
		defer s.Close()
		s.Step()
		return s.ColumnText(0)
	}
	if got := one("PRAGMA integrity_check"); got != "ok" {
		p.Errorf("%s: integrity_check: %s", name, got)
	}
	flows, err = strconv.Atoi(one("SELECT count(*) FROM flow"))
	if err != nil {
		p.Fatal(err)
	}
	return flows
}

// keptList closes what is open, and waits until the list of kept sessions says
// something. It returns what the list says of each.
func (p *page) keptList(says string) string {
	p.Helper()
	p.eval("location.hash = ''")
	p.wait("document.documentElement.dataset.state == 'ready' && document.querySelector('#kept-list').innerText.includes(%s)", quote(says))
	return p.eval("Array.from(document.querySelectorAll('#kept-list li'), (li) => li.innerText.replace(/\\n+/g, ' | ')).sort().join('\\n')")
}

// Where there is no room, nothing is kept half, and what was kept stays.
func TestKeepWithoutRoom(t *testing.T) {
	p := neighbours(t)(largeSession)
	p.opened(large * sampleFlows)
	p.eval("location.hash = '#url=samples/shop.mitm'")
	p.opened(sampleFlows)
	p.keep("shop.mitm")
	p.eval("location.hash = %s", quote(largeSession))
	p.opened(large * sampleFlows)
	quota := func(bytes *float64) {
		t.Helper()
		if _, err := chromedp.Call(p.ctx, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: p.site, QuotaSize: bytes}); err != nil {
			t.Fatal(err)
		}
	}
	quota(new(evaluate[float64](p, "navigator.storage.estimate().then((e) => e.usage)") + 10e6))
	p.click("#keep")
	p.issue("this session could not be kept: there is no more room in this browser. Nothing of it is kept, and what was kept before is as it was. " +
		"Delete a kept session that is of no more use, or save this one as a file")
	if list := p.keptList("42 flows"); !strings.HasPrefix(list, "shop.mitm | 42 flows") || strings.Contains(list, "\n") {
		t.Errorf("kept are %s", list)
	}
	if flows := p.checkKept("shop.mitm"); flows != sampleFlows {
		t.Errorf("%d flows are kept of what was kept before", flows)
	}
	quota(nil)
	p.eval("location.hash = %s", quote(largeSession))
	p.opened(large * sampleFlows)
	p.keep("session.flowpane.sqlite")
	p.keptList("12,600 flows")
	if flows := p.checkKept("session.flowpane.sqlite"); flows != large*sampleFlows {
		t.Errorf("with room, %d flows are kept", flows)
	}
}

// What one tab has open, another leaves alone, and says so. Both may keep the
// same file at the same time.
func TestKeptInTwoTabs(t *testing.T) {
	openTab := neighbours(t)
	one, two := openTab("#url=samples/shop.mitm"), openTab("#url=samples/shop.mitm")
	one.opened(sampleFlows)
	two.opened(sampleFlows)
	const hash = "setTimeout(() => document.querySelector('#keep').click(), %s - Date.now())"
	for _, p := range []*page{one, two} {
		p.eval(hash, strconv.FormatInt(time.Now().Add(500*time.Millisecond).UnixMilli(), 10))
	}
	for _, p := range []*page{one, two} {
		p.wait("document.querySelector('#keep').textContent == 'Kept'")
	}
	names := []string{one.eval("location.hash"), two.eval("location.hash")}
	if slices.Sort(names); names[0] != "#local=shop.mitm" || names[1] != "#local=shop.mitm~2" {
		t.Fatalf("they are kept as %q", names)
	}
	theirs := strings.TrimPrefix(one.eval("location.hash"), "#local=")
	two.eval("location.hash = ''")
	two.wait("document.querySelectorAll('#kept-list li').length == 2")
	two.eval("location.hash = '#local=%s'", theirs)
	two.issue(theirs + ": the session is open in another tab of this browser: close it there first")
	two.eval("location.hash = ''")
	two.wait("document.documentElement.dataset.state == 'ready'") // which begins a question anew
	for range 2 {
		two.click("#kept-list [data-remove=%q]", theirs)
	}
	two.wait("document.querySelector('#kept').textContent.includes('the session is open in another tab of this browser: close it there first')")
	one.opened(sampleFlows)
	one.eval("location.hash = ''")
	one.wait("document.documentElement.dataset.state == 'ready'")
	two.eval("location.hash = '#local=%s'", theirs)
	two.opened(sampleFlows)
	for _, name := range []string{"shop.mitm", "shop.mitm~2"} {
		if flows := one.checkKept(name); flows != sampleFlows {
			t.Errorf("%s has %d flows", name, flows)
		}
	}
}

// Of a session that is being kept when its tab is closed, all is there up to the
// last batch, and the page says that the rest is not.
func TestTabClosedWhileKeeping(t *testing.T) {
	openTab := neighbours(t)
	p := openTab(largeSession)
	p.opened(large * sampleFlows)
	p.click("#keep")
	p.wait("/[1-9][0-9]? %%/.test(document.querySelector('#keep').textContent)")
	p.close()
	p = openTab("")
	p.keptList("it is open in another tab, or was not closed: open it to see what is there")
	p.eval("location.hash = '#local=session.flowpane.sqlite'")
	p.issue("keeping this session was interrupted: the flows of session.flowpane.sqlite behind these are not here")
	p.wait("document.documentElement.dataset.state == 'open' && document.querySelector('#flows').getAttribute('aria-busy') != 'true'")
	rows := evaluate[int](p, "Number(document.querySelector('#flows').getAttribute('aria-rowcount')) - 1")
	p.keptList("it was interrupted while it was kept")
	if flows := p.checkKept("session.flowpane.sqlite"); flows != rows || flows == 0 || flows%batch != 0 {
		t.Errorf("%d flows are kept, and %d shown", flows, rows)
	}
}
