package mitm

import (
	"slices"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
)

// proxyMode returns how the client came to the proxy. It is said by the
// connection, or up to mitmproxy 6 by the flow.
func proxyMode(f *flowpb.Flow) []byte {
	for _, mode := range [...][]byte{f.GetClientConn().GetProxyMode(), f.GetMode()} {
		if isProxyMode(string(mode)) {
			return mode
		}
	}
	return []byte("regular")
}

// isProxyMode reports whether mitmproxy takes a mode: NAME[:DATA][@LISTEN],
// where the last @ counts. It does not look at the host that a mode names.
//
// Source: https://github.com/mitmproxy/mitmproxy/blob/main/mitmproxy/proxy/mode_specs.py
func isProxyMode(mode string) bool {
	if at := strings.LastIndexByte(mode, '@'); at > 0 {
		if !isListen(mode[at+1:]) {
			return false
		}
		mode = mode[:at]
	}
	name, data, _ := strings.Cut(mode, ":")
	switch strings.ToLower(name) {
	case "regular", "transparent", "socks5", "dns":
		return data == ""
	case "upstream":
		return hasScheme(data, "http", "https")
	case "reverse":
		return hasScheme(data, "http", "https", "http3", "tls", "dtls", "tcp", "udp", "dns", "quic")
	case "wireguard", "local", "tun":
		return true
	}
	return false
}

// isListen reports whether s is where a proxy listens: [HOST:]PORT, or nothing.
func isListen(s string) bool {
	_, err := strconv.ParseUint(s[strings.LastIndexByte(s, ':')+1:], 10, 16)
	return s == "" || err == nil
}

// hasScheme reports whether spec names a server, by one of the schemes if it
// names one.
func hasScheme(spec string, schemes ...string) bool {
	scheme, server, ok := strings.Cut(spec, "://")
	if !ok {
		return spec != ""
	}
	return server != "" && slices.Contains(schemes, scheme)
}
