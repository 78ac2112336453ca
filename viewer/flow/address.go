package flow

import (
	"net/netip"
	"strconv"

	"flowpane/proto/flowpb"
)

// FormatAddress returns an address for people: "name:port", "1.2.3.4:port",
// "[2001:db8::1]:port", "*:port" for an unspecified address, and
// "<no address>" for none. An IPv4 address mapped into IPv6 is shown as IPv4.
func FormatAddress(a *flowpb.Address) string {
	if a == nil {
		return "<no address>"
	}
	host := string(a.GetHost())
	port := ":" + strconv.Itoa(int(a.GetPort()))
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host + port
	}
	switch ip = ip.Unmap(); {
	case ip.IsUnspecified():
		return "*" + port
	case ip.Is4():
		return ip.String() + port
	}
	return "[" + ip.String() + "]" + port
}

// HostPort returns "host:port" without brackets, which is what searches for
// source and destination see, and false if there is no address.
func HostPort(a *flowpb.Address) (string, bool) {
	if a == nil {
		return "", false
	}
	return string(appendHostPort(nil, a)), true
}

func appendHostPort(b []byte, a *flowpb.Address) []byte {
	return strconv.AppendInt(append(append(b, a.GetHost()...), ':'), int64(a.GetPort()), 10)
}

// Client returns the address of who connected, or nil.
func Client(f *flowpb.Flow) *flowpb.Address { return f.GetClientConn().GetAddress() }

// Server returns the address that was asked for: a name where the client named
// one, not what it resolved to. Nil if there was none.
func Server(f *flowpb.Flow) *flowpb.Address { return f.GetServerConn().GetAddress() }

// Connected returns the address that was connected to: what the one of Server
// resolved to, where that is known, else that one.
func Connected(f *flowpb.Flow) *flowpb.Address {
	if ip := f.GetServerConn().GetIpAddress(); ip != nil {
		return ip
	}
	return Server(f)
}
