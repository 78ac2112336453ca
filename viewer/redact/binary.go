package redact

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// leastRun is how long text in binary data is at the least, in bytes.
const leastRun = 6

// printable returns what can be read within what is binary without what is
// secret: it may be text behind its length, as in frames.
func (w *walker) printable(run []byte) []byte {
	if i := bytes.IndexByte(run, '{'); i >= 0 && w.depth <= maxDepth {
		w.depth++
		defer func() { w.depth-- }()
		if out := w.json(run[i:]); !same(out, run[i:]) {
			return append(bytes.Clone(run[:i]), out...)
		}
	}
	out := w.looked(w.pem(run), plainText, (*walker).userInfo, (*walker).webhooks, (*walker).assigned)
	return w.looked(out, codeText, (*walker).shapes)
}

// binary hides what is secret in binary data, without a change of its length:
// what is known, what has the shape of a key, and text behind the name of a
// secret. mail: other shapes too.
func (w *walker) binary(b []byte, mail bool) []byte {
	if mail {
		b = w.reverseNames(w.connects(b))
	}
	e := edits{b: b}
	name := ""
	for i := 0; i < len(b); {
		from := i
		for i < len(b) && b[i] >= ' ' && b[i] < 0x7f {
			i++
		}
		if run := b[from:i]; len(run) >= leastRun && !isFitted(run) {
			out := run
			if class, secret := w.secretName(name, false); secret && mail && !trivial(string(run)) {
				out = []byte(w.hide(class, name, string(run)))
			} else if mail {
				out = w.printable(run)
			}
			if string(out) != string(run) {
				e.replace(from, i, []byte(fit(string(out), len(run))))
			}
		}
		if i > from {
			name = string(b[from:i])
		}
		i++
	}
	return w.replaceKnown(e.apply(), true)
}

// isFitted reports whether text is a placeholder, or as much of one as there was
// place for.
func isFitted(text []byte) bool {
	return bytes.HasPrefix(text, []byte(prefix)) || len(text) < len(prefix) && prefix[:len(text)] == string(text)
}

// connects hides the passwords in the packets that connect a client of MQTT.
//
// Source: https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html#_Toc3901033
func (w *walker) connects(b []byte) []byte {
	for _, name := range [...]string{"\x00\x04MQTT", "\x00\x06MQIsdp"} {
		e := edits{b: b}
		for at := 0; ; {
			i := bytes.Index(b[at:], []byte(name))
			if i < 0 {
				break
			}
			at += i + len(name)
			from, to := passwordAt(b, at)
			if at = max(at, to); from == to || isFitted(b[from:to]) {
				continue
			}
			if out := w.hide(Fields, "password", string(b[from:to])); out != string(b[from:to]) {
				e.replace(from, to, []byte(fit(out, to-from)))
			}
		}
		b = e.apply()
	}
	return b
}

// passwordAt returns where the password is in a packet that connects, from behind
// the name of the protocol on; it has no length if there is none.
func passwordAt(b []byte, at int) (from, to int) {
	const will, password, user = 1 << 2, 1 << 6, 1 << 7
	if len(b) < at+4 || b[at+1]&password == 0 {
		return 0, 0
	}
	version, flags := b[at], b[at+1]
	at += 4
	properties := func() {
		if n, size := binary.Uvarint(b[min(at, len(b)):]); version >= 5 && size > 0 {
			at += size + int(min(n, uint64(len(b))))
		}
	}
	text := func() {
		from, to = 0, 0
		if n, ok := bigEndian(b, min(at, len(b)), 2); ok && at+2+int(n) <= len(b) {
			from, to = at+2, at+2+int(n)
		}
		at += 2 + to - from
	}
	properties()
	text() // the id of the client
	if flags&will != 0 {
		properties()
		text() // topic
		text() // message
	}
	if flags&user != 0 {
		text()
	}
	text()
	return from, to
}

// reverseNames hides IP addresses in names of DNS, in labels behind their lengths.
//
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-3.1
func (w *walker) reverseNames(b []byte) []byte {
	for _, tail := range [...]struct {
		labels, name  string
		count, widest int
	}{{"\x07in-addr\x04arpa", reverse4, 4, 3}, {"\x03ip6\x04arpa", reverse6, 32, 1}} {
		e := edits{b: b}
		for at := 0; ; {
			i := bytes.Index(b[at:], []byte(tail.labels))
			if i < 0 {
				break
			}
			end := at + i
			at = end + len(tail.labels)
			from, name := labelsBefore(b, end, tail.count, tail.widest)
			if name += tail.name; w.hideReverse(name) == name {
				continue
			}
			hidden := bytes.Clone(b[from:end])
			for i, c := range hidden {
				if hexDigit(c) < 16 {
					hidden[i] = '0'
				}
			}
			e.replace(from, end, hidden)
		}
		b = e.apply()
	}
	return b
}

// addressRecords hides the IP addresses in answers of DNS as they are sent.
//
// Source: https://www.rfc-editor.org/rfc/rfc8484#section-6
func (w *walker) addressRecords(b []byte) []byte {
	const lifetime = 4
	for _, kind := range [...]struct{ head, size string }{{"\x00\x01\x00\x01", "\x00\x04"}, {"\x00\x1c\x00\x01", "\x00\x10"}} {
		e := edits{b: b}
		for at := 0; ; {
			i := bytes.Index(b[at:], []byte(kind.head))
			if i < 0 {
				break
			}
			at += i + 1
			from := at - 1 + len(kind.head) + lifetime + len(kind.size)
			to := from + int(kind.size[1])
			if to > len(b) || string(b[from-len(kind.size):from]) != kind.size {
				continue
			}
			if hidden := w.addressBytes(b[from:to]); hidden != nil {
				e.replace(from, to, hidden)
			}
		}
		b = e.apply()
	}
	return b
}

// addressBytes is hideAddress for an IP address in its bytes, nil if there is
// nothing to hide.
func (w *walker) addressBytes(b []byte) []byte {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return nil
	}
	hidden, err := netip.ParseAddr(w.hideAddress("dns", a.String()))
	if err != nil || hidden == a {
		return nil
	}
	return hidden.AsSlice()
}

// labelsBefore returns as many labels as there are to be in front of a place, and
// where they begin, with points between them.
func labelsBefore(b []byte, end, count, widest int) (from int, name string) {
	from = end
	for range count {
		n := 0
		for n < widest && from-n > 0 && hexDigit(b[from-n-1]) < 16 {
			n++
		}
		if from -= n + 1; from < 0 || int(b[from]) != n {
			return 0, ""
		}
		name = string(b[from+1:from+1+n]) + "." + name
	}
	return from, name[:len(name)-1]
}
