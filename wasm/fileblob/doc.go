// Package fileblob reads a File that a person chose, in place. It works in a
// worker whose script provides flowpane.readFile.
package fileblob
