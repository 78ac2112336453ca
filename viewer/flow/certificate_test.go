package flow_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"slices"
	"testing"
	"time"

	"flowpane/viewer/flow"
)

// TestCertificates reads certificates that Go's own library makes.
func TestCertificates(t *testing.T) {
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	ecKey, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x1234567890), NotBefore: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), NotAfter: time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC),
		Subject:  pkix.Name{CommonName: "shop.example", Organization: []string{"Shöp"}, Country: []string{"DE"}},
		DNSNames: []string{"shop.example", "*.shop.example"}, IPAddresses: []net.IP{net.ParseIP("192.0.2.1"), net.ParseIP("2001:db8::1")},
		EmailAddresses: []string{"a@shop.example"}, IsCA: true, BasicConstraintsValid: true,
	}
	for _, test := range []struct {
		public, private any
		key, signature  string
	}{
		{&rsaKey.PublicKey, rsaKey, "RSA 2048", "SHA256-RSA"},
		{&ecKey.PublicKey, ecKey, "ECDSA P-384", "ECDSA-SHA384"},
		{edKey.Public(), edKey, "Ed25519", "Ed25519"},
	} {
		der, err := x509.CreateCertificate(rand.Reader, template, template, test.public, test.private)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{der, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})} {
			c, err := flow.ParseCertificate(b)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(der)
			if c.Subject != "C=DE, O=Shöp, CN=shop.example" || c.Issuer != c.Subject || c.Serial != "1234567890" || c.Key != test.key || c.Signature != test.signature ||
				!c.NotBefore.Equal(template.NotBefore) || !c.NotAfter.Equal(template.NotAfter) || !c.Authority || c.SHA256 != hex.EncodeToString(sum[:]) ||
				!slices.Equal(c.Names, []string{"shop.example", "*.shop.example", "a@shop.example", "192.0.2.1", "2001:db8::1"}) {
				t.Errorf("%s: %+v", test.key, c)
			}
		}
		for n := range der {
			if _, err := flow.ParseCertificate(der[:n]); err == nil {
				t.Fatalf("%s: the first %d bytes are a certificate", test.key, n)
			}
		}
	}
	if _, err := flow.ParseCertificate([]byte("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")); err == nil {
		t.Error("no base64")
	}
}

// TestCertificateBounds: names and object identifiers end somewhere.
func TestCertificateBounds(t *testing.T) {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	for n, want := range map[int]bool{1 << 12: true, 1<<12 + 1: false} {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Unix(1, 0), DNSNames: slices.Repeat([]string{"a"}, n)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := flow.ParseCertificate(der); (err == nil) != want || want && len(c.Names) != n {
			t.Errorf("%d names: %v", n, err)
		}
	}
	long := pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{Type: slices.Repeat([]int{2}, 101), Value: "a"}}}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Unix(1, 0), Subject: long}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := flow.ParseCertificate(der); err != nil || c.Subject != "an object identifier of 100 bytes=a" {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzCertificate(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"))
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := flow.ParseCertificate(b); err == nil && len(c.SHA256) != 64 {
			t.Errorf("%+v", c)
		}
	})
}
