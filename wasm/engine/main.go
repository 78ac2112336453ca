//go:build js

// Command engine is the worker: see package engineside.
package main

import "flowpane/wasm/engineside"

func main() { engineside.Run() }
