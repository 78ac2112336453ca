//go:build !js

package e2e_test

import (
	"net"
	"sync/atomic"
)

// A trap is a server that nobody is to ask: hosts that hostile captures name lead
// to it. It counts who connects, as a browser does already to ask faster later,
// and hangs up.
type trap struct {
	net.Listener
	connections atomic.Int64
}

// trapped is the trap of all tests. Who runs into it fails the test that is running.
var trapped *trap

func newTrap() (*trap, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &trap{Listener: listener}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.connections.Add(1)
			conn.Close()
		}
	}()
	return t, nil
}

// home is the address of the trap, as a browser has it. So have all hosts that
// end in hostNames.
func (t *trap) home() string { return "http://" + t.Addr().String() }

const hostNames = "evil.example"
