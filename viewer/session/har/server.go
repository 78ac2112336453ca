package har

import (
	"slices"

	"flowpane/proto/flowpb"
)

// maxServers is how many connections are held to be shared.
const maxServers = 4096

// A server is what an entry says of the other end of its connection. Few are
// named again and again, so flows share those that are equal: a store keeps
// connections longer than flows, and with each all that was allocated with it.
type server struct {
	tls         flowpb.ServerConnection // without its addresses
	peer, asked flowpb.Address
	known       map[string]*flowpb.ServerConnection // by their encoding
	buf         []byte
}

// reset forgets what the last entry said.
func (s *server) reset() {
	s.tls, s.peer = flowpb.ServerConnection{}, flowpb.Address{}
}

// connection makes a connection of what the entry of f says of one, nil if it
// says nothing.
func (s *server) connection(f *frame) *flowpb.ServerConnection {
	if ip := f.har.ServerIpAddress; len(ip) > 0 {
		s.peer.Host = unbracket(ip)
	}
	conn := s.tls
	if s.peer.Host != nil || s.peer.Port != nil {
		conn.IpAddress = &s.peer
		if s.peer.Port == nil {
			s.peer.Port = f.request.Port
		}
	} else if conn.TlsEstablished == nil {
		return nil
	}
	if r := f.flow.Request; len(r.GetHost()) > 0 {
		s.asked = flowpb.Address{Host: r.Host, Port: r.Port}
		conn.Address = &s.asked
	}
	return s.share(&conn)
}

// share returns a connection equal to conn that has its own memory.
func (s *server) share(conn *flowpb.ServerConnection) *flowpb.ServerConnection {
	s.buf = conn.Append(s.buf[:0])
	if known := s.known[string(s.buf)]; known != nil {
		return known
	}
	shared := new(flowpb.ServerConnection)
	_ = shared.Unmarshal(slices.Clone(s.buf)) // which was encoded just now
	if s.known == nil || len(s.known) == maxServers {
		s.known = map[string]*flowpb.ServerConnection{}
	}
	s.known[string(s.buf)] = shared
	return shared
}
