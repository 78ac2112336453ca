package content

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

func TestGRPC(t *testing.T) {
	const (
		message  = "\x00\x00\x00\x00\x03\x08\x96\x01"
		document = "1: 150  # !sint: 75\n"
		trailers = "\x80\x00\x00\x00\x23grpc-status: 0\r\ngrpc-message: a b\r\n"
		shownEnd = "# trailers\ngrpc-status: '0'\ngrpc-message: a b\n"
		gzip     = "\x01\x00\x00\x00\x17\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xe3\x98\xc6\x08\x00\xa0\x95\x4e\xa1\x03\x00\x00\x00"
		deflate  = "\x01\x00\x00\x00\x05\xe3\x98\xc6\x08\x00"
	)
	for _, test := range []struct{ name, contentType, encoding, in, want string }{
		{"empty", "application/grpc", "", "", ""},
		{"one", "application/grpc", "", message, document},
		{"two", "application/grpc", "", message + message, document + "\n---\n\n" + document},
		{"gzip", "application/grpc", "gzip", gzip, document},
		{"deflate", "application/grpc", "deflate", deflate, document},
		{"identity", "application/grpc", "identity", "\x01" + message[1:], document},
		{"empty message", "application/grpc", "", "\x00\x00\x00\x00\x00" + message, "{}  # empty protobuf message\n---\n\n" + document},
		{"web", "application/grpc-web+proto", "", message + trailers, document + "\n---\n\n" + shownEnd},
		{"web, compressed", "application/grpc-web", "deflate", deflate + trailers, document + "\n---\n\n" + shownEnd},
		{"web, in base64", "application/grpc-web-text", "", "AAAAAAMIlgE=", document},
		{"web, bytes in trailers", "application/grpc-web", "", "\x80\x00\x00\x00\x06a: \xff\tb", "# trailers\na: \"\\\\xff\\tb\"\n"},
		{"web, in pieces", "application/grpc-web-text+proto", "", "AAAAAAM=\r\nCJYBgAAAAA==Dg==Z3JwYy1zdGF0dXM6IDA=", document + "\n---\n\n# trailers\ngrpc-status: '0'\n"},
		{"web, no base64", "application/grpc-web-text", "", "AA?A", "[illegal base64 data at input byte 2]"},
		{"compressed by nothing", "application/grpc", "", deflate, "[byte 0: content encoding : unknown content encoding]"},
		{"unknown compression", "application/grpc", "snappy", message + deflate, "[byte 8: content encoding snappy: unknown content encoding]"},
		{"flags", "application/grpc", "", "\x02" + message[1:], "[byte 0: no gRPC message begins so]"},
		{"no length", "application/grpc", "", "\x00\x00", "[byte 1: the data ends too soon]"},
		{"cut off", "application/grpc", "", message[:7], "[byte 5: the data ends too soon]"},
		{"no message", "application/grpc", "", "\x00\x00\x00\x00\x01\xff", "[byte 0: the data ends too soon]"},
	} {
		meta := Describe(test.contentType)
		meta.Encoding = test.encoding
		if got := shown(grpcView(), meta, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestGRPCPriority(t *testing.T) {
	for contentType, want := range map[string]string{
		"application/grpc":                "grpc",
		"application/grpc+proto":          "grpc",
		"application/prpc":                "grpc",
		"application/grpc-web":            "grpc",
		"application/grpc-web-text+proto": "grpc",
		"application/grpc+json":           "json",
		"application/x-protobuf":          "protobuf",
	} {
		if v := choose(Describe(contentType), []byte("ab")); v.Name != want {
			t.Errorf("%s: %s", contentType, v.Name)
		}
	}
}

// TestGRPCBomb: what messages decompress to is bounded as a whole.
func TestGRPCBomb(t *testing.T) {
	const size = 12 << 20
	var message bytes.Buffer
	w, err := flate.NewWriter(&message, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "\x0a%s%s", appendUvarint(size), strings.Repeat("a", size))
	w.Close()
	frame := string(binary.BigEndian.AppendUint32([]byte{1}, uint32(message.Len()))) + message.String()
	meta := Describe("application/grpc")
	meta.Encoding = "deflate"
	if got := shown(grpcView(), meta, frame+frame); len(got) < 2*size {
		t.Errorf("two messages: %.100s", got)
	}
	if got := shown(grpcView(), meta, frame+frame+frame); !strings.Contains(got, "more than the limit") {
		t.Errorf("three messages: %.100s", got)
	}
}
