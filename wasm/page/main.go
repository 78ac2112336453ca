//go:build js

// Command page is the visible half of the viewer: see package pageside.
package main

import "flowpane/wasm/pageside"

func main() { pageside.Run() }
