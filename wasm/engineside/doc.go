// Package engineside joins the engine to this browser's files and network, in a
// worker. It is wiring, without logic to test.
package engineside
