//go:build !js

package e2e_test

import (
	"strings"
	"testing"
)

// TestPlay plays a sound that was captured.
func TestPlay(t *testing.T) {
	samples := strings.Repeat("\x80", 8000) // a second of silence
	header := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"
	p := showBody(t, exchanges{{path: "/a.wav", contentType: "audio/wav", body: []byte(header + samples)}}, 0)
	p.wait("document.querySelector('#body audio')?.duration == 1")
	p.wait("document.querySelector('#body').textContent.includes('Sample rate: 8000 Hz')")
}
