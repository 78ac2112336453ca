package flow

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"flowpane/proto/flowpb"
)

// DNSSize returns the size of the record data of a message, in bytes; 0 for
// nil.
func DNSSize(m *flowpb.DNSMessage) int64 {
	var n int64
	for _, section := range sections(m) {
		for _, r := range section {
			n += int64(len(r.GetData()))
		}
	}
	return n
}

func sections(m *flowpb.DNSMessage) [3][]*flowpb.DNSRecord {
	return [3][]*flowpb.DNSRecord{m.GetAnswers(), m.GetAuthorities(), m.GetAdditionals()}
}

// DNSText returns what a search in bodies sees of a DNS message: the name of
// each question and the data of each record, joined with CRLF.
func DNSText(m *flowpb.DNSMessage) string {
	var lines []string
	for _, q := range m.GetQuestions() {
		lines = append(lines, string(q.GetName()))
	}
	for _, section := range sections(m) {
		for _, r := range section {
			lines = append(lines, RecordText(r))
		}
	}
	return strings.Join(lines, "\r\n")
}

// RecordText returns the data of a record: an address, a name, the text of TXT
// (with its length bytes, as captured), the parts of HTTPS, and other data as
// "0x" and hexadecimal digits. Data that is not what the type asks for is
// shown so too, and called invalid.
func RecordText(r *flowpb.DNSRecord) string {
	text, ok := recordText(r.GetType(), r.GetData())
	if ok {
		return text
	}
	return "0x" + hex.EncodeToString(r.GetData()) + " (invalid " + RecordType(r.GetType()) + " data)"
}

func recordText(kind int32, data []byte) (string, bool) {
	switch kind {
	case typeA, typeAAAA:
		ip, ok := netip.AddrFromSlice(data)
		return ip.String(), ok && ip.Is4() == (kind == typeA)
	case typeNS, typeCNAME, typePTR:
		return domainName(data)
	case typeTXT:
		return validUTF8(data)
	case typeHTTPS:
		return httpsText(data)
	}
	return "0x" + hex.EncodeToString(data), true
}

// domainName returns the name that data consists of, without its final dot.
// Compression has no meaning here, for a record is not the whole message.
// Source: https://www.rfc-editor.org/rfc/rfc1035#section-3.1
func domainName(data []byte) (string, bool) {
	var labels []string
	for {
		label, rest, ok := cutLabel(data)
		if !ok {
			return "", false
		}
		data = rest
		if len(label) == 0 {
			return strings.Join(labels, "."), len(data) == 0
		}
		text, ok := unicodeLabel(string(label))
		if !ok || len(label) > maxLabel {
			return "", false
		}
		labels = append(labels, text)
	}
}

// cutLabel takes a length byte and as many bytes from the front of data.
func cutLabel(data []byte) (label, rest []byte, ok bool) {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return nil, nil, false
	}
	n := 1 + int(data[0])
	return data[1:n], data[n:], true
}
