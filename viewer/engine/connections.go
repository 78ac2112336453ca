package engine

import (
	"slices"
	"strings"

	"flowpane/proto/flowpb"
)

// A connection is what a flow says of one of its two, as far as that is so of all
// flows that are counted with it.
type connection struct{ tls, alpn, sni []byte }

func clientSide(f *flowpb.Flow) connection {
	c := f.GetClientConn()
	return connection{c.GetTlsVersion(), c.GetAlpnProtoNegotiated(), c.GetSni()}
}

// serverSide says less: an address that was connected to may serve many names, and
// was connected to more than once.
func serverSide(f *flowpb.Flow) connection {
	return connection{tls: f.GetServerConn().GetTlsVersion()}
}

// lightSession is how large the files of a session may be, in bytes, for flows of
// it to be loaded only to say more of a group: a file may be far away.
const lightSession = 4 << 20

// far reports whether it may cost much to load a flow.
func (o *open) far() bool {
	return slices.ContainsFunc(o.files, func(f *file) bool { return f.remote && f.size > lightSession })
}

// describe says of a connection what one of its flows knows: "TLSv1.3, h2, a.example".
// Where it costs too much to load that, it says "TLS", if it is encrypted.
func (o *open) describe(key string, side func(*flowpb.Flow) connection) string {
	var c connection
	if !o.far() {
		if f, err := o.captured(key); err == nil {
			c = side(f)
		}
	}
	if row, _ := o.view.Row(key); len(c.tls) == 0 && row.GetTls() {
		c.tls = []byte("TLS")
	}
	var words []string
	for _, word := range [...][]byte{c.tls, c.alpn, c.sni} {
		if len(word) > 0 {
			words = append(words, text(word))
		}
	}
	return strings.Join(words, ", ")
}
