package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// start is when the visit begins: a Tuesday morning.
const (
	start     = 1_792_485_000.25
	certified = 1_792_454_400 // that day, for certificates
)

// uuid returns an id that is the same each time.
func uuid(kind byte, n int) string {
	return fmt.Sprintf("%02x10c4f0-5a0e-4b7d-8c1a-%012x", kind, n*0x9e37_79b9%(1<<47))
}

// A site is one of the shop's servers. All flows to it share a connection.
type site struct {
	host, ip string
	port     int
	tls      bool
	alpn     string
	number   int
	at       float64 // when the connection was opened, since start
}

var (
	shop    = site{"shop.example", "192.0.2.10", 443, true, "h2", 1, 0.01}
	api     = site{"api.shop.example", "192.0.2.11", 443, true, "h2", 2, 0.62}
	cdn     = site{"cdn.shop.example", "198.51.100.7", 443, true, "h3", 3, 0.31}
	pay     = site{"pay.example", "203.0.113.5", 443, true, "http/1.1", 4, 12.1}
	plain   = site{"shop.example", "192.0.2.10", 80, false, "", 5, 0}
	chat    = site{"chat.shop.example", "192.0.2.12", 443, true, "http/1.1", 6, 8.2}
	metrics = site{"metrics.example", "203.0.113.99", 443, true, "http/1.1", 7, 6.0}
	cache   = site{"10.0.0.7", "10.0.0.7", 6379, false, "", 8, 9.0}
	syslog  = site{"10.0.0.9", "10.0.0.9", 514, false, "", 9, 14.0}
	dns     = site{"9.9.9.9", "9.9.9.9", 53, false, "", 10, 0}
)

func (s site) version() string {
	switch s.alpn {
	case "h2":
		return "HTTP/2.0"
	case "h3":
		return "HTTP/3"
	}
	return "HTTP/1.1"
}

func (s site) scheme() string {
	if s.tls {
		return "https"
	}
	return "http"
}

func (s site) transport() string {
	if s.alpn == "h3" || s == syslog || s == dns {
		return "udp"
	}
	return "tcp"
}

// connection is what client and server side have in common.
func (s site) connection(id byte, peer, sock any, certificates list) dict {
	opened := start + s.at
	d := dict{
		{"peername", peer}, {"sockname", sock}, {"id", uuid(id, s.number)},
		{"transport_protocol", s.transport()}, {"error", nil}, {"tls", s.tls},
		{"certificate_list", certificates}, {"alpn", nil}, {"alpn_offers", list{}},
		{"cipher", nil}, {"cipher_list", list{}}, {"tls_version", nil}, {"sni", nil},
		{"timestamp_start", opened}, {"timestamp_end", nil}, {"timestamp_tls_setup", nil},
	}
	if !s.tls {
		return d
	}
	version := "TLSv1.3"
	if s.alpn == "h3" {
		version = "QUICv1"
	}
	for i, p := range d {
		switch p.key {
		case "alpn":
			d[i].value = []byte(s.alpn)
		case "alpn_offers":
			d[i].value = list{[]byte(s.alpn), []byte("http/1.1")}
		case "cipher":
			d[i].value = "TLS_AES_256_GCM_SHA384"
		case "tls_version":
			d[i].value = version
		case "sni":
			d[i].value = s.host
		case "timestamp_tls_setup":
			d[i].value = opened + 0.041
		}
	}
	return d
}

func (s site) client() dict {
	d := s.connection(0xc1, list{"127.0.0.1", 52000 + s.number}, list{"127.0.0.1", 8080}, list{})
	var mitm any
	return append(d, pair{"mitmcert", mitm}, pair{"proxy_mode", "regular"})
}

func (s site) server() dict {
	certificates := list{}
	if s.tls {
		certificates = list{certificate(s)}
	}
	d := s.connection(0x5e, list{s.ip, s.port}, list{"192.0.2.200", 41000 + s.number}, certificates)
	return append(d, pair{"address", list{s.host, s.port}},
		pair{"timestamp_tcp_setup", start + s.at + 0.018}, pair{"via", nil})
}

// certificate returns a certificate for s in PEM. Ed25519 signs the same each
// time.
func certificate(s site) []byte {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = byte(s.number)
	key := ed25519.NewKeyFromSeed(seed)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(1000 + s.number)),
		Subject:      pkix.Name{CommonName: s.host, Organization: []string{"Shop Example"}},
		DNSNames:     []string{s.host},
		NotBefore:    time.Unix(certified, 0).AddDate(0, -2, 0).UTC(),
		NotAfter:     time.Unix(certified, 0).AddDate(0, 10, 0).UTC(),
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
