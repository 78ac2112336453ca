// Package pageside joins the screen to the document, and both to the engine at
// the other end of a port. It is wiring, without logic to test.
package pageside
