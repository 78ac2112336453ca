package sessiondb

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// ChunkLen is how many flows a [Chunk] has at most.
const ChunkLen = 10_000

// A Chunk is what a table shows of some flows of a packed session, which
// follow each other. It is stored in columns, each deflated for itself.
type Chunk struct {
	// First is the number of the first flow in the session, from 0, which has
	// Total flows.
	First, Total int
	// Summaries are what [flow.Summarize] returns of the flows as this package
	// reads them, one each. Their texts are substrings of longer ones.
	Summaries []flow.Summary
	// Sources are the numbers of the files that the flows were read from
	// before they were written here, one each.
	Sources []uint32

	number int64 // from 0
	// keys are packed as in flow_keys; nil, if they are there alone.
	keys []byte
}

// A column holds one field of all flows of a chunk. Its name is that of the
// column of flow_index, where there is one.
type column struct {
	name string
	pack func(p *packer, c *Chunk)
	// unpack may use the columns in front of its own.
	unpack func(u *unpacker, c *Chunk)
	// added: files were written before there was this column, and lack it.
	added bool
}

// columns are what a chunk has. The list may grow at its end; a reader passes
// over columns that it does not know.
func columns() []column {
	return []column{
		number("kind", func(s *flow.Summary) int64 { return int64(s.Kind) }, func(s *flow.Summary, v int64) { s.Kind = flowpb.Kind(v) }),
		number("flags", func(s *flow.Summary) int64 { return int64(s.Flags) }, func(s *flow.Summary, v int64) { s.Flags = flow.Flags(v) }),
		text("method", func(s *flow.Summary) *string { return &s.Method }),
		framed("raw_method", func(s *flow.Summary) *string { return &s.RawMethod }, func(s *flow.Summary) (string, string) { return s.Method, "" }),
		text("scheme", func(s *flow.Summary) *string { return &s.Scheme }),
		text("host", func(s *flow.Summary) *string { return &s.Host }),
		framed("pretty_host", func(s *flow.Summary) *string { return &s.PrettyHost }, func(s *flow.Summary) (string, string) { return s.Host, "" }),
		text("path", func(s *flow.Summary) *string { return &s.Path }),
		framed("url", func(s *flow.Summary) *string { return &s.URL }, func(s *flow.Summary) (string, string) { return origin(s.Scheme, s.Host), s.Path }),
		framed("pretty_url", func(s *flow.Summary) *string { return &s.PrettyURL }, func(s *flow.Summary) (string, string) { return origin(s.Scheme, s.PrettyHost), s.Path }),
		number("searchable", func(s *flow.Summary) int64 { return truth(s.SearchableURL) }, func(s *flow.Summary, v int64) { s.SearchableURL = v != 0 }),
		text("version", func(s *flow.Summary) *string { return &s.Version }),
		number("status", func(s *flow.Summary) int64 { return int64(s.Status) }, func(s *flow.Summary, v int64) { s.Status = int32(v) }),
		text("status_text", func(s *flow.Summary) *string { return &s.StatusText }),
		text("content_type", func(s *flow.Summary) *string { return &s.ContentType }),
		lists("request_content_types", func(s *flow.Summary) *[][]byte { return &s.RequestContentTypes }),
		lists("response_content_types", func(s *flow.Summary) *[][]byte { return &s.ContentTypes }),
		number("request_size", func(s *flow.Summary) int64 { return s.RequestSize }, func(s *flow.Summary, v int64) { s.RequestSize = v }),
		number("response_size", func(s *flow.Summary) int64 { return s.ResponseSize }, func(s *flow.Summary, v int64) { s.ResponseSize = v }),
		number("order_size",
			func(s *flow.Summary) int64 { return s.OrderSize - s.RequestSize - s.ResponseSize },
			func(s *flow.Summary, v int64) { s.OrderSize = v + s.RequestSize + s.ResponseSize }),
		{name: "created", pack: packCreated, unpack: unpackCreated},
		{name: "start", pack: packStart, unpack: unpackStart},
		{name: "duration", pack: packDuration, unpack: unpackDuration},
		text("marker", func(s *flow.Summary) *string { return &s.Marker }),
		text("comment", func(s *flow.Summary) *string { return &s.Comment }),
		text("error", func(s *flow.Summary) *string { return &s.Error }),
		text("replay", func(s *flow.Summary) *string { return &s.Replay }),
		{name: "source", pack: packSources, unpack: unpackSources},
		hostPort("client", func(s *flow.Summary) *string { return &s.Client }),
		hostPort("server", func(s *flow.Summary) *string { return &s.Server }),
	}
}

// rowsColumn says which flows a chunk has: the number of the first, how many,
// and how many there are in all.
const rowsColumn = "rows"

// keyColumn has the keys of the first chunk besides, so that they lie near what
// is shown first.
const keyColumn = "key"

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func origin(scheme, host string) string { return scheme + "://" + host }

func number(name string, get func(*flow.Summary) int64, set func(*flow.Summary, int64)) column {
	pack := func(p *packer, c *Chunk) {
		values := make([]int64, len(c.Summaries))
		for i := range c.Summaries {
			values[i] = get(&c.Summaries[i])
		}
		p.ints(values)
	}
	unpack := func(u *unpacker, c *Chunk) {
		for i, v := range u.ints(len(c.Summaries)) {
			set(&c.Summaries[i], v)
		}
	}
	return column{name: name, pack: pack, unpack: unpack}
}

func text(name string, at func(*flow.Summary) *string) column {
	pack := func(p *packer, c *Chunk) {
		values := make([]string, len(c.Summaries))
		for i := range c.Summaries {
			values[i] = *at(&c.Summaries[i])
		}
		p.texts(values)
	}
	unpack := func(u *unpacker, c *Chunk) {
		for i, v := range u.texts(len(c.Summaries)) {
			*at(&c.Summaries[i]) = v
		}
	}
	return column{name: name, pack: pack, unpack: unpack}
}

// framed is a text that mostly begins and ends as others of the flow let one
// expect: "=" and what is between, or "!" and all of it.
func framed(name string, at func(*flow.Summary) *string, frame func(*flow.Summary) (head, tail string)) column {
	pack := func(p *packer, c *Chunk) {
		values := make([]string, len(c.Summaries))
		for i := range c.Summaries {
			v := *at(&c.Summaries[i])
			head, tail := frame(&c.Summaries[i])
			middle, headed := strings.CutPrefix(v, head)
			middle, tailed := strings.CutSuffix(middle, tail)
			switch {
			case !headed || !tailed:
				values[i] = "!" + v
			case middle == "":
				values[i] = "="
			default:
				values[i] = "=" + middle
			}
		}
		p.texts(values)
	}
	unpack := func(u *unpacker, c *Chunk) {
		whole := 0
		for i, v := range u.texts(len(c.Summaries)) {
			head, tail := frame(&c.Summaries[i])
			if middle, ok := strings.CutPrefix(v, "="); ok {
				v = head + middle + tail
			} else {
				v = strings.TrimPrefix(v, "!")
			}
			if whole += len(v); whole > u.limit {
				u.err = errLarge
				return
			}
			*at(&c.Summaries[i]) = v
		}
	}
	return column{name: name, pack: pack, unpack: unpack}
}

func lists(name string, at func(*flow.Summary) *[][]byte) column {
	pack := func(p *packer, c *Chunk) {
		values := make([]string, len(c.Summaries))
		for i := range c.Summaries {
			values[i] = joinLines(*at(&c.Summaries[i]))
		}
		p.texts(values)
	}
	unpack := func(u *unpacker, c *Chunk) {
		known := map[string][][]byte{}
		for i, v := range u.texts(len(c.Summaries)) {
			list, ok := known[v]
			if !ok {
				var err error
				if list, err = splitLines(v); err != nil {
					u.fail()
					return
				}
				known[v] = list
			}
			*at(&c.Summaries[i]) = list
		}
	}
	return column{name: name, pack: pack, unpack: unpack}
}

// hostPort is a text and the port behind it, which older files have
// no column for. -1 is no port, -2 the address of the last flow to that host:
// those of one connection.
func hostPort(name string, at func(*flow.Summary) *string) column {
	pack := func(p *packer, c *Chunk) {
		hosts, ports := make([]string, len(c.Summaries)), make([]int64, len(c.Summaries))
		last := map[string]string{}
		for i := range c.Summaries {
			s := &c.Summaries[i]
			if hosts[i], ports[i] = *at(s), -1; last[s.Host] == hosts[i] {
				hosts[i], ports[i] = "", -2
				continue
			}
			last[s.Host] = hosts[i]
			colon := strings.LastIndexByte(hosts[i], ':')
			port, err := strconv.ParseUint(hosts[i][colon+1:], 10, 32)
			if colon >= 0 && err == nil && strconv.FormatUint(port, 10) == hosts[i][colon+1:] {
				hosts[i], ports[i] = hosts[i][:colon], int64(port)
			}
		}
		p.texts(hosts)
		p.ints(ports)
	}
	unpack := func(u *unpacker, c *Chunk) {
		whole := 0
		hosts, ports := u.texts(len(c.Summaries)), u.ints(len(c.Summaries))
		last := map[string]string{}
		for i, v := range hosts {
			s := &c.Summaries[i]
			switch {
			case ports[i] == -2:
				v = last[s.Host]
			case ports[i] >= 0:
				v += ":" + strconv.FormatInt(ports[i], 10)
				whole += len(v)
			}
			if whole > u.limit {
				u.err = errLarge
				return
			}
			last[s.Host], *at(s) = v, v
		}
	}
	return column{name: name, pack: pack, unpack: unpack, added: true}
}

func packSources(p *packer, c *Chunk) {
	values := make([]uint64, len(c.Sources))
	for i, v := range c.Sources {
		values[i] = uint64(v)
	}
	p.uints(values)
}

func unpackSources(u *unpacker, c *Chunk) {
	for i, v := range u.uints(len(c.Sources)) {
		c.Sources[i] = uint32(v)
	}
}

// A packed column is a row of flow_columns.
type packed struct {
	name    string
	content []byte
}

// pack returns the columns of a chunk.
func (c *Chunk) pack(d *deflater) ([]packed, error) {
	var list []packed
	for _, column := range append([]column{{name: rowsColumn, pack: packRows}}, columns()...) {
		var p packer
		column.pack(&p, c)
		content, err := d.deflate(p.b)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", column.name, err)
		}
		list = append(list, packed{column.name, content})
	}
	return list, nil
}

func packRows(p *packer, c *Chunk) {
	p.ints([]int64{int64(c.First), int64(len(c.Summaries)), int64(c.Total)})
}

// unpackRows makes room for the rows of c.
func unpackRows(u *unpacker, c *Chunk) {
	rows := u.ints(3)
	first, count, total := rows[0], rows[1], rows[2]
	if first < 0 || count < 1 || count > ChunkLen || total > math.MaxInt32 || first > total-count {
		u.fail()
		return
	}
	c.First, c.Total = int(first), int(total)
	c.Summaries = make([]flow.Summary, count)
	c.Sources = make([]uint32, count)
}

// unpackChunk returns the chunk of columns. All that this package knows must
// be there, but for those that were added; others are passed over. None may have more than limit bytes.
func unpackChunk(content func(name string) []byte, limit int) (*Chunk, error) {
	var c Chunk
	err := unpackColumn(content(rowsColumn), limit, func(u *unpacker) { unpackRows(u, &c) })
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", rowsColumn, err)
	}
	for _, column := range columns() {
		stored := content(column.name)
		if stored == nil && column.added {
			continue
		}
		err := unpackColumn(stored, limit, func(u *unpacker) { column.unpack(u, &c) })
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", column.name, err)
		}
	}
	return &c, nil
}

func unpackColumn(stored []byte, limit int, unpack func(*unpacker)) error {
	if stored == nil {
		return errors.New("it is missing")
	}
	plain, err := inflate(stored, limit)
	if err != nil {
		return err
	}
	u := &unpacker{b: plain, limit: limit}
	unpack(u)
	return u.end()
}
