package sessiondb

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
)

// synthetic is a session as people have them: some 300 hosts of which few are
// asked much, paths with a long tail, and bodies of any size. It implements
// session.Flows.
type synthetic struct {
	flows int
	// scale divides the sizes of bodies, if it is not 0.
	scale int
}

func (s synthetic) About(uint32) *flowpb.About { return nil }

// Body returns a body of which only the size is looked at.
func (s synthetic) Body(b *flowpb.Body) (blob.Source, error) {
	return blob.Bytes(make([]byte, b.GetLength())), nil
}

func (s synthetic) All(context.Context) iter.Seq2[*flowpb.Flow, error] {
	return func(yield func(*flowpb.Flow, error) bool) {
		m := newMaker()
		for i := range m.sizes {
			m.sizes[i] /= max(s.scale, 1)
		}
		for i := range s.flows {
			if !yield(m.flow(i), nil) {
				return
			}
		}
	}
}

// maker makes the flows of a synthetic session, the same each time.
type maker struct {
	*rand.Rand
	words, hosts []string
	sizes        []int
	weights      []float64
	clients      []*flowpb.ClientConnection
	servers      []*flowpb.ServerConnection
	now          float64
}

func newMaker() *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(1, 2)), now: 1718000000}
	for range 900 {
		var b strings.Builder
		for range 1 + m.IntN(4) {
			b.WriteByte("bcdfghjklmnprstvw"[m.IntN(17)])
			b.WriteByte("aeiou"[m.IntN(5)])
		}
		m.words = append(m.words, b.String())
	}
	total := 0.0
	for i := range 300 {
		m.hosts = append(m.hosts, pick(m, "www", "api", "cdn", "static", "img", "auth", "m")+"."+m.word()+m.word()+"."+pick(m, "com", "net", "io", "dev"))
		total += 1 / math.Pow(float64(i+1), 0.9)
		m.weights = append(m.weights, total)
		m.connect(i)
	}
	for range 2000 {
		m.sizes = append(m.sizes, int(min(max(20, 3000*math.Exp(1.82*m.NormFloat64())), 400_000)))
	}
	return m
}

func pick[T any](m *maker, of ...T) T { return of[m.IntN(len(of))] }

func (m *maker) word() string { return pick(m, m.words...) }

func (m *maker) hex(n int) string {
	b := make([]byte, n/2)
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return hex.EncodeToString(b)
}

func (m *maker) id() string {
	return m.hex(8) + "-" + m.hex(4) + "-4" + m.hex(4)[1:] + "-a" + m.hex(4)[1:] + "-" + m.hex(12)
}

func (m *maker) connect(host int) {
	cert := []byte(strings.Repeat(m.hex(64)+"\n", 25))
	m.clients = append(m.clients, &flowpb.ClientConnection{
		Id: []byte(m.id()), Address: &flowpb.Address{Host: []byte("192.168.1.23"), Port: new(int32(32768 + host))},
		TimestampStart: new(m.now), Sni: []byte(m.hosts[host]), Common: &flowpb.Connection{Tls: new(true)},
	})
	m.servers = append(m.servers, &flowpb.ServerConnection{
		Id: []byte(m.id()), Address: &flowpb.Address{Host: []byte(m.hosts[host]), Port: new(int32(443))},
		TimestampStart: new(m.now), Cert: cert, Common: &flowpb.Connection{CertificateList: [][]byte{cert}},
	})
}

func (m *maker) host() int {
	at := m.Float64() * m.weights[len(m.weights)-1]
	for i, w := range m.weights {
		if at < w {
			return i
		}
	}
	return 0
}

func (m *maker) path() string {
	n := strconv.Itoa(int(math.Pow(m.Float64(), -1/0.7)) % 1_000_000)
	switch m.IntN(9) {
	case 0:
		return "/api/v1/" + m.word() + "/" + n
	case 1:
		return "/api/v2/" + m.word() + "?page=" + n + "&limit=50"
	case 2:
		return "/" + m.word() + "/" + m.word() + ".json"
	case 3:
		return "/static/" + m.hex(12) + "/" + m.word() + ".js"
	case 4:
		return "/search?q=" + m.word() + "+" + m.word() + "&sort=asc"
	case 5:
		return "/" + m.word()
	case 6:
		return "/v3/events/batch"
	case 7:
		return "/users/" + n + "/" + m.word() + "/" + n
	}
	return "/assets/" + m.word() + "-" + m.hex(12) + ".png?v=" + n
}

func (m *maker) flow(i int) *flowpb.Flow {
	m.now = math.Round((m.now+m.ExpFloat64()/25)*1e6) / 1e6
	host := m.host()
	f := &flowpb.Flow{
		Id: []byte(m.id()), Kind: new(flowpb.Kind_HTTP), TimestampCreated: new(m.now),
		ClientConn: m.clients[host], ServerConn: m.servers[host], Marker: []byte{}, Comment: []byte{}, Metadata: &flowpb.Value{Dict: &flowpb.Value_Dict{}},
	}
	took := 0.08 * math.Exp(m.NormFloat64())
	kind := pick(m, "application/json; charset=utf-8", "text/html", "image/png", "application/javascript")
	size := uint64(pick(m, m.sizes...))
	f.Request = &flowpb.HTTPRequest{
		Method: []byte(pick(m, "GET", "GET", "GET", "GET", "GET", "GET", "POST", "PUT")), Scheme: []byte("https"),
		Host: []byte(m.hosts[host]), Port: new(int32(443)), Path: []byte(m.path()), HttpVersion: []byte("HTTP/1.1"),
		Headers: fields("Host", m.hosts[host], "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
			"Accept", "*/*", "Accept-Encoding", "gzip, deflate, br", "Cookie", "sid="+m.hex(32)),
		Content: []byte{}, TimestampStart: new(m.now), TimestampEnd: new(m.now + 0.001),
	}
	f.Response = &flowpb.HTTPResponse{
		HttpVersion: []byte("HTTP/1.1"), StatusCode: new(pick(m, int32(200), 200, 200, 200, 204, 304, 404, 500)), Reason: []byte("OK"),
		Headers:        fields("Content-Type", kind, "Content-Length", fmt.Sprint(size), "Server", "nginx", "ETag", m.hex(16), "X-Request-Id", m.id()),
		Body:           &flowpb.Body{Offset: new(uint64(i)), Length: new(size)},
		TimestampStart: new(m.now + took), TimestampEnd: new(m.now + took*1.3),
	}
	return f
}

func fields(pairs ...string) (list []*flowpb.HTTPHeader) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, &flowpb.HTTPHeader{Name: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

// counted counts what is read of a source.
type counted struct {
	blob.Source
	bytes, reads int64
}

func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.Source.ReadAt(p, offset)
	c.bytes += int64(n)
	c.reads++
	return n, err
}
