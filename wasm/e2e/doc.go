// Package e2e tests what a person does with the viewer, in a real Chromium
// against cmd/serve. It needs `make build` before, and fails, never skips,
// where Chromium is missing. With FLOWPANE_DIST it tests a folder of `make dist`,
// on a host that does no more than to serve files.
package e2e
