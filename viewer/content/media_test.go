package content

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

const (
	mp4Seed = "\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + "\x00\x00\x00\x4cmoov" +
		"\x00\x00\x00\x1cmvhd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xe8\x00\x00\x09\xc4" +
		"\x00\x00\x00\x28trak\x00\x00\x00\x20mdia\x00\x00\x00\x18stsd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00avc1"
	wavSeed  = "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x44\xac\x00\x00\x10\xb1\x02\x00\x04\x00\x10\x00data\x10\xb1\x02\x00"
	flacSeed = "fLaC\x00\x00\x00\x22\x10\x00\x10\x00\x00\x00\x00\x00\x00\x00\x0a\xc4\x42\xf0\x00\x01\x58\x88"
	fontSeed = "\x00\x01\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00" +
		"head\x00\x00\x00\x00\x00\x00\x00\x3c\x00\x00\x00\x14" + "maxp\x00\x00\x00\x00\x00\x00\x00\x50\x00\x00\x00\x06" + "name\x00\x00\x00\x00\x00\x00\x00\x56\x00\x00\x00\x2a" +
		"\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xe8" + "\x00\x01\x00\x00\x00\x2a" +
		"\x00\x00\x00\x02\x00\x1e" + "\x00\x03\x00\x01\x04\x09\x00\x01\x00\x08\x00\x00" + "\x00\x01\x00\x00\x00\x00\x00\x02\x00\x04\x00\x08" + "\x00T\x00e\x00s\x00tBold"
)

// testPEM holds nothing that is to be shown.
const testPEM = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n"

func TestMedia(t *testing.T) {
	for _, test := range []struct{ body, view, text, media string }{
		{mp4Seed, "media", "# MPEG-4\nBrand: isom\nLength: 2.50 s\nTrack: avc1\n", "video/mp4"},
		{wavSeed, "media", "# WAVE\nChannels: '2'\nSample rate: 44100 Hz\nLength: 1.00 s\n", "audio/wav"},
		{flacSeed, "media", "# FLAC\nChannels: '2'\nSample rate: 44100 Hz\nLength: 2.00 s\n", "audio/flac"},
		{"OggS\x00\x02OpusHead", "media", "# Ogg\nTrack: Opus\n", "audio/ogg"},
		{"\x1aE\xdf\xa3\x00B\x82\x84webm", "media", "# WebM\n", "video/webm"},
		{"ID3\x03", "media", "# MP3\n", "audio/mpeg"},
		{fontSeed, "font", "# TrueType font\nFamily: Test\nStyle: Bold\nUnits per em: '1000'\nGlyphs: '42'\n", ""},
		{"wOF2\x00\x01\x00\x00\x00\x00\x00\x00", "font", "# WOFF2 font\n", ""},
		{testPEM, "certificate", "# PRIVATE KEY, which is not shown\n" + yamlSeparator + "# it is no certificate of the kind X.509\n", ""},
	} {
		view, r, note := Render(context.Background(), Auto, Metadata{}, []byte(test.body))
		if view != test.view || r.Text != test.text || r.Media != test.media || r.Font != (view == "font") || note != "" {
			t.Errorf("%.12q: %s %q %s, %s", test.body, view, r.Text, r.Media, note)
		}
	}
}

func TestCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "shop.example"}, DNSNames: []string{"shop.example", "*.shop.example"},
		NotBefore: time.Unix(1700000000, 0), NotAfter: time.Unix(1800000000, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{der, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})} {
		view, r, note := Render(context.Background(), Auto, Describe("application/pkix-cert"), body)
		if view != "certificate" || note != "" || !strings.HasPrefix(r.Text, "# signed with ECDSA-SHA256, not verified\nSubject: CN=shop.example\n") ||
			!strings.Contains(r.Text, "- '*.shop.example'\nNot before: 2023-11-14 22:13:20 UTC\n") {
			t.Errorf("%s: %s, %s", view, r.Text, note)
		}
	}
}
