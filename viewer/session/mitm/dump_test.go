package mitm

import (
	"fmt"
	"strconv"
	"strings"
)

// dict is a dict in the order of the file: key, value, key, value.
type dict []any

// raw is a tnetstring as it is.
type raw string

// tnet writes v as a tnetstring: nil, bool, int, float64, string as text,
// []byte, []any, dict and raw.
func tnet(v any) string {
	var payload string
	var tag byte
	switch v := v.(type) {
	case raw:
		return string(v)
	case nil:
		tag = tagNull
	case bool:
		payload, tag = strconv.FormatBool(v), tagBool
	case int:
		payload, tag = strconv.Itoa(v), tagInt
	case float64:
		payload, tag = strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64)), "+"), tagFloat
	case string:
		payload, tag = v, tagText
	case []byte:
		payload, tag = string(v), tagBytes
	case []any:
		payload, tag = join(v), tagList
	case dict:
		payload, tag = join(v), tagDict
	default:
		panic(fmt.Sprintf("tnet: %T", v))
	}
	return strconv.Itoa(len(payload)) + ":" + payload + string(tag)
}

func join(items []any) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(tnet(item))
	}
	return b.String()
}

// with returns d with a key set.
func (d dict) with(key string, value any) dict {
	out := append(dict{}, d...)
	for i := 0; i < len(out); i += 2 {
		if out[i] == key {
			out[i+1] = value
			return out
		}
	}
	return append(dict{key, value}, out...)
}

func clientDict() dict {
	return dict{
		"proxy_mode", "regular", "mitmcert", nil, "timestamp_tls_setup", nil, "timestamp_end", nil,
		"timestamp_start", 1, "sni", nil, "tls_version", "TLSv1.3", "cipher_list", []any{"A", "B"}, "cipher", "A",
		"alpn_offers", []any{[]byte("h2")}, "alpn", []byte("h2"), "certificate_list", []any{}, "tls", true, "error", nil,
		"transport_protocol", "tcp", "id", "client-1", "sockname", []any{"", 0}, "peername", []any{"127.0.0.1", 5000},
	}
}

func serverDict() dict {
	return dict{
		"via", []any{"https", []any{"proxy.test", 3128}}, "timestamp_tls_setup", 4.5, "timestamp_tcp_setup", 4.25, "timestamp_end", nil,
		"timestamp_start", 4.0, "sni", "shop.test", "tls_version", "QUICv1", "certificate_list", []any{[]byte("PEM 1"), []byte("PEM 2")},
		"tls", true, "error", "untrusted", "transport_protocol", "udp", "id", "server-1",
		"sockname", nil, "peername", []any{"fe80::1", 443, 7, 9}, "address", []any{"shop.test", 443},
	}
}

// httpDict is an HTTP flow of format 21.
func httpDict(id string, requestBody, responseBody any) dict {
	return dict{
		"websocket", nil,
		"response", dict{
			"reason", []byte("OK"), "status_code", 200, "timestamp_end", 7.5, "timestamp_start", 7, "trailers", nil, "content", responseBody,
			"headers", []any{[]any{[]byte("Content-Type"), []byte("text/plain")}, []any{[]byte("x"), []byte{0xff}}}, "http_version", []byte("HTTP/1.1"),
		},
		"request", dict{
			"path", []byte("/a?b"), "authority", []byte{}, "scheme", []byte("https"), "method", []byte("GET"), "port", 443, "host", "shop.test",
			"timestamp_end", 6, "timestamp_start", 5.5, "trailers", []any{}, "content", requestBody,
			"headers", []any{[]any{[]byte("Host"), []byte("shop.test")}}, "http_version", []byte("HTTP/1.1"),
		},
		"backup", nil, "timestamp_created", 5, "comment", "a note", "metadata", dict{}, "marked", "", "is_replay", nil,
		"intercepted", false, "server_conn", serverDict(), "client_conn", clientDict(),
		"error", nil, "id", id, "type", "http", "version", 21,
	}
}

// tcpDict is a TCP flow of format 21.
func tcpDict(id string, contents ...string) dict {
	var messages []any
	for i, c := range contents {
		messages = append(messages, []any{i%2 == 0, []byte(c), 8.5})
	}
	return dict{
		"messages", messages, "backup", nil, "timestamp_created", 5.0, "comment", "", "metadata", dict{}, "marked", ":default:",
		"is_replay", nil, "intercepted", false, "server_conn", serverDict(), "client_conn", clientDict(),
		"error", dict{"timestamp", 9, "msg", "reset"}, "id", id, "type", "tcp", "version", 21,
	}
}

// sample is a small dump of four flows, with bodies inline and apart.
func sample() string {
	return tnet(httpDict("flow-1", []byte{}, []byte(strings.Repeat("body ", 40)))) +
		tnet(tcpDict("flow-2", "hello", strings.Repeat("world ", 30))) +
		tnet(httpDict("flow-3", nil, []byte("short"))) +
		tnet(httpDict("flow-4", []byte("x"), nil).with("backup", httpDict("flow-4", []byte("y"), nil)))
}
