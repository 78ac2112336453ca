package ui

import (
	"strconv"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// files takes the files that a person chooses, drops or pastes.
type files struct {
	loop  *screen.Loop
	input *element
	send  func(token string, file js.Value)

	sendHandle func(token string, handle js.Value)

	last int // number of the last token
}

func newFiles(loop *screen.Loop, root *element, send, sendHandle func(string, js.Value)) *files {
	input := byID("open")
	f := &files{loop: loop, input: input, send: send, sendHandle: sendHandle}
	input.on("change", func(dom.Event) {
		f.take(input.Get("files"))
		input.Set("value", "") // so that the same file can be chosen again
	})
	byID("choose").on("click", func(dom.Event) { input.Click() })
	doc := document()
	onRaw(doc, "dragover", func(e js.Value) {
		if carriesFiles(e) {
			e.Call("preventDefault")
			root.setFlag("data-dragging", true)
		}
	})
	onRaw(doc, "dragleave", func(e js.Value) {
		if e.Get("relatedTarget").IsNull() {
			root.setFlag("data-dragging", false)
		}
	})
	onRaw(doc, "drop", func(e js.Value) {
		root.setFlag("data-dragging", false)
		if carriesFiles(e) {
			e.Call("preventDefault")
			data := e.Get("dataTransfer")
			f.takeWith(js.Global().Get("Array").Call("from", data.Get("files")), handlesOf(data.Get("items")))
		}
	})
	onRaw(doc, "paste", func(e js.Value) {
		list, address := pasted(e)
		if list.Truthy() {
			e.Call("preventDefault")
			f.take(list)
		}
		if address != "" {
			e.Call("preventDefault")
			f.loop.Send(screen.AddressGiven{Text: address})
		}
	})
	f.takeEarly(input)
	f.takeLaunched()
	f.takeShared()
	return f
}

// takeEarly takes the files that were chosen or dropped before this program
// ran. The boot script keeps the dropped ones, until they are taken.
func (f *files) takeEarly(input *element) {
	boot := js.Global().Get("flowpane")
	if dropped := boot.Get("dropped"); dropped.Length() > 0 {
		f.take(dropped)
	} else if chosen := input.Get("files"); chosen.Length() > 0 {
		f.take(chosen)
	}
	boot.Set("dropped", nil)
}

// takeLaunched takes the files that the system opens with this program.
func (f *files) takeLaunched() {
	queue := js.Global().Get("launchQueue")
	if queue.IsUndefined() {
		return
	}
	queue.Call("setConsumer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		handles := args[0].Get("files")
		if handles.IsUndefined() || handles.Length() == 0 {
			return nil
		}
		var promises []any
		var later []js.Value // the handles, as promises
		for i := range handles.Length() {
			promises = append(promises, handles.Index(i).Call("getFile"))
			later = append(later, js.Global().Get("Promise").Call("resolve", handles.Index(i)))
		}
		then(js.Global().Get("Promise").Call("all", promises), func(list js.Value) {
			first := f.last + 1
			f.take(list)
			f.sendHandles(first, later)
		})
		return nil
	}))
}

// takeShared takes the files that another program shared: the service worker
// keeps them until the page, which it leads here with this query, has them.
func (f *files) takeShared() {
	location := js.Global().Get("location")
	if location.Get("search").String() != "?shared" {
		return
	}
	js.Global().Get("history").Call("replaceState", nil, "", location.Get("pathname"))
	then(js.Global().Get("flowpane").Call("shared"), f.take)
}

// pasted returns the files that are pasted, or text that is a HAR as one, or text
// that is an address; nothing, where a person pastes into what they write.
func pasted(e js.Value) (list js.Value, address string) {
	data := e.Get("clipboardData")
	if !data.Truthy() {
		return js.Undefined(), ""
	}
	if list := data.Get("files"); list.Length() > 0 {
		return list, ""
	}
	text := strings.TrimSpace(data.Call("getData", "text").String())
	switch {
	case e.Get("target").Call("closest", "input, textarea").Truthy():
	case strings.HasPrefix(text, "{"):
		return js.ValueOf([]any{js.Global().Get("File").New([]any{text}, "pasted.har")}), ""
	case strings.HasPrefix(text, "https://"), strings.HasPrefix(text, "http://"):
		if !strings.ContainsAny(text, " \t\r\n") {
			return js.Undefined(), text
		}
	}
	return js.Undefined(), ""
}

func carriesFiles(e js.Value) bool {
	data := e.Get("dataTransfer")
	return data.Truthy() && data.Get("types").Call("includes", "Files").Bool()
}

// handlesOf asks for the handles of what is dropped, which has to be asked for
// at once: only a handle tells later how a file has grown. Few browsers have
// them.
func handlesOf(items js.Value) (promises []js.Value) {
	for i := range items.Length() {
		item := items.Index(i)
		if item.Get("kind").String() == "file" && item.Get("getAsFileSystemHandle").Truthy() {
			promises = append(promises, item.Call("getAsFileSystemHandle"))
		}
	}
	return promises
}

// takeWith takes files when it is known which of them have handles: whether a
// small file can be followed is asked as soon as it is read.
func (f *files) takeWith(list js.Value, handles []js.Value) {
	promises := make([]any, len(handles))
	for i, p := range handles {
		promises[i] = p
	}
	then(js.Global().Get("Promise").Call("allSettled", promises), func(js.Value) {
		first := f.last + 1
		f.take(list)
		f.sendHandles(first, handles)
	})
}

// sendHandles hands over the handles of files, from token first on, as they
// come.
func (f *files) sendHandles(first int, promises []js.Value) {
	for i, p := range promises {
		var settled js.Func // with a handle, or with the error that there is none
		settled = js.FuncOf(func(_ js.Value, args []js.Value) any {
			settled.Release()
			if handle := args[0]; handle.Truthy() && handle.Get("kind").Equal(js.ValueOf("file")) {
				f.sendHandle("file-"+strconv.Itoa(first+i), handle)
			}
			return nil
		})
		p.Call("then", settled, settled)
	}
}

// take hands the files of a list over, and says that they were chosen.
func (f *files) take(list js.Value) {
	var picked []screen.File
	for i := range list.Length() {
		file := list.Index(i)
		picked = append(picked, f.handOver(file, file.Get("name").String()))
	}
	if len(picked) > 0 {
		f.loop.Send(screen.Picked{Files: picked})
	}
}

// handOver sends a File to the engine, which does nothing with it unless it is
// asked to.
func (f *files) handOver(file js.Value, name string) screen.File {
	token := f.token()
	f.send(token, file)
	return screen.File{Token: token, Name: name}
}

// token returns a token for a file that may be sent.
func (f *files) token() string {
	f.last++
	return "file-" + strconv.Itoa(f.last)
}
