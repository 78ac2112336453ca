// Package port carries api frames over a MessagePort, and lets a long
// computation yield to the events of its thread.
package port
