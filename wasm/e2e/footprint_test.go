//go:build !js

package e2e_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// A half is the page or its engine, a thread with a program of Go, as the browser
// sees it.
type half struct {
	name    string
	page    *page
	ctx     context.Context // of the target
	program runtime.RemoteObjectID
	seen    []footprint
}

// A footprint is what a half holds.
type footprint struct {
	Memory int // of WebAssembly, in bytes
	Values int // of JavaScript that Go has held for long
	Made   int // number of the last js.Func that was made
	Heap   int `json:"-"` // of JavaScript, in bytes, without garbage
}

func (f footprint) String() string {
	return fmt.Sprintf("%.1f MB of WebAssembly, %.2f MB of JavaScript, %d values for long", float64(f.Memory)/1e6, float64(f.Heap)/1e6, f.Values)
}

// half looks at a target, of which it counts from then on how many js.Func are
// made.
func (p *page) half(ctx context.Context, name string) *half {
	p.Helper()
	h := &half{name: name, page: p, ctx: ctx}
	prototype := told(h, runtime.Evaluate, runtime.EvaluateParams{Expression: "Go.prototype"}).Result
	programs := told(h, runtime.QueryObjects, runtime.QueryObjectsParams{PrototypeObjectID: prototype.ObjectID}).Objects
	h.program = told(h, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: programs.ObjectID, FunctionDeclaration: `function() {
		const [go] = this, make = go._makeFuncWrapper;
		go.made = 0;
		go._makeFuncWrapper = function(id) {
			go.made = id;
			return make.call(this, id);
		};
		return go;
	}`}).Result.ObjectID
	return h
}

// told returns what the browser tells of the target.
func told[P, R any](h *half, command cdp.Command[P, R], params P) R {
	h.page.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		h.page.Fatalf("the %s: %v", h.name, err)
	}
	return r
}

// ask calls a JavaScript function on the program of Go.
func ask[T any](h *half, function string) T {
	h.page.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.CallFunctionOn[T](function, func(p *runtime.CallFunctionOnParams) { p.ObjectID = h.program }))
	if err != nil {
		h.page.Fatalf("the %s: %v", h.name, err)
	}
	return answer
}

// long is after how many looks a value that Go still holds is one that it keeps: those
// that it does not need it gives back when it collects its garbage, every few sessions.
const long = 30

// look notes what the half holds now. A value is known by what it is, at the number
// that Go has for it: numbers are given again.
func (h *half) look() {
	h.page.Helper()
	f := ask[footprint](h, fmt.Sprintf(`function() {
		const held = this.held ??= [], now = this.looks = (this.looks ?? 0) + 1, free = new Set(this._idPool);
		let values = 0;
		this._values.forEach((value, id) => {
			const object = value === Object(value), was = held[id];
			if (free.has(id)) delete held[id];
			else if (!was || value !== (was.object ? was.is.deref() : was.is)) held[id] = {object, is: object ? new WeakRef(value) : value, since: now};
			else if (now - was.since >= %d) values++;
		});
		return {Memory: this._inst.exports.mem.buffer.byteLength, Values: values, Made: this.made};
	}`, long))
	told(h, heapprofiler.CollectGarbage, cdp.Empty{})
	f.Heap = int(told(h, runtime.GetHeapUsage, cdp.Empty{}).UsedSize)
	h.seen = append(h.seen, f)
}

// settled returns what was held over some looks: of the heap the least, of all else
// what is held at the last.
func settled(looks []footprint) footprint {
	f := looks[len(looks)-1]
	for _, other := range looks {
		f.Heap = min(f.Heap, other.Heap)
	}
	return f
}

// grows fails if the half holds more at the last looks than at the first, by more
// than a part of that.
func (h *half) grows(looks, part int) {
	h.page.Helper()
	start, end := settled(h.seen[:looks]), settled(h.seen[len(h.seen)-looks:])
	h.page.Logf("the %s held %s, and holds %s", h.name, start, end)
	grows := func(what string, start, end int) {
		if end > start+start/part {
			h.page.Errorf("the %s held %d %s, and holds %d", h.name, start, what, end)
		}
	}
	grows("bytes of WebAssembly", start.Memory, end.Memory)
	grows("bytes of JavaScript", start.Heap, end.Heap)
	if looks > long {
		grows("values of JavaScript for long", start.Values, end.Values)
	}
}

// releases fails if a js.Func that was made since the first look is not released.
// Nothing can be asked of the program afterwards.
func (h *half) releases() {
	h.page.Helper()
	first, last := h.seen[0].Made, h.seen[len(h.seen)-1].Made
	live := h.live()
	left, _ := slices.BinarySearch(live, first+1)
	h.page.Logf("the %s made %d js.Func, and released all but %d", h.name, last-first, len(live)-left)
	if len(live) > left {
		h.page.Errorf("the %s made js.Func that it did not release: %v of those from %d to %d", h.name, live[left:], first+1, last)
	}
	if left == 0 || last == first {
		h.page.Errorf("the %s listens with %d js.Func and made %d: that cannot be", h.name, left, last-first)
	}
}

// live returns the numbers of the js.Func that are not released, in order. Go says
// of one that is, on the console, when it is to be called. One that is not it is
// about to call, and asks for what it is called on, which ends it there.
func (h *half) live() []int {
	h.page.Helper()
	return ask[[]int](h, `function() {
		const live = [], go = this;
		for (let id = 1; id <= go.made; id++) {
			let released = false;
			console.error = () => { released = true };
			go._pendingEvent = { id, get this() { throw go }, args: [] };
			try { go._resume() } catch (thrown) { if (thrown !== go) throw thrown }
			if (!released) live.push(id);
		}
		return live;
	}`)
}

// engine attaches to the worker of the engine.
func (p *page) engine() context.Context {
	p.Helper()
	for _, w := range p.workers() {
		if w.ParentID == chromedp.FromContext(p.ctx).Target.TargetID {
			ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(w.TargetID), chromedp.WithDetachOnCancel())
			p.Cleanup(cancel)
			if err := chromedp.Do(ctx); err != nil {
				p.Fatal(err)
			}
			return ctx
		}
	}
	p.Fatal("no worker is there")
	return nil
}

// workers returns the workers of the page, and theirs.
func (p *page) workers() []*target.Info {
	p.Helper()
	all, err := chromedp.CallBrowser(p.ctx, target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{Type: "worker"}}})
	if err != nil {
		p.Fatal(err)
	}
	own := chromedp.FromContext(p.ctx).BrowserContextID
	return slices.DeleteFunc(all.TargetInfos, func(w *target.Info) bool { return w.BrowserContextID != own })
}
