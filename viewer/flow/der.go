package flow

import (
	"strconv"
	"strings"
	"time"
)

// Tags of DER. Those of a context have a number.
const (
	tagBoolean  = 0x01
	tagInteger  = 0x02
	tagBits     = 0x03
	tagOctets   = 0x04
	tagOID      = 0x06
	tagUTC      = 0x17
	tagTime     = 0x18
	tagSequence = 0x30
	tagSet      = 0x31
	tagContext  = 0xa0
)

// A der reads values of DER, one after the other. After something that is none
// it is bad, and all that follows is empty.
//
// Source: https://www.itu.int/rec/T-REC-X.690
type der struct {
	rest []byte
	bad  bool
}

// next returns the tag and the bytes of the next value.
func (d *der) next() (tag byte, value []byte) {
	b := d.rest
	d.rest = nil
	if d.bad || len(b) < 2 || b[0]&0x1f == 0x1f {
		d.bad = true
		return 0, nil
	}
	size, head := int(b[1]), 2
	if size >= 0x80 {
		n := size & 0x7f
		if n == 0 || n > 3 || len(b) < 2+n {
			d.bad = true
			return 0, nil
		}
		size, head = 0, 2+n
		for _, c := range b[2:head] {
			size = size<<8 | int(c)
		}
	}
	if size > len(b)-head {
		d.bad = true
		return 0, nil
	}
	d.rest = b[head+size:]
	return b[0], b[head : head+size]
}

// value returns the bytes of the next value, which has to have a tag.
func (d *der) value(tag byte) []byte {
	got, value := d.next()
	if got != tag {
		d.bad = true
		return nil
	}
	return value
}

// in returns what reads within the next value, which has to have a tag.
func (d *der) in(tag byte) *der {
	inner := &der{rest: d.value(tag)}
	inner.bad = d.bad
	return inner
}

// optional returns the bytes of the next value if it has a tag, else nil.
func (d *der) optional(tag byte) []byte {
	if len(d.rest) > 0 && d.rest[0] == tag {
		return d.value(tag)
	}
	return nil
}

// time returns the next value, which has to be a time.
func (d *der) time() time.Time {
	layout := "060102150405Z"
	tag, value := d.next()
	if tag == tagTime {
		layout = "20060102150405Z"
	}
	at, err := time.Parse(layout, string(value))
	if err != nil || tag != tagTime && tag != tagUTC {
		d.bad = true
	}
	return at
}

// oidMax bounds an object identifier that is written, in bytes.
const oidMax = 64

// oid writes an object identifier: "2.5.4.3".
func oid(b []byte) string {
	if len(b) > oidMax {
		return "an object identifier of " + strconv.Itoa(len(b)) + " bytes"
	}
	var parts []string
	n := 0
	for _, c := range b {
		n = n<<7 | int(c&0x7f)
		if c&0x80 != 0 && n < 1<<40 {
			continue
		}
		if parts == nil {
			first := min(n/40, 2)
			parts = append(parts, strconv.Itoa(first))
			n -= 40 * first
		}
		parts = append(parts, strconv.Itoa(n))
		n = 0
	}
	return strings.Join(parts, ".")
}

// nameOf returns what people call an object identifier of certificates.
func nameOf(b []byte) string {
	id := oid(b)
	switch id {
	case "2.5.4.3":
		return "CN"
	case "2.5.4.5":
		return "serialNumber"
	case "2.5.4.6":
		return "C"
	case "2.5.4.7":
		return "L"
	case "2.5.4.8":
		return "ST"
	case "2.5.4.10":
		return "O"
	case "2.5.4.11":
		return "OU"
	case "1.2.840.113549.1.9.1":
		return "emailAddress"
	case "0.9.2342.19200300.100.1.25":
		return "DC"
	case "1.2.840.113549.1.1.1":
		return "RSA"
	case "1.2.840.113549.1.1.5":
		return "SHA1-RSA"
	case "1.2.840.113549.1.1.10":
		return "RSA-PSS"
	case "1.2.840.113549.1.1.11":
		return "SHA256-RSA"
	case "1.2.840.113549.1.1.12":
		return "SHA384-RSA"
	case "1.2.840.113549.1.1.13":
		return "SHA512-RSA"
	case "1.2.840.10045.2.1":
		return "ECDSA"
	case "1.2.840.10045.3.1.7":
		return "P-256"
	case "1.3.132.0.34":
		return "P-384"
	case "1.3.132.0.35":
		return "P-521"
	case "1.2.840.10045.4.3.2":
		return "ECDSA-SHA256"
	case "1.2.840.10045.4.3.3":
		return "ECDSA-SHA384"
	case "1.2.840.10045.4.3.4":
		return "ECDSA-SHA512"
	case "1.3.101.112":
		return "Ed25519"
	}
	return id
}
