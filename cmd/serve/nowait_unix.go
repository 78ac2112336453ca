//go:build unix

package main

import "syscall"

// noWait opens what became a pipe since it was looked at, without waiting for
// someone to write to it.
const noWait = syscall.O_NONBLOCK
