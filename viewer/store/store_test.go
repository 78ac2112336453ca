package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/schema"
)

// sample returns a flow of every kind in turn. Ten flows share a connection.
func sample(i int) *flowpb.Flow {
	f := &flowpb.Flow{
		Id:         fmt.Append(nil, "flow", i),
		Kind:       new(flowpb.Kind(i % 4)),
		ClientConn: &flowpb.ClientConnection{Id: fmt.Append(nil, "client", i/10), Clientcert: bytes.Repeat([]byte("cert"), 500)},
		ServerConn: &flowpb.ServerConnection{Id: fmt.Append(nil, "server", i/10), Cert: bytes.Repeat([]byte("cert"), 500)},
		Comment:    []byte{},
	}
	switch f.GetKind() {
	case flowpb.Kind_HTTP:
		f.Request = &flowpb.HTTPRequest{
			Method:  []byte("GET"),
			Host:    []byte("shop.test"),
			Path:    fmt.Append(nil, "/item/", i),
			Headers: []*flowpb.HTTPHeader{{Name: []byte("Host"), Value: []byte("shop.test")}, {Name: []byte("X\xff"), Value: []byte{}}},
		}
		f.Response = &flowpb.HTTPResponse{StatusCode: new(int32(200)), Body: &flowpb.Body{Offset: new(uint64(i)), Length: new(uint64(9))}}
		f.Backup = &flowpb.Flow{ClientConn: f.ClientConn, ClientRef: new(uint64(7))}
	case flowpb.Kind_DNS:
		f.ServerConn = nil
		f.DnsRequest = &flowpb.DNSMessage{Id: new(int32(i))}
	default:
		f.ClientConn = &flowpb.ClientConnection{}
		f.Messages = []*flowpb.Message{{FromClient: new(true), Content: []byte("hello")}}
	}
	return f
}

func row(i int) Index {
	return Index{Number: int64(i), Summary: flow.Summary{
		Kind: flowpb.Kind(i % 4), Method: "GET", URL: fmt.Sprint("http://shop.test/item/", i), Status: 200, Duration: -1,
	}}
}

func key(i int) string { return fmt.Sprint("flow", i) }

func memory(t testing.TB) *Store {
	t.Helper()
	s, err := OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fill(t testing.TB, s *Store, n int) {
	t.Helper()
	for i := range n {
		s.Put(key(i), sample(i), row(i))
	}
}

func flush(t testing.TB, s *Store) (flows int) {
	t.Helper()
	for {
		n, err := s.Flush(context.Background(), 7)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return flows
		}
		flows += n
	}
}

func waiting(s *Store) int {
	flows, _ := s.Hot()
	return flows
}

// ask returns the rows of a query, columns joined by "|".
func ask(t testing.TB, conn *sqlite3.Conn, sql string) (rows []string) {
	t.Helper()
	stmt, _, err := conn.Prepare(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	for stmt.Step() {
		var columns []string
		for i := range stmt.ColumnCount() {
			columns = append(columns, stmt.ColumnText(i))
		}
		rows = append(rows, strings.Join(columns, "|"))
	}
	if stmt.Err() != nil {
		t.Fatal(stmt.Err())
	}
	return rows
}

func checkFlows(t testing.TB, s *Store, n int) {
	t.Helper()
	for i := range n {
		f, err := s.Get(key(i))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := f.Append(nil), sample(i).Append(nil); !bytes.Equal(got, want) {
			t.Fatalf("flow %d is\n%q, was\n%q", i, got, want)
		}
	}
}

// TestPutGet holds the law: what was put is got, hot or stored.
func TestPutGet(t *testing.T) {
	const n = 100
	s := memory(t)
	fill(t, s, n)
	check := func(hot int) {
		t.Helper()
		checkFlows(t, s, n)
		if got, err := s.Len(); got != n || err != nil || waiting(s) != hot {
			t.Errorf("%d flows, %d hot, %v; want %d, %d", got, waiting(s), err, n, hot)
		}
		if _, bytes := s.Hot(); (bytes == 0) != (hot == 0) || bytes < 0 {
			t.Errorf("%d hot flows take %d bytes", hot, bytes)
		}
	}
	check(n)
	if got, err := s.Flush(context.Background(), 30); got != 30 || err != nil {
		t.Errorf("flushed %d, %v", got, err)
	}
	check(n - 30)
	if got := flush(t, s); got != n-30 {
		t.Errorf("flushed %d", got)
	}
	check(0)
	if _, err := s.Get("none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// TestConnections counts them: each is stored once, and of a client and a
// server that are alike in bytes, one.
func TestConnections(t *testing.T) {
	s := memory(t)
	fill(t, s, 100)
	flush(t, s)
	// Ten clients, ten servers, and the empty client of TCP and UDP.
	if got := ask(t, s.conn, "SELECT count(*), min(id), max(id) FROM connection"); got[0] != "21|1|21" {
		t.Errorf("connections: %s", got)
	}
}

func TestUpdate(t *testing.T) {
	s := memory(t)
	fill(t, s, 10)
	flush(t, s)
	edited := sample(3)
	edited.Comment = []byte("edited")
	again := sample(3)
	again.Comment = []byte("edited again")
	index := row(3)
	index.Comment = "edited again"
	s.Put(key(3), edited, index)
	s.Put(key(3), again, index)
	comment := func() string {
		f, err := s.Get(key(3))
		if err != nil {
			t.Fatal(err)
		}
		return string(f.Comment)
	}
	if waiting(s) != 1 || comment() != "edited again" {
		t.Errorf("%d hot, comment %q", waiting(s), comment())
	}
	if n := flush(t, s); n != 1 || comment() != "edited again" {
		t.Errorf("%d flushed, comment %q", n, comment())
	}
	if n, err := s.Len(); n != 10 || err != nil {
		t.Errorf("%d flows, %v", n, err)
	}
	if got := ask(t, s.conn, "SELECT comment FROM flow_index WHERE number = 3"); got[0] != "edited again" {
		t.Errorf("indexed comment %q", got)
	}
}

// TestForeignConnection shows that a reference which a file brings along does
// not lead to the connection of another flow.
func TestForeignConnection(t *testing.T) {
	s := memory(t)
	fill(t, s, 1)
	flush(t, s)
	s.Put("spoof", &flowpb.Flow{ClientRef: new(uint64(1)), ServerRef: new(uint64(2))}, row(1))
	for range 2 {
		f, err := s.Get("spoof")
		if err != nil {
			t.Fatal(err)
		}
		if f.ClientConn != nil || f.ServerConn != nil || f.ClientRef != nil || f.ServerRef != nil {
			t.Errorf("it has connections")
		}
		flush(t, s)
	}
}

func TestIndex(t *testing.T) {
	s := memory(t)
	full := Index{
		Number: 1, Source: 2, Summary: flow.Summary{Kind: flowpb.Kind_DNS, Flags: flow.FlagTLS | flow.FlagEdited, Method: "m", RawMethod: "rm", Scheme: "s", Host: "h",
			PrettyHost: "ph", Path: "p", URL: "u", PrettyURL: "pu", SearchableURL: true, Version: "v", Status: 404, StatusText: "st", ContentType: "ct",
			RequestContentTypes: [][]byte{[]byte("a"), []byte("b")}, ContentTypes: [][]byte{[]byte("c")},
			RequestSize: 3, ResponseSize: 4, OrderSize: 5, Created: 1.5, Start: 1534205432100000000, Duration: 2500000,
			Marker: "mk", Comment: "co", Error: "er", Replay: "re", Client: "cl:1", Server: "se:2"},
	}
	s.Put("full", &flowpb.Flow{}, full)
	s.Put("empty", &flowpb.Flow{}, Index{Number: 7, Summary: flow.Summary{Duration: -1}})
	if err := s.AddSource(Source{Name: "first", Format: "mitm", Size: 10}); err != nil {
		t.Fatal(err)
	}
	flush(t, s)
	want := []string{
		"1|full|2|3|48|m|rm|s|h|ph|p|u|pu|v|404|st|ct|a\nb|c|3|4|5|1.5|1534205432100000000|2500000|mk|co|er|re|cl:1|se:2",
		"7|empty|0|0|0|||||||||||||||0|0|0|0.0||||||||",
	}
	if got := ask(t, s.conn, "SELECT * FROM flow_index"); !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	undefended(t, s)
	want = []string{
		"1|full|dns|m|u|h|404|ct|3|4|2018-08-14T00:10:32.100Z|2.5|mk|co|er|re|0|1|1|",
		"7|empty|http||||||0|0|||||||0|0|0|first",
	}
	if got := ask(t, s.conn, "SELECT * FROM flows"); !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	if got := ask(t, s.conn, "SELECT typeof(status), typeof(host), typeof(duration), typeof(start) FROM flow_index WHERE number = 7"); got[0] != "null|null|null|null" {
		t.Errorf("unknown values are %s", got)
	}
}

func TestBodiesView(t *testing.T) {
	s := memory(t)
	fill(t, s, 1)
	flush(t, s)
	if err := s.conn.Exec("INSERT INTO body (flow_id, type_id, content) VALUES ('flow0', 2, 'abc')"); err != nil {
		t.Fatal(err)
	}
	undefended(t, s)
	want := []string{"1|0|flow0|response|GET|http://shop.test/item/0|200|3|abc"}
	if got := ask(t, s.conn, "SELECT * FROM bodies"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCancel leaves everything hot when a flush is cancelled, or fails.
func TestCancel(t *testing.T) {
	s := memory(t)
	fill(t, s, 20)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if n, err := s.Flush(ctx, 10); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	undefended(t, s)
	if err := s.conn.Exec("CREATE TRIGGER no BEFORE INSERT ON flow WHEN NEW.id = 'flow5' BEGIN SELECT raise(ABORT, 'no'); END"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Flush(context.Background(), 10); n != 0 || err == nil || !strings.Contains(err.Error(), "flow flow5") {
		t.Errorf("%d, %v", n, err)
	}
	if got := ask(t, s.conn, "SELECT count(*) FROM connection"); got[0] != "0" || waiting(s) != 20 {
		t.Errorf("%s connections are stored, %d flows hot", got, waiting(s))
	}
	if err := s.conn.Exec("DROP TRIGGER no"); err != nil {
		t.Fatal(err)
	}
	if n := flush(t, s); n != 20 {
		t.Errorf("flushed %d", n)
	}
	checkFlows(t, s, 20)
}

// TestTooLarge keeps in memory what SQLite could not hold, and stores the rest.
func TestTooLarge(t *testing.T) {
	s := memory(t)
	large := &flowpb.Flow{Messages: []*flowpb.Message{{Content: make([]byte, maxContent)}}}
	cert := &flowpb.Flow{ServerConn: &flowpb.ServerConnection{Cert: make([]byte, maxContent)}}
	s.Put("large", large, row(100))
	s.Put("cert", cert, row(101))
	fill(t, s, 10)
	if n := flush(t, s); n != 12 || waiting(s) != 2 {
		t.Errorf("%d flushed, %d hot", n, waiting(s))
	}
	for name, want := range map[string]*flowpb.Flow{"large": large, "cert": cert} {
		if got, err := s.Get(name); err != nil || !bytes.Equal(got.Append(nil), want.Append(nil)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := s.Len(); n != 12 || err != nil {
		t.Errorf("%d flows, %v", n, err)
	}
	checkFlows(t, s, 10)
}

// TestConcurrent gets and puts flows while others are flushed.
func TestConcurrent(t *testing.T) {
	const n = 300
	s := memory(t)
	var wg sync.WaitGroup
	put := make(chan int, n)
	for range 3 {
		wg.Go(func() {
			for i := range put {
				f, err := s.Get(key(i))
				if err != nil || !bytes.Equal(f.Append(nil), sample(i).Append(nil)) {
					t.Errorf("flow %d: %v", i, err)
				}
			}
		})
	}
	done := make(chan bool)
	wg.Go(func() {
		for {
			if _, err := s.Flush(context.Background(), 10); err != nil {
				t.Error(err)
			}
			select {
			case <-done:
				return
			default:
				runtime.Gosched()
			}
		}
	})
	for i := range n {
		s.Put(key(i), sample(i), row(i))
		put <- i
	}
	close(put)
	close(done)
	wg.Wait()
	flush(t, s)
	checkFlows(t, s, n)
}

func TestClose(t *testing.T) {
	s, err := OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	name := s.conn.Filename("").String()
	if name != memName {
		t.Errorf("the file is %q", name)
	}
	before, err := s.conn.FileControl("", sqlite3.FCNTL_VFSNAME)
	if err != nil || vfs.Find(before.(string)) == nil {
		t.Fatalf("VFS %v, %v", before, err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if vfs.Find(before.(string)) != nil {
		t.Error("the VFS is still registered")
	}
	_, err1 := s.Get("a")
	_, err2 := s.Flush(context.Background(), 1)
	_, err3 := s.Len()
	_, err4 := s.Sources()
	for _, err := range []error{err1, err2, err3, err4, s.AddSource(Source{})} {
		if !errors.Is(err, errClosed) {
			t.Errorf("after close: %v", err)
		}
	}
}

// file returns the name of a database in a directory of its own.
func file(t testing.TB) string {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("SQLite has no files of its own under js")
	}
	return filepath.Join(t.TempDir(), "a store?.sqlite")
}

// TestFile writes a file that the reader of 2018 and any SQLite tool accept,
// and opens it again.
func TestFile(t *testing.T) {
	name := file(t)
	for i := range 2 {
		s, err := Open(context.Background(), Options{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			fill(t, s, 50)
			flush(t, s)
			if err := s.AddSource(Source{Name: "dump", Format: "mitm", Size: 1 << 40}); err != nil {
				t.Fatal(err)
			}
		}
		s.Put(key(50+i), sample(50+i), row(50+i)) // a connection that is stored already, and one more
		flush(t, s)
		checkFlows(t, s, 51+i)
		if n, err := s.Len(); n != 51+i || err != nil {
			t.Errorf("%d flows, %v", n, err)
		}
		if src, err := s.Sources(); err != nil || !slices.Equal(src, []Source{{"dump", "mitm", 1 << 40, false}}) {
			t.Errorf("sources %v, %v", src, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := sqlite3.OpenFlags(name, sqlite3.OPEN_READONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for sql, want := range map[string]string{
		"PRAGMA integrity_check":   "ok",
		"PRAGMA foreign_key_check": "",
		"PRAGMA user_version":      "4",
		// The test of the 2018 loader.
		"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('flow', 'body', 'annotation')": "3",
		"SELECT count(*) FROM connection":                                "13",
		"SELECT group_concat(name) FROM pragma_table_info('flow')":       "id,content",
		"SELECT group_concat(name) FROM pragma_table_info('body')":       "id,flow_id,type_id,content",
		"SELECT group_concat(name) FROM pragma_table_info('annotation')": "id,flow_id,type,content",
	} {
		if got := strings.Join(ask(t, conn, sql), "\n"); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestOpenRefused(t *testing.T) {
	for _, test := range []struct{ name, sql, want string }{
		{"newer", fmt.Sprintf("CREATE TABLE x (x); PRAGMA application_id = %d; PRAGMA user_version = 5", schema.ApplicationID), "its schema has version 5, known is 4"},
		{"foreign", "CREATE TABLE x (x); PRAGMA user_version = 9", "not a store of Flowpane"},
		{"session of 2018", "CREATE TABLE flow (id, content)", "not a store of Flowpane"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := file(t)
			conn, err := sqlite3.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(conn.Exec(test.sql), conn.Close()); err != nil {
				t.Fatal(err)
			}
			s, err := Open(context.Background(), Options{Name: name})
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), test.want) || errors.Is(err, ErrNewer) != (test.name == "newer") {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	if _, err := Open(context.Background(), Options{VFS: "none", Name: "x"}); err == nil {
		t.Error("a store opened on no VFS")
	}
}

// TestMigrate takes a store through steps to come, one at a time, and back to
// where it was when one fails.
func TestMigrate(t *testing.T) {
	s := memory(t)
	steps := append(migrations(), "CREATE TABLE two (x)", "ALTER TABLE two ADD COLUMN y; CREATE TABLE bad (x, x)")
	err := migrate(s.conn, steps)
	if err == nil || !strings.Contains(err.Error(), "migrating to version 6") {
		t.Errorf("%v", err)
	}
	if got := ask(t, s.conn, "SELECT group_concat(name) FROM pragma_table_info('two')"); got[0] != "x" {
		t.Errorf("columns %s after a step that failed", got)
	}
	steps[4] = "ALTER TABLE two ADD COLUMN y"
	for range 2 {
		if err := migrate(s.conn, steps); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(t, s.conn, "PRAGMA user_version"); got[0] != "6" {
		t.Errorf("version %s", got)
	}
}

// TestMigrateFromFirst takes a database of version 1 to where a new one begins.
func TestMigrateFromFirst(t *testing.T) {
	first := schema.SQL(schema.Session())
	for _, added := range []string{
		"\n\tcomplete INTEGER NOT NULL DEFAULT 0 -- whether all its flows are here",
		"\n\tclient TEXT, -- address of who connected, host:port", "\n\tserver TEXT -- address that was connected to",
	} {
		if !strings.Contains(first, added) {
			t.Fatalf("there is no %q", added)
		}
		first = strings.Replace(first, added, "", 1)
	}
	first = strings.Replace(first, "size INTEGER NOT NULL, -- bytes", "size INTEGER NOT NULL", 1)
	first = strings.Replace(first, "replay TEXT, --", "replay TEXT --", 1)
	name := file(t)
	conn, err := sqlite3.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	first += fmt.Sprintf("; INSERT INTO source VALUES (1, 'a', 'mitm', 1); PRAGMA application_id = %d; PRAGMA user_version = 1", schema.ApplicationID)
	if err := errors.Join(conn.Exec(first), conn.Close()); err != nil {
		t.Fatal(err)
	}
	old, err := Open(context.Background(), Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	const columns = "SELECT m.name, c.cid, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY 1, 2"
	if got, want := ask(t, old.conn, columns), ask(t, memory(t).conn, columns); !slices.Equal(got, want) {
		t.Errorf("columns\n%q, want\n%q", got, want)
	}
	if got := ask(t, old.conn, "SELECT complete FROM source"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("complete %q", got)
	}
}

// TestFinish says of a source that it is complete only once all is stored.
func TestFinish(t *testing.T) {
	s := memory(t)
	if err := s.AddSource(Source{Name: "a", Format: "mitm", Size: 1}); err != nil {
		t.Fatal(err)
	}
	complete := func() bool {
		t.Helper()
		sources, err := s.Sources()
		if err != nil || len(sources) != 1 {
			t.Fatalf("sources %v, %v", sources, err)
		}
		return sources[0].Complete
	}
	fill(t, s, 2*finishBatch+1)
	large := &flowpb.Flow{Messages: []*flowpb.Message{{Content: make([]byte, maxContent)}}}
	s.Put("large", large, row(2*finishBatch+1))
	if err := s.Finish(t.Context()); err == nil || !strings.Contains(err.Error(), "1 flows are too large") || complete() {
		t.Errorf("with a flow that cannot be stored: %v, complete: %v", err, complete())
	}
	if got := ask(t, s.conn, "SELECT count(*) FROM flow"); got[0] != fmt.Sprint(2*finishBatch+1) {
		t.Errorf("%s flows are stored", got)
	}
	s.Put("large", &flowpb.Flow{}, row(2*finishBatch+1))
	if err := s.Finish(t.Context()); err != nil || !complete() || waiting(s) != 0 {
		t.Errorf("%v, complete: %v, %d waiting", err, complete(), waiting(s))
	}
}

// TestFull leaves everything hot when there is no more room, and goes on when
// there is.
func TestFull(t *testing.T) {
	s := memory(t)
	fill(t, s, 1000)
	if err := s.conn.Exec("PRAGMA max_page_count = 20"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Flush(t.Context(), 1000); n != 0 || !errors.Is(err, ErrFull) {
		t.Errorf("%d, %v", n, err)
	}
	if err := s.Finish(t.Context()); !errors.Is(err, ErrFull) {
		t.Errorf("Finish: %v", err)
	}
	if err := full(fmt.Errorf("commit: %w", sqlite3.FULL)); !errors.Is(err, ErrFull) || !errors.Is(err, sqlite3.FULL) || err.Error() != "there is no more room" {
		t.Errorf("%v", err)
	}
	if err := s.conn.Exec("PRAGMA max_page_count = 1000"); err != nil {
		t.Fatal(err)
	}
	if n := flush(t, s); n == 0 || waiting(s) != 0 {
		t.Errorf("%d flushed, %d waiting", n, waiting(s))
	}
	checkFlows(t, s, 1000)
}

// TestRowsRepeat stores rows that share some columns with the one before, and
// rows after one that could not be stored.
func TestRowsRepeat(t *testing.T) {
	s := memory(t)
	texts := []string{"", "a", "a", "", "", "b", "ab", "a"}
	var want []string
	put := func(i int) {
		row := Index{Number: int64(i), Summary: flow.Summary{Method: "GET", Host: texts[i], Path: texts[len(texts)-1-i], Status: int32(i / 3), Duration: -1}}
		s.Put(key(i), &flowpb.Flow{}, row)
		want = append(want, fmt.Sprint(i, "|", texts[i], "|", texts[len(texts)-1-i], "|", i/3))
	}
	for i := range 4 {
		put(i)
	}
	flush(t, s)
	for i := 4; i < len(texts); i++ {
		put(i)
	}
	undefended(t, s)
	if err := s.conn.Exec("CREATE TRIGGER no BEFORE INSERT ON flow_index WHEN NEW.number = 6 BEGIN SELECT raise(ABORT, 'no'); END"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Flush(t.Context(), 10); n != 0 || err == nil {
		t.Errorf("%d, %v", n, err)
	}
	if err := s.conn.Exec("DROP TRIGGER no"); err != nil {
		t.Fatal(err)
	}
	flush(t, s)
	if got := ask(t, s.conn, "SELECT number, ifnull(host, ''), ifnull(path, ''), ifnull(status, 0) FROM flow_index"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLater opens a store, with sources of its own, when it is asked to flush,
// and again where that failed.
func TestLater(t *testing.T) {
	name := file(t)
	opened := 0
	later := func() *Store {
		return later(func(ctx context.Context) (*Store, error) {
			if opened++; opened == 1 {
				return nil, ErrFull
			}
			return Open(ctx, Options{Name: name})
		})
	}
	for i := range 2 {
		s := later()
		if err := s.AddSource(Source{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
		s.Put(key(i), sample(i), row(i))
		if _, err := s.Flush(t.Context(), 1); i == 0 && !errors.Is(err, ErrFull) {
			t.Errorf("a store that does not open: %v", err)
		}
		if err := s.Finish(t.Context()); err != nil {
			t.Error(err)
		}
		checkFlows(t, s, i+1)
		if sources, err := s.Sources(); err != nil || len(sources) != i+1 || sources[i].Name != fmt.Sprint(i) {
			t.Errorf("sources %v, %v", sources, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A store that SQLite has not started for yet does all that others do.
func TestNewMemoryStartsWhenItMust(t *testing.T) {
	s := NewMemory()
	if err := s.AddSource(Source{Name: "a", Format: "mitm", Size: 1}); err != nil {
		t.Fatal(err)
	}
	s.Put("k", &flowpb.Flow{Id: []byte("k")}, Index{})
	if f, err := s.Get("k"); err != nil || string(f.Id) != "k" || s.conn != nil {
		t.Errorf("from the hot store: %v, %v, SQLite started: %v", f, err, s.conn != nil)
	}
	if n, err := s.Flush(t.Context(), 10); n != 1 || err != nil || s.conn == nil {
		t.Errorf("Flush = %d, %v, SQLite started: %v", n, err, s.conn != nil)
	}
	if f, err := s.Get("k"); err != nil || string(f.Id) != "k" {
		t.Errorf("from SQLite: %v, %v", f, err)
	}
	if sources, err := s.Sources(); err != nil || len(sources) != 1 || sources[0].Name != "a" {
		t.Errorf("Sources = %v, %v", sources, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	never := NewMemory()
	never.Close()
	never.Put("k", &flowpb.Flow{}, Index{})
	if _, err := never.Flush(t.Context(), 1); !errors.Is(err, errClosed) {
		t.Errorf("Flush after Close: %v", err)
	}
}
