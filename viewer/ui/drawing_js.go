package ui

import (
	"strings"
	"syscall/js"

	"flowpane/viewer/screen"
)

// drawings draw or play bodies, each in an element that can do nothing else.
type drawings struct {
	loop *screen.Loop
	url  js.Value // of what is shown as long as it is; undefined if there is none
	font js.Value // that was added to the document
}

// clear lets go of what was shown.
func (d *drawings) clear() {
	if d.url.Truthy() {
		js.Global().Get("URL").Call("revokeObjectURL", d.url)
	}
	if d.font.Truthy() {
		document().Get("fonts").Call("delete", d.font)
	}
	d.url, d.font = js.Undefined(), js.Undefined()
}

func (d *drawings) draw(data []byte, media string) *element {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	if strings.HasPrefix(media, "font/") {
		return d.sample(array)
	}
	url := js.Global().Get("URL").Call("createObjectURL", js.Global().Get("Blob").New([]any{array}, map[string]any{"type": media}))
	kind, _, _ := strings.Cut(media, "/")
	if kind == "image" {
		return d.image(url)
	}
	d.url = url
	attributes := map[string]string{"sandbox": "", "referrerpolicy": "no-referrer", "title": "Preview of the body"}
	tag := "iframe"
	if kind != "text" {
		tag, attributes = kind, map[string]string{"controls": "", "preload": "metadata"}
	}
	e := create(tag, "")
	for name, value := range attributes {
		e.setAttr(name, value)
	}
	e.setAttr("src", url.String())
	return e
}

// image shows an inert object URL, which is given up as soon as the browser has
// decoded it.
func (d *drawings) image(url js.Value) *element {
	e := create("img", "")
	e.setAttr("alt", "The body, as an image")
	var done js.Func
	done = js.FuncOf(func(_ js.Value, args []js.Value) any {
		if args[0].Get("type").String() == "error" {
			d.loop.Send(screen.ImageFailed{})
		}
		js.Global().Get("URL").Call("revokeObjectURL", url)
		e.Set("onload", nil)
		e.Set("onerror", nil)
		done.Release()
		return nil
	})
	e.Set("onload", done)
	e.Set("onerror", done)
	e.Set("src", url)
	return e
}

// capturedFont is what the font of a body is called in the document.
const capturedFont = "captured"

// sample shows what text looks like in a font. One that the browser refuses
// leaves it as it is.
func (d *drawings) sample(array js.Value) *element {
	d.font = js.Global().Get("FontFace").New(capturedFont, array.Get("buffer"))
	d.font.Get("loaded").Call("catch", js.Global().Get("Boolean")) // what is refused is not shown, and no more
	document().Get("fonts").Call("add", d.font)
	e := create("div", "sample",
		createText("p", "large", "Hamburgefonstiv"), createText("p", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz"),
		createText("p", "", "0123456789 .,:;!? ()[]{} @#&% äöüß éèçñ Ωж"))
	e.Get("style").Set("fontFamily", capturedFont)
	return e
}
