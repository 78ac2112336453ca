// Package ui draws a screen.State into the document and turns events into
// screen messages. It decides nothing. Captured text becomes text nodes only.
//
// It builds for js/wasm only. Rows of the flow table, scrolling and the mouse
// use syscall/js itself, for package dom wraps each element and event that the
// browser returns at 0.1 ms; the rest is built with package dom.
package ui
