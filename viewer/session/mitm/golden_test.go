package mitm

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

// expected is a flow of a golden file.
type expected struct {
	End              bool `json:"_end"`
	Flows            int
	ID               string
	Type             string
	Marked           string
	Comment          string
	IsReplay         *string `json:"is_replay"`
	Intercepted      bool
	TimestampCreated float64  `json:"timestamp_created"`
	Failure          *string  `json:"error"`
	ErrorTimestamp   *float64 `json:"error_timestamp"`
	Metadata         map[string]string
	Client           expectedConn
	Server           expectedConn
	Request          *expectedMessage
	Response         *expectedMessage
	Websocket        *expectedStream
	DNSRequest       *expectedDNS `json:"dns_request"`
	DNSResponse      *expectedDNS `json:"dns_response"`
	expectedStream                // of TCP and UDP
}

type expectedConn struct {
	Address, Peername, Sockname []any
	TLS                         bool
	TLSVersion                  *string `json:"tls_version"`
	SNI, ALPN, Cipher           *string
	TimestampStart              *float64 `json:"timestamp_start"`
	TimestampTCPSetup           *float64 `json:"timestamp_tcp_setup"`
	TimestampTLSSetup           *float64 `json:"timestamp_tls_setup"`
	TimestampEnd                *float64 `json:"timestamp_end"`
	Certs                       int
}

type expectedMessage struct {
	Method, Scheme, Authority, Host, Path string
	Port                                  int32
	PrettyURL                             string `json:"pretty_url"`
	HTTPVersion                           string `json:"http_version"`
	Status                                int32
	Reason                                string
	Headers                               [][2]string
	Trailers                              [][2]string
	TimestampStart                        *float64 `json:"timestamp_start"`
	TimestampEnd                          *float64 `json:"timestamp_end"`
	RawLen                                *int64   `json:"raw_len"`
	RawSHA256                             *string  `json:"raw_sha256"`
}

type expectedStream struct {
	Messages, Text int
	FromClient     int `json:"from_client"`
	Bytes          int64
	SHA256         string
	ClosedByClient *bool    `json:"closed_by_client"`
	CloseCode      *int64   `json:"close_code"`
	CloseReason    *string  `json:"close_reason"`
	TimestampEnd   *float64 `json:"timestamp_end"`
}

type expectedDNS struct {
	ID          int32
	OpCode      int32 `json:"op_code"`
	RCode       int32
	Questions   [][3]any
	Answers     [][6]any
	Authorities int
	Additionals int
	Timestamp   *float64
}

// golden returns what mitmproxy loads from a file, and why it gives up, if it
// does.
func golden(t testing.TB, name string) (failure string, flows []expected) {
	t.Helper()
	var all []expected
	lines := bufio.NewScanner(bytes.NewReader(corpus.File(t, "golden/flows/"+name+".jsonl")))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e expected
		if err := json.Unmarshal(surrogates(lines.Bytes()), &e); err != nil {
			t.Fatal(err)
		}
		if e.End {
			if e.Flows != len(all) {
				t.Fatalf("%s: %d flows, its end says %d", name, len(all), e.Flows)
			}
			return deref(e.Failure), all
		}
		all = append(all, e)
	}
	t.Fatalf("%s has no end: %v", name, lines.Err())
	return "", nil
}

// surrogates turns \udcXX, which stands for the byte XX, into the code point
// U+10FFXX, which JSON can say; text undoes it.
func surrogates(line []byte) []byte {
	parts := bytes.Split(line, []byte(`\udc`))
	for i := 1; i < len(parts); i++ {
		xx, err := hex.DecodeString(string(parts[i][:2]))
		if err != nil {
			panic(err)
		}
		parts[i] = append([]byte(string(rune(0x10ff00+int(xx[0])))), parts[i][2:]...)
	}
	return bytes.Join(parts, nil)
}

// text writes bytes as the golden files do.
func text(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		valid := strings.ToValidUTF8(string(b), "\x00")
		n := strings.IndexByte(valid, 0)
		if n < 0 {
			out.Write(b)
			break
		}
		if b[n] == 0 {
			out.Write(b[:n+1])
		} else {
			out.Write(b[:n])
			out.WriteRune(rune(0x10ff00 + int(b[n])))
		}
		b = b[n+1:]
	}
	return out.String()
}

func latin1(b []byte) string {
	var runes []rune
	for _, c := range b {
		runes = append(runes, rune(c))
	}
	return string(runes)
}
