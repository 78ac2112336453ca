//go:build !unix

package main

// noWait is of no use where pipes have no place among files.
const noWait = 0
