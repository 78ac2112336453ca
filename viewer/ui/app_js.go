package ui

import (
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// An appNotice says that the page works offline, and offers a newer version.
type appNotice struct{ offline, update *element }

func newAppNotice(loop *screen.Loop) appNotice {
	n := appNotice{byID("offline"), byID("update")}
	n.update.on("click", func(dom.Event) { loop.Send(screen.Acted{Action: screen.TakeUpdate}) })
	keepApp(loop)
	return n
}

func (n *appNotice) draw(s *screen.App) {
	n.offline.setText(s.Offline)
	n.update.show(s.Update != "")
	n.update.setText(s.Update)
	n.update.setAttr("title", s.UpdateHint)
}

// keepDelay is how long the page waits before it has itself kept by the browser:
// whoever has just come wants to see something first.
const keepDelay = 2 * time.Second

// keepApp has the service worker keep the page for times without a network. It
// says so once all files are there, and when there is a newer version of them. A
// browser that cannot, or that is not asked over HTTPS, changes nothing.
func keepApp(loop *screen.Loop) {
	workers := js.Global().Get("navigator").Get("serviceWorker")
	boot := js.Global().Get("flowpane")
	if workers.IsUndefined() || boot.Get("keep").IsUndefined() {
		return
	}
	ask := func(worker js.Value) {
		if !worker.Truthy() {
			return
		}
		channel := js.Global().Get("MessageChannel").New()
		onRaw(channel.Get("port1"), "message", func(e js.Value) {
			state := e.Get("data")
			loop.Send(screen.AppKept{Whole: state.Get("whole").Bool(), Current: state.Get("current").Bool()})
			channel.Get("port1").Call("close")
		})
		channel.Get("port1").Call("start")
		worker.Call("postMessage", boot.Get("source"), []any{channel.Get("port2")})
	}
	onRaw(workers, "controllerchange", func(js.Value) { ask(workers.Get("controller")) })
	then(workers.Get("ready"), func(registration js.Value) { ask(registration.Get("active")) })
	time.AfterFunc(keepDelay, func() {
		whenIdle(func() { then(boot.Call("keep"), func(js.Value) {}) })
	})
}

// then calls done with what a promise comes to; where it fails, nothing happens.
func then(promise js.Value, done func(js.Value)) {
	var settled, failed js.Func
	settled = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled.Release()
		failed.Release()
		done(args[0])
		return nil
	})
	failed = js.FuncOf(func(js.Value, []js.Value) any {
		settled.Release()
		failed.Release()
		return nil
	})
	promise.Call("then", settled, failed)
}
