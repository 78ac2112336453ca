package ui

import (
	"syscall/js"

	"flowpane/viewer/screen"
)

// stored returns what this browser keeps for the page under a key, or nothing.
func stored(key string) (value string) {
	withStorage("localStorage", func(storage js.Value) {
		if v := storage.Call("getItem", key); v.Type() == js.TypeString {
			value = v.String()
		}
	})
	return value
}

// settingKey is where a setting is kept.
func settingKey(name string) string { return "flowpane-" + name }

// recallSettings tells of what was kept the last time.
func recallSettings(loop *screen.Loop) {
	for _, name := range screen.Settings() {
		if value := stored(settingKey(name)); value != "" {
			loop.Send(screen.SettingRecalled{Name: name, Value: value})
		}
	}
}

func store(key, value string) {
	withStorage("localStorage", func(storage js.Value) { storage.Call("setItem", key, value) })
}

// withStorage uses localStorage, or sessionStorage, which lasts as long as the
// tab. It does without where the browser refuses storage to the page, or has no
// room: what is remembered there is a convenience.
func withStorage(name string, use func(storage js.Value)) {
	defer func() {
		if e := recover(); e != nil {
			if _, refused := e.(js.Error); !refused {
				panic(e)
			}
		}
	}()
	use(js.Global().Get(name))
}
