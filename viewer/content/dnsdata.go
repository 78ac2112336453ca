package content

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"unicode/utf8"

	"flowpane/viewer/flow"
)

// The record types whose data has a text, or names in it.
// https://www.iana.org/assignments/dns-parameters
const (
	dnsA     = 1
	dnsNS    = 2
	dnsMD    = 3
	dnsMF    = 4
	dnsCNAME = 5
	dnsSOA   = 6
	dnsMB    = 7
	dnsMG    = 8
	dnsMR    = 9
	dnsPTR   = 12
	dnsMINFO = 14
	dnsMX    = 15
	dnsTXT   = 16
	dnsRP    = 17
	dnsAFSDB = 18
	dnsRT    = 21
	dnsSIG   = 24
	dnsPX    = 26
	dnsAAAA  = 28
	dnsNXT   = 30
	dnsSRV   = 33
	dnsHTTPS = 65
)

// nameMax bounds a name in its wire form, in bytes.
const nameMax = 255

// name reads a name and returns its labels. A label may be a pointer to where
// the name goes on, which must be farther to the front each time.
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-4.1.4
func (c *cursor) name() (labels [][]byte, err error) {
	in, end := *c, 0          // end is where the name ends here
	for size := 1; ; size++ { // a pointer counts too: it may lead to the next one
		start := in.at
		n, err := in.byte()
		if err != nil {
			return nil, err
		}
		switch n >> 6 {
		case 0:
			label, err := in.take(uint64(n))
			if err != nil {
				return nil, err
			}
			if n == 0 {
				if c.at = in.at; end > 0 {
					c.at = end
				}
				return labels, nil
			}
			labels = append(labels, label)
			size += len(label)
		case 3:
			low, err := in.byte()
			if err != nil {
				return nil, err
			}
			if end == 0 {
				end = in.at
			}
			if in.at = int(n&0x3f)<<8 | int(low); in.at >= start {
				return nil, in.fail("a name goes on where it began")
			}
		default:
			return nil, in.fail("no label begins so")
		}
		if size >= nameMax {
			return nil, in.fail("a name is too long")
		}
	}
}

// nameText returns a name as people write it.
func nameText(labels [][]byte) string {
	var o output
	for i, label := range labels {
		if i > 0 {
			o.putByte('.')
		}
		if utf8.Valid(label) {
			o.put(string(label))
		} else {
			o.put(escapeBytes(label))
		}
	}
	return flow.UnicodeHost(o.String())
}

// expandNames returns the data of a record, from start to the end of message,
// with the names in it complete. Data that is not what the type asks for it
// returns as it is.
func expandNames(message []byte, start int, kind int32) []byte {
	before, names := 0, 1
	switch kind {
	case dnsNS, dnsMD, dnsMF, dnsCNAME, dnsMB, dnsMG, dnsMR, dnsPTR, dnsNXT:
	case dnsSOA, dnsMINFO, dnsRP:
		names = 2
	case dnsMX, dnsAFSDB, dnsRT:
		before = 2
	case dnsPX:
		before, names = 2, 2
	case dnsSRV:
		before = 6
	case dnsSIG:
		before = 18
	default:
		names = 0
	}
	c := cursor{data: message, at: start}
	fixed, err := c.take(uint64(before))
	data := append([]byte(nil), fixed...)
	for range names {
		var labels [][]byte
		if err == nil {
			labels, err = c.name()
		}
		for _, label := range labels {
			data = append(append(data, byte(len(label))), label...)
		}
		data = append(data, 0)
	}
	if err != nil {
		return message[start:]
	}
	return append(data, c.rest()...)
}

// dnsData returns the data of a record: an address, a name, text (with its
// length bytes), the parts of HTTPS, or hexadecimal digits.
func dnsData(kind int32, data []byte) *yamlValue {
	c, ok, v := cursor{data: data}, true, yamlString("0x"+hex.EncodeToString(data))
	switch kind {
	case dnsA, dnsAAAA:
		var ip netip.Addr
		if ip, ok = netip.AddrFromSlice(data); ok && ip.Is4() == (kind == dnsA) {
			return yamlString(ip.String())
		}
		ok = false
	case dnsNS, dnsCNAME, dnsPTR:
		labels, err := c.name()
		if ok = err == nil && !c.more(); ok {
			return yamlString(nameText(labels))
		}
	case dnsTXT:
		if ok = utf8.Valid(data); ok {
			return yamlString(string(data))
		}
	case dnsHTTPS:
		service, err := readService(&c)
		if ok = err == nil; ok {
			return service
		}
	}
	if !ok {
		v.text += " (invalid " + flow.RecordType(kind) + " data)"
	}
	return v
}

// readService reads the data of an HTTPS record. Of two parameters with one key
// both are shown; mitmproxy keeps the last.
// Source: https://www.rfc-editor.org/rfc/rfc9460#section-2.2
func readService(c *cursor) (*yamlValue, error) {
	priority, err := c.uint(2)
	if err != nil {
		return nil, err
	}
	target, err := c.name()
	if err != nil {
		return nil, err
	}
	v := yamlMap()
	v.add("target_name", yamlString(nameText(target)))
	v.add("priority", yamlInt(int(priority)))
	for c.more() {
		key, err := c.uint(2)
		if err != nil {
			return nil, err
		}
		value, err := c.sized(2)
		if err != nil {
			return nil, err
		}
		v.items = append(v.items, serviceKey(key), yamlString(escapeBytes(value)))
	}
	return v, nil
}

func serviceKey(key uint64) *yamlValue {
	names := [...]string{"mandatory", "alpn", "no_default_alpn", "port", "ipv4hint", "ech", "ipv6hint"}
	if key < uint64(len(names)) {
		return yamlString(names[key])
	}
	return yamlPlain(strconv.FormatUint(key, 10))
}
