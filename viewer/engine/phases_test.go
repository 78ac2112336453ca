package engine

import (
	"fmt"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
)

func TestPhases(t *testing.T) {
	at := func(ms float64) *float64 { s := 1e9 + ms/1e3; return &s }
	kind := func(k flowpb.Kind) *flowpb.Kind { return &k }
	ms := func(n float64) *float64 { return &n }
	request := &flowpb.HTTPRequest{TimestampStart: at(0), TimestampEnd: at(2)}
	response := &flowpb.HTTPResponse{TimestampStart: at(12), TimestampEnd: at(20)}
	for name, test := range map[string]struct {
		flow flowpb.Flow
		want string
	}{
		"a new connection": {flowpb.Flow{Request: request, Response: response,
			ClientConn: &flowpb.ClientConnection{TimestampStart: at(-9), TimestampTlsSetup: at(-4)},
			ServerConn: &flowpb.ServerConnection{TimestampStart: at(2), TimestampTcpSetup: at(5), TimestampTlsSetup: at(9)}},
			"Client TLS -9+5, Connecting 2+3, Server TLS 5+4, Sending 0+2, Waiting 2+10, Receiving 12+8"},
		"a connection used again": {flowpb.Flow{Request: request, Response: response,
			ServerConn: &flowpb.ServerConnection{TimestampStart: at(-60000), TimestampTcpSetup: at(-59990)}},
			"Connecting -60000+10 before, Sending 0+2, Waiting 2+10, Receiving 12+8"},
		"no response":      {flowpb.Flow{Request: request}, "Sending 0+2, Waiting ?, Receiving ?"},
		"a clock set back": {flowpb.Flow{Request: request, Response: &flowpb.HTTPResponse{TimestampStart: at(1), TimestampEnd: at(3)}}, "Sending 0+2, Waiting ?, Receiving 1+2"},
		"a WebSocket":      {flowpb.Flow{Request: request, Response: response, Websocket: &flowpb.WebSocket{TimestampEnd: at(1020)}}, "Sending 0+2, Waiting 2+10, Receiving 12+8, WebSocket 20+1000"},
		"DNS":              {flowpb.Flow{Kind: kind(flowpb.Kind_DNS), DnsRequest: &flowpb.DNSMessage{Timestamp: at(0)}, DnsResponse: &flowpb.DNSMessage{Timestamp: at(7)}}, "Waiting 0+7"},
		"TCP":              {flowpb.Flow{Kind: kind(flowpb.Kind_TCP), ClientConn: &flowpb.ClientConnection{TimestampStart: at(0), TimestampEnd: at(5)}}, "Open 0+5"},
		"an archive": {flowpb.Flow{Har: &flowpb.HAR{Timings: &flowpb.HAR_Timings{Blocked: ms(1), Dns: ms(-1), Connect: ms(10), Ssl: ms(4), Wait: ms(3), Receive: ms(2)}}},
			"Blocked 0+1, Connecting 1+10, of which TLS 7+4, Sending ?, Waiting 11+3, Receiving 14+2"},
		"nothing": {flowpb.Flow{}, ""},
	} {
		var got []string
		for _, p := range phases(&test.flow) {
			s := p.Name + " ?"
			if p.Known {
				s = fmt.Sprintf("%s %.0f+%.0f", p.Name, float64(p.Start)/1e6, float64(p.Duration)/1e6)
			}
			if p.Before {
				s += " before"
			}
			got = append(got, s)
		}
		if joined := strings.Join(got, ", "); joined != test.want {
			t.Errorf("%s: %s, want %s", name, joined, test.want)
		}
	}
}
