//go:build !js

package e2e_test

import (
	"slices"
	"testing"
)

// TestOverviewOrder orders the groups by their failures, by keys.
func TestOverviewOrder(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.press("g")
	p.wait("document.querySelectorAll('#overview [data-group]').length > 1")
	sorted := "[...document.querySelectorAll('#overview [aria-sort=descending]')].map(h => h.textContent).join(' ')"
	p.wait("%s == 'Flows Flows Flows Flows Flows Flows'", sorted)
	p.eval("document.querySelector('#overview [data-heading=\"Status Failed\"]').focus()")
	p.press(enter)
	p.wait("%s == 'Failed Failed Failed Failed Failed Failed'", sorted)
	p.wait("document.activeElement.dataset.heading == 'Status Failed'")
	counts := evaluate[[]int](p, "[...document.querySelectorAll('#overview section:has([data-heading^=Status]) .failed')].map(f => Number(f.textContent))")
	if !slices.IsSortedFunc(counts, func(a, b int) int { return b - a }) || counts[0] == 0 {
		t.Errorf("failures of statuses: %v", counts)
	}
}

// TestOverviewFigures filters by figures of a group: by flows, which Tab passes over,
// and by a percentile, which some of the group took as long as.
func TestOverviewFigures(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	row := "#overview section:has([data-heading^=Method]) tbody tr:first-child "
	press := func(cell string) {
		p.Helper()
		p.press("g")
		p.wait("document.querySelector('#overview').open && document.querySelector(%q)", row+cell)
		p.click("%s", row+cell)
		p.wait("!document.querySelector('#overview').open")
	}
	count := "parseInt(document.querySelector('#status').textContent)"
	press("td:nth-child(2) [tabindex='-1'][data-term='~m ^GET$']")
	const filtered = "/^[0-9]+ of /.test(document.querySelector('#status').textContent)"
	p.wait("document.querySelector('#filter').value == '~m ^GET$' && %s", filtered)
	all := evaluate[int](p, count)
	press("td:nth-last-child(2) [data-term*=' ~dur >=']")
	p.wait("/^~m .GET. ~m .GET. ~dur >=[0-9.]+ms$/.test(document.querySelector('#filter').value)")
	p.wait("%s && %s > 0 && %s < %d", filtered, count, count, all)
}

// TestOverview opens a branch of the tree by keys, filters by a group of it, and
// goes to the slowest flow.
func TestOverview(t *testing.T) {
	p := open(t, "#url=samples/shop.mitm")
	p.opened(sampleFlows)
	p.press("g")
	p.wait("document.querySelector('#overview').open && document.querySelector('#overview-summary').textContent == 'Of all %d flows'", sampleFlows)
	p.eval("document.querySelector('#overview [data-group]').focus()")
	before := p.eval("document.querySelectorAll('#overview tbody tr').length")
	p.press(enter)
	p.wait("document.querySelectorAll('#overview tbody tr').length > %s", before)
	p.wait("document.activeElement.dataset.group && document.activeElement.ariaExpanded == 'true'")
	flows := p.eval("document.querySelector('#overview tr:has(+ tr [style*=\"--depth:1\"]) + tr td').textContent")
	p.click("#overview [style*='--depth:1'] [data-term]")
	p.wait("!document.querySelector('#overview').open")
	p.wait("document.querySelector('#status').textContent == '%s of %d flows'", flows, sampleFlows)

	p.press("g")
	p.wait("document.querySelector('#overview [data-noted] .note').textContent.startsWith('TLSv1.3')")
	p.click("#overview [data-noted] [data-term^='~peer ']")
	p.wait("document.querySelector('#filter').value.includes(' ~peer ^')")
	p.eval("history.back()")
	p.wait("!document.querySelector('#filter').value.includes('~peer')")
	p.shows(evaluate[int](p, flows))

	p.press("g")
	p.wait("document.querySelector('#overview').open && document.querySelector('#overview-summary').textContent.startsWith('Of the %s flows that match ~d ')", flows)
	key := p.eval("document.querySelector('#overview [data-outlier]').dataset.outlier")
	p.click("#overview [data-outlier]")
	p.wait("!document.querySelector('#detail').hidden && location.hash.includes(%q)", key)
}
