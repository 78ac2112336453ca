// Package samples holds the session that the page offers to whoever has none
// at hand: a visit to an invented shop. Package shop beside this file writes
// it.
package samples

//go:generate go run ./shop -o shop.mitm
