package flow

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A Certificate is what a certificate of TLS says of itself. Nothing of it is
// verified: it is read to be shown.
type Certificate struct {
	Subject, Issuer string // "CN=shop.example, O=Shop", in the order of the certificate
	Serial          string // in hexadecimal
	NotBefore       time.Time
	NotAfter        time.Time
	Names           []string // DNS names, IP and mail addresses, and URIs that it is for
	Key             string   // "RSA 2048", "ECDSA P-256", or an object identifier
	Signature       string   // "SHA256-RSA", or an object identifier
	Authority       bool     // it may sign others
	SHA256          string   // its fingerprint, in hexadecimal
}

// maxNames bounds the names of a certificate: those of the public web have
// hundreds at most.
const maxNames = 1 << 12

var errCertificate = errors.New("it is no certificate of the kind X.509")

// ParseCertificate reads a certificate in PEM or DER.
//
// Source: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
func ParseCertificate(b []byte) (*Certificate, error) {
	if isPEM := len(b) > 0 && b[0] != tagSequence; isPEM {
		_, body, _ := strings.Cut(string(b), "-----BEGIN CERTIFICATE-----")
		body, _, _ = strings.Cut(body, "-----END")
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
		if err != nil {
			return nil, errCertificate
		}
		b = decoded
	}
	outer := der{rest: b}
	whole := outer.in(tagSequence)
	end := len(b) - len(outer.rest)
	c := &Certificate{}
	c.signed(whole.in(tagSequence))
	algorithm := whole.in(tagSequence)
	c.Signature = nameOf(algorithm.value(tagOID))
	if outer.bad || whole.bad || algorithm.bad || c.NotAfter.IsZero() || len(c.Names) > maxNames {
		return nil, errCertificate
	}
	sum := sha256.Sum256(b[:end])
	c.SHA256 = hex.EncodeToString(sum[:])
	return c, nil
}

// signed reads what the issuer signed.
func (c *Certificate) signed(d *der) {
	d.optional(tagContext) // the version, number 0
	c.Serial = hex.EncodeToString(d.value(tagInteger))
	d.value(tagSequence) // the signature's algorithm again
	c.Issuer = distinguished(d.in(tagSequence))
	validity := d.in(tagSequence)
	c.NotBefore, c.NotAfter = validity.time(), validity.time()
	c.Subject = distinguished(d.in(tagSequence))
	c.Key = publicKey(d.in(tagSequence))
	for len(d.rest) > 0 && !d.bad {
		tag, value := d.next()
		if tag == tagContext|3 {
			extensions := &der{rest: value}
			c.extensions(extensions.in(tagSequence))
		}
	}
}

func (c *Certificate) extensions(d *der) {
	for len(d.rest) > 0 && !d.bad {
		e := d.in(tagSequence)
		id := oid(e.value(tagOID))
		e.optional(tagBoolean)
		value := &der{rest: e.value(tagOctets)}
		switch id {
		case "2.5.29.17":
			c.names(value.in(tagSequence))
		case "2.5.29.19":
			constraints := value.in(tagSequence)
			flag := constraints.optional(tagBoolean)
			c.Authority = len(flag) == 1 && flag[0] != 0
		}
	}
}

// names reads the alternative names of the subject.
func (c *Certificate) names(d *der) {
	for len(d.rest) > 0 && !d.bad && len(c.Names) <= maxNames {
		switch tag, value := d.next(); tag {
		case 0x81, 0x82, 0x86:
			c.Names = append(c.Names, string(value))
		case 0x87:
			if ip, ok := netip.AddrFromSlice(value); ok {
				c.Names = append(c.Names, ip.String())
			}
		}
	}
}

// distinguished writes a name: "CN=shop.example, O=Shop".
func distinguished(d *der) string {
	var parts []string
	for len(d.rest) > 0 && !d.bad {
		set := d.in(tagSet)
		for len(set.rest) > 0 && !set.bad {
			pair := set.in(tagSequence)
			name := nameOf(pair.value(tagOID))
			_, value := pair.next()
			parts = append(parts, name+"="+string(value))
		}
	}
	return strings.Join(parts, ", ")
}

func publicKey(d *der) string {
	algorithm := d.in(tagSequence)
	name := nameOf(algorithm.value(tagOID))
	switch name {
	case "ECDSA":
		return name + " " + nameOf(algorithm.value(tagOID))
	case "RSA":
		key := &der{rest: d.value(tagBits)}
		if len(key.rest) > 0 {
			key.rest = key.rest[1:] // how many bits are unused
		}
		modulus := key.in(tagSequence).value(tagInteger)
		for len(modulus) > 0 && modulus[0] == 0 {
			modulus = modulus[1:]
		}
		return name + " " + strconv.Itoa(8*len(modulus))
	}
	return name
}
