// Package proto holds the schemas of Flowpane: flow.proto, the session, and
// viewer.proto, what page and engine say to each other. The Go code in flowpb
// and viewerpb is generated from them and committed.
package proto

//go:generate go run -tags generate generate.go
