//go:build !js

package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// said returns what is said of an element and what is in it to who hears the page.
func (p *page) said(selector string) (texts []string) {
	p.Helper()
	of, err := chromedp.Call(p.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.querySelector(" + quote(selector) + ")"})
	if err != nil {
		p.Fatal(err)
	}
	tree, err := chromedp.Call(p.ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: of.Result.ObjectID, Role: "StaticText"})
	if err != nil {
		p.Fatal(err)
	}
	for _, n := range tree.Nodes {
		if !n.Ignored && n.Name != nil {
			texts = append(texts, strings.Trim(string(n.Name.Value), `"`))
		}
	}
	return texts
}

// TestMarkSigns gives one flow all signs that a person can give it, and finds that
// its row says each and shows each beside the others.
func TestMarkSigns(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm&highlight=~replay")
	p.opened(sampleFlows)
	p.filter("~replay")
	p.shows(2)
	p.click("%s", row(0))
	p.click("[data-tab=comment]")
	p.wait("document.querySelector('#note-comment')")
	p.eval(`(() => {
		for (const [id, value] of [['note-marker', ':large_blue_circle:'], ['note-comment', 'look here']]) {
			const box = document.getElementById(id);
			box.value = value;
			box.dispatchEvent(new Event('change'));
		}
	})()`)
	p.press("b")
	p.do(chromedp.Evaluate[chromedp.Void]("document.querySelector(" + quote(row(0)) + ").dispatchEvent(new MouseEvent('click', {bubbles: true, ctrlKey: true}))"))
	p.wait("document.querySelector(%q)?.matches('.marked.m-blue.commented.base.picked.lit.replayed')", row(0))
	said := p.said(row(0))
	for _, want := range []string{"marked blue", "commented", "picked, highlighted", "compared with others", "replayed"} {
		if !slices.Contains(said, want) {
			t.Errorf("the row does not say %q but %q", want, said)
		}
	}
	// From left to right, and the text of the first column after them.
	if got := p.eval(`(row => {
		const at = [[row.children[0], '::after'], [row, '::before'], [row, '::after'], [row.children[1], '::after']].map(([e, of]) => parseFloat(getComputedStyle(e, of).left));
		const range = document.createRange();
		range.selectNodeContents(row.children[0]);
		at.push(range.getBoundingClientRect().left - row.getBoundingClientRect().left);
		return at.every((x, i) => i == 0 || x >= at[i-1] + 8) ? 'apart' : at;
	})(document.querySelector(%q))`, row(0)); got != "apart" {
		t.Errorf("signs lie on each other: %s", got)
	}
	p.press("c")
	p.click("#columns-list [data-column-name=marker] input")
	p.press(escape)
	p.wait("document.querySelector(%q).textContent == '🔵 blue'", row(0)+" [data-column=marker]")
	if got := p.said(row(1)); slices.Contains(got, "commented") || !slices.Contains(got, "highlighted") {
		t.Errorf("the other row says %q", got)
	}
}
