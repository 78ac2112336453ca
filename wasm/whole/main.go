//go:build js

// Command whole is both halves of the viewer in one program, for a page that is
// one file: what they have in common is in it once. The first
// argument says which half this is.
package main

import (
	"os"

	"flowpane/wasm/engineside"
	"flowpane/wasm/pageside"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "engine" {
		engineside.Run()
	} else {
		pageside.Run()
	}
}
