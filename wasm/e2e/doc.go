// Package e2e tests what a person does with the viewer, in a real Chromium
// against cmd/serve. It needs `make build` before, and fails, never skips,
// where Chromium is missing.
package e2e
