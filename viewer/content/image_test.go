package content

import (
	"context"
	"testing"
)

func TestImage(t *testing.T) {
	const (
		ihdr = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x00\x02"
		app0 = "\xff\xd8\xff\xe0\x00\x06JFIF"
	)
	for _, test := range []struct{ name, body, text, image string }{
		{"png", ihdr, "# PNG Image\nFormat: Portable network graphics\nSize: 256 x 2 px\n", "image/png"},
		{"cut png", ihdr[:20], "# PNG Image\nFormat: Portable network graphics\n", "image/png"},
		{"gif", "GIF89a\x10\x00\x11\x00\x80\x0f\x00", "# GIF Image\nFormat: Compuserve GIF\nVersion: GIF89a\nSize: 16 x 17 px\nbackground: '15'\n", "image/gif"},
		{"cut gif", "GIF87a", "# GIF Image\nFormat: Compuserve GIF\nVersion: GIF87a\n", "image/gif"},
		{"jpeg", app0 + "\xff\xc0\x00\x11\x08\x00\x20\x01\x00", "# JPEG Image\nFormat: JPEG (ISO 10918)\nSize: 256 x 32 px\n", "image/jpeg"},
		{"progressive jpeg", app0 + "\xff\xff\xc2\x00\x11\x08\x00\x20\x01\x00", "# JPEG Image\nFormat: JPEG (ISO 10918)\nSize: 256 x 32 px\n", "image/jpeg"},
		{"jpeg, tables first", app0 + "\xff\xc4\x00\x02\xff\xc1\x00\x11\x08\x00\x01\x00\x02", "# JPEG Image\nFormat: JPEG (ISO 10918)\nSize: 2 x 1 px\n", "image/jpeg"},
		{"jpeg without frame", app0 + "\xff\xda\x00\x02\xff\xc0\x00\x11\x08\x00\x01\x00\x02", "# JPEG Image\nFormat: JPEG (ISO 10918)\n", "image/jpeg"},
		{"jpeg, bad length", "\xff\xd8\xff\xe0\x00\x00\xff\xe0\xff\xff\x00\x00\x00", "# JPEG Image\nFormat: JPEG (ISO 10918)\n", "image/jpeg"},
		{"cut jpeg", "\xff\xd8\xff", "# JPEG Image\nFormat: JPEG (ISO 10918)\n", "image/jpeg"},
		{"ico", "\x00\x00\x01\x00\x03\x00", "# ICO Image\nFormat: ICO\nNumber of images: '3'\n", "image/x-icon"},
		{"webp", "RIFF\x00\x00\x00\x00WEBP", "# WEBP Image\n", "image/webp"},
		{"avif", "\x00\x00\x00\x1cftypavif", "# AVIF Image\n", "image/avif"},
		{"bmp", "BM", "# BMP Image\n", "image/bmp"},
		{"tiff", "II*\x00", "# TIFF Image\n", ""},
		{"svg", "<svg onload=x>", "# Unknown Image\n", ""},
		{"wave", "RIFF\x00\x00\x00\x00WAVE", "# Unknown Image\n", ""},
		{"empty", "", "# Unknown Image\n", ""},
	} {
		_, r, note := Render(context.Background(), "image", Describe("image/png"), []byte(test.body))
		if r.Text != test.text || r.Image != test.image || note != "" {
			t.Errorf("%s: %q, %q, %q", test.name, r.Text, r.Image, note)
		}
	}
}
