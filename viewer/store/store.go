// Package store keeps flows in a hybrid SQLite database: as blobs of
// flow.proto, beside a narrow index of what is shown and searched. Bodies that
// lie in a file stay there, as references.
//
// Flows are put into a hot store in memory and flushed in batches behind the
// reader, so that storing never holds reading back. It opens any VFS by name
// and knows no platform. Methods may be called from any goroutine. The schema
// is versioned: a newer one is refused with [ErrNewer], an older one migrated
// step by step.
//
// The tables flow, body and annotation are those of mitmproxy's Session of
// 2018, whose reader accepts the file.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/proto/flowpb"
)

// ErrNotFound is the error of [Store.Get] where there is no such flow.
var ErrNotFound = errors.New("no such flow")

// ErrFull is the error of what writes, [Open] too, where the disk is full, or the
// share of it that a browser grants.
var ErrFull = errors.New("there is no more room")

var errClosed = errors.New("store: it is closed")

// Options say where a store is.
type Options struct {
	// VFS is the name of a registered SQLite VFS; empty is the default one.
	VFS string
	// Name is that of the file, which is made if there is none.
	Name string
}

// A Store holds the flows of one session. A flow belongs to the store once it
// was put, and whoever gets it shares it: nobody may change it.
type Store struct {
	hot hotStore

	// SQLite allows one call at a time on a connection. In the browser a write
	// may park the goroutine that makes it, and others run.
	mu          sync.Mutex
	conn        *sqlite3.Conn // nil before it is started, and once closed
	statements  statements
	connections connections
	sources     int
	waiting     []Source // until it is started
	start       func(context.Context) (*Store, error)
	logged      bool          // there is a write-ahead log
	release     func()        // gives back the VFS
	body        *sqlite3.Blob // the row of body that was read last
	bodyRow     int64
}

// Open opens or makes the store that o names. Cancelling ctx ends the opening,
// not the store.
func Open(ctx context.Context, o Options) (*Store, error) {
	uri := "file:" + (&url.URL{Path: o.Name}).EscapedPath()
	if o.VFS != "" {
		uri += "?vfs=" + strings.ReplaceAll(url.QueryEscape(o.VFS), "+", "%20") // to SQLite a plus is a plus
	}
	s, err := open(ctx, uri, true, func() {})
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", o.Name, full(err))
	}
	s.reserve()
	return s, nil
}

// NewMemory makes an empty store in memory, which goes with Close. SQLite is
// started by the first call that needs it, Flush as a rule: that takes some
// tenths of a second in a browser that has yet to compile it, and the hot store
// serves meanwhile.
func NewMemory() *Store {
	return later(func(context.Context) (*Store, error) { return openMemory() })
}

// later returns a store that is opened by the first call that needs SQLite. A
// call that cannot open it fails, and the next tries again. Nobody else uses
// what open returns.
func later(open func(context.Context) (*Store, error)) *Store {
	return &Store{start: open, release: func() {}}
}

// OpenMemory makes an empty store in memory, which goes with Close.
func OpenMemory() (*Store, error) {
	s, err := openMemory()
	if err == nil {
		s.reserve()
	}
	return s, err
}

func openMemory() (*Store, error) {
	v := new(memVFS)
	name := fmt.Sprintf("memory-%p", v) // unique as long as v is registered
	vfs.Register(name, v)
	release := func() { vfs.Unregister(name) }
	s, err := open(context.Background(), "file:"+memName+"?vfs="+name, false, release)
	if err != nil {
		return nil, fmt.Errorf("store: in memory: %w", err)
	}
	return s, nil
}

func open(ctx context.Context, uri string, logged bool, release func()) (*Store, error) {
	conn, err := sqlite3.OpenContext(ctx, uri)
	if err != nil {
		release()
		return nil, err
	}
	s := &Store{conn: conn, release: release}
	conn.SetInterrupt(ctx)
	if err := s.prepare(logged); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	conn.SetInterrupt(context.Background())
	return s, nil
}

// Pages of 4 to 64 KiB fill within a fifth of the same time in memory; small
// ones read less for one flow, large ones call a VFS less often. The lock is
// kept: nobody else writes, and asking for it is such a call too. It comes first,
// for a log that was left is only read under one. Bodies are stored with the
// flows that they belong to; to have that checked takes a search of all bodies
// for each flow, for they have no index by it.
const settings = `
	PRAGMA locking_mode = exclusive;
	PRAGMA page_size = 16384;
	PRAGMA cache_size = -16000;
	PRAGMA temp_store = memory;
	PRAGMA foreign_keys = off;`

// Who is killed while writing a file leaves a write-ahead log, which whoever
// opens the file next obeys. A transaction in a log waits for no disk: in a
// browser, batches of 150 flows take 1.4 times as long with a rollback journal.
const fileSettings = `
	PRAGMA journal_mode = wal;
	PRAGMA synchronous = normal;`

// lastSettings leave a file that anyone can read without a log.
const lastSettings = "PRAGMA journal_mode = delete"

// prepare makes the connection ready for its statements. What it cannot open
// it does not change.
func (s *Store) prepare(logged bool) error {
	if err := defend(s.conn); err != nil {
		return err
	}
	if err := s.conn.Exec(settings); err != nil {
		return err
	}
	if err := migrate(s.conn, migrations()); err != nil {
		return err
	}
	if logged {
		if err := s.conn.Exec(fileSettings); err != nil {
			return err
		}
		s.logged = true
	}
	if err := s.statements.prepare(s.conn); err != nil {
		return err
	}
	n, err := count(s.conn, "SELECT count(*) FROM source")
	s.sources = int(n)
	return err
}

// ready starts SQLite if it is not running yet. Its errors are for people.
func (s *Store) ready(ctx context.Context) error {
	if s.conn != nil {
		return nil
	}
	if s.start == nil {
		return errClosed
	}
	started, err := s.start(ctx)
	if err != nil {
		return err
	}
	if _, hot := s.hot.size(); hot >= manyFlows {
		started.reserve()
	}
	s.conn, s.statements, s.sources, s.start = started.conn, started.statements, started.sources, nil
	s.logged, s.release = started.logged, started.release
	for _, src := range s.waiting {
		if err := s.addSource(src); err != nil {
			return err
		}
	}
	s.waiting = nil
	return nil
}

// manyFlows is how many bytes of them wait for the first batch of a session that
// is no small one.
const manyFlows = 256 << 10

// reserve takes memory for a few thousand flows at once, which SQLite has free for
// them: with each page that it keeps its memory grows, and grows by being moved.
// Where there is less, all goes on, and slower.
func (s *Store) reserve() { _ = s.conn.Exec("SELECT CAST(zeroblob(4 << 20) AS TEXT)") }

// statements are prepared once.
type statements struct {
	putFlow, putIndex, putConnection, putBody *sqlite3.Stmt
	getFlow, getConnection, list, keyAt       *sqlite3.Stmt

	row []byte // what is bound to putIndex
}

func (p *statements) prepare(conn *sqlite3.Conn) error {
	for _, s := range []struct {
		stmt **sqlite3.Stmt
		sql  string
	}{
		{&p.putFlow, "INSERT INTO flow (id, content) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content"},
		{&p.putIndex, putIndex()},
		{&p.putConnection, "INSERT INTO connection (id, content) VALUES (?, ?)"},
		{&p.putBody, "INSERT INTO body (flow_id, type_id, content) VALUES (?, ?, ?)"},
		{&p.list, "SELECT * FROM flow_index WHERE number >= ? ORDER BY number"},
		{&p.keyAt, `SELECT CAST("key" AS BLOB) FROM flow_index WHERE number = ?`},
		{&p.getFlow, "SELECT content FROM flow WHERE id = ?"},
		{&p.getConnection, "SELECT content FROM connection WHERE id = ?"},
	} {
		var err error
		*s.stmt, _, err = conn.PrepareFlags(s.sql, sqlite3.PREPARE_PERSISTENT)
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *statements) close() error {
	var errs []error
	for _, s := range []*sqlite3.Stmt{p.putFlow, p.putIndex, p.putConnection, p.putBody, p.getFlow, p.getConnection, p.list, p.keyAt} {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// Put queues f under key, in place of what the store has there. A key keeps
// its row.Number. f is encoded at once: only its connections are kept.
func (s *Store) Put(key string, f *flowpb.Flow, row Index) {
	s.hot.put(key, owned(f), row)
}

// Get returns the flow of key in its newest state.
func (s *Store) Get(key string) (*flowpb.Flow, error) {
	if p, ok := s.hot.get(key); ok {
		return p.flow()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return nil, err
	}
	f, err := s.read(key)
	if err != nil {
		return nil, fmt.Errorf("store: flow %s: %w", key, err)
	}
	return f, nil
}

// Hot returns how many flows are in the hot store, and how many bytes they take
// but for their connections: those that wait to be flushed, and those that are
// too large for it.
func (s *Store) Hot() (flows, bytes int) { return s.hot.size() }

// Len returns how many flows the store has, flushed or not. It looks up each
// that was not.
func (s *Store) Len() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(context.Background()); err != nil {
		return 0, err
	}
	n, err := count(s.conn, "SELECT count(*) FROM flow_index")
	for _, key := range s.hot.keys() {
		_, missing := s.content(s.statements.getFlow, func(stmt *sqlite3.Stmt) error { return stmt.BindText(1, key) })
		if errors.Is(missing, ErrNotFound) {
			n++
		}
	}
	return int(n), err
}

// Close releases what the store holds. What was not flushed is lost.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = nil
	if s.conn == nil {
		return nil
	}
	s.closeBody()
	err := s.statements.close()
	if s.logged {
		err = errors.Join(err, s.conn.Exec(lastSettings))
	}
	err = errors.Join(err, s.conn.Close())
	s.conn = nil
	s.release()
	return err
}
