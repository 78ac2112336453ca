package flow

import "strconv"

// The record types whose data has a text of its own.
const (
	typeA     = 1
	typeNS    = 2
	typeCNAME = 5
	typePTR   = 12
	typeTXT   = 16
	typeAAAA  = 28
	typeHTTPS = 65
)

// RecordType returns the name of a DNS record type ("AAAA"), or "TYPE(n)".
// https://www.iana.org/assignments/dns-parameters
func RecordType(n int32) string {
	low := [...]string{
		1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL",
		11: "WKS", 12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB",
		19: "X25", 20: "ISDN", 21: "RT", 22: "NSAP", 23: "NSAP_PTR", 24: "SIG", 25: "KEY", 26: "PX",
		27: "GPOS", 28: "AAAA", 29: "LOC", 30: "NXT", 31: "EID", 32: "NIMLOC", 33: "SRV", 34: "ATMA",
		35: "NAPTR", 36: "KX", 37: "CERT", 38: "A6", 39: "DNAME", 40: "SINK", 41: "OPT", 42: "APL",
		43: "DS", 44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID",
		50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 53: "SMIMEA", 55: "HIP", 56: "NINFO", 57: "RKEY",
		58: "TALINK", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC", 63: "ZONEMD",
		64: "SVCB", 65: "HTTPS", 99: "SPF", 100: "UINFO", 101: "UID", 102: "GID", 103: "UNSPEC",
		104: "NID", 105: "L32", 106: "L64", 107: "LP", 108: "EUI48", 109: "EUI64",
	}
	if name := at(low[:], n); name != "" {
		return name
	}
	high := [...]string{
		0: "TKEY", 1: "TSIG", 2: "IXFR", 3: "AXFR", 4: "MAILB", 5: "MAILA", 6: "ANY", 7: "URI",
		8: "CAA", 9: "AVC", 10: "DOA", 11: "AMTRELAY",
	}
	if name := at(high[:], n-249); n >= 249 && name != "" {
		return name
	}
	switch n {
	case 32768:
		return "TA"
	case 32769:
		return "DLV"
	}
	return unnamed("TYPE", n)
}

// RecordClass returns the name of a DNS class ("IN"), or "CLASS(n)".
func RecordClass(n int32) string {
	switch n {
	case 1:
		return "IN"
	case 3:
		return "CH"
	case 4:
		return "HS"
	case 254:
		return "NONE"
	case 255:
		return "ANY"
	}
	return unnamed("CLASS", n)
}

// OpCode returns the name of a DNS operation ("QUERY"), or "OPCODE(n)".
func OpCode(n int32) string {
	names := [...]string{0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE", 6: "DSO"}
	if name := at(names[:], n); name != "" {
		return name
	}
	return unnamed("OPCODE", n)
}

// ResponseCode returns the name of a DNS response code ("NXDOMAIN"), or
// "RCODE(n)".
func ResponseCode(n int32) string {
	names := [...]string{
		"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI",
	}
	if name := at(names[:], n); name != "" {
		return name
	}
	return unnamed("RCODE", n)
}

func at(names []string, n int32) string {
	if n < 0 || int(n) >= len(names) {
		return ""
	}
	return names[n]
}

func unnamed(kind string, n int32) string { return kind + "(" + strconv.Itoa(int(n)) + ")" }
