package blob

import (
	"container/list"
	"errors"
	"io"
	"slices"
	"sync"
)

// A Cache is a Source that reads another in blocks and keeps the blocks used
// last. Each read of a File in a browser costs most of a millisecond, each
// read of a URL a round trip, and SQLite asks for pages of 4 KiB one by one.
//
// While reads go forward, the run of blocks read at once doubles, up to a
// most; then the next run is read while this one is used, unless the source is
// [Blocked]. They may go forward in a few places at a time.
type Cache struct {
	src       Source
	blockSize int64
	capacity  int
	most      int64 // blocks in a run
	readsOn   bool  // before it is asked to

	mu     sync.Mutex
	blocks map[int64]*list.Element // by block number
	used   *list.List              // of *block, the one used last in front
	runs   [places]run             // the one used last in front
	ahead  *aheadRun               // nil unless one is being read, or was
}

// An aheadRun is a run that is read before it is asked for.
type aheadRun struct {
	first, length int64 // blocks
	bytes         []byte
	err           error
	done          chan struct{} // closed when bytes and err are set
}

// places is in how many places reads may go forward at a time.
const places = 4

// A run is the blocks that were read last in one place.
type run struct {
	length int64
	after  int64 // the block behind them
}

type block struct {
	number int64
	bytes  []byte
}

// maxRun is how many blocks are read at once at the most, unless the source
// says otherwise.
const maxRun = 16

// Blocked is a Source that says what it costs least to read at once: blocks of
// so many bytes, and runs of so many blocks.
type Blocked interface {
	Source
	Blocks() (size, run int)
}

// NewCache returns a Cache over src that keeps up to capacity blocks of
// blockSize bytes, or as much in blocks that the source prefers.
func NewCache(src Source, blockSize, capacity int) *Cache {
	most := maxRun
	b, ok := src.(Blocked)
	if ok {
		size, run := b.Blocks()
		capacity = capacity * blockSize / size
		blockSize, most = size, run
	}
	return &Cache{
		src: src, blockSize: int64(blockSize), capacity: max(capacity, most+2), most: int64(most), readsOn: !ok,
		blocks: map[int64]*list.Element{}, used: list.New(),
	}
}

// Size returns the size of the source beneath, in bytes.
func (c *Cache) Size() int64 { return c.src.Size() }

// ReadAt implements Source.
func (c *Cache) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errors.New("blob: negative offset")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < len(p) {
		at := offset + int64(n)
		if at >= c.src.Size() {
			return n, io.EOF
		}
		b, err := c.block(at / c.blockSize)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], b[at%c.blockSize:])
	}
	return n, nil
}

// Reach reads the blocks of n bytes at an offset at once, but for those at either
// end that are here: whoever knows how far a read will go saves the requests in
// between. It reads no more than can be kept, and leaves an error to the ReadAt
// that meets it.
func (c *Cache) Reach(offset, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if offset < 0 || n <= 0 || offset >= c.src.Size() {
		return
	}
	first, last := offset/c.blockSize, (min(offset+n, c.src.Size())-1)/c.blockSize
	last = min(last, first+int64(c.capacity)-1)
	for first <= last && c.blocks[first] != nil {
		first++
	}
	for first <= last && c.blocks[last] != nil {
		last--
	}
	if first > last {
		return
	}
	if b, err := c.readRun(first, last-first+1); err == nil {
		c.keepRun(first, b)
	}
}

func (c *Cache) block(number int64) ([]byte, error) {
	whole := int(min(c.blockSize, c.src.Size()-number*c.blockSize)) // more than before, if the source grew
	if e, ok := c.blocks[number]; ok && len(e.Value.(*block).bytes) >= whole {
		c.used.MoveToFront(e)
		return e.Value.(*block).bytes, nil
	}
	r := c.run(number)
	b, err := c.read(number, r.length)
	if err != nil {
		*r = run{}
		return nil, err
	}
	c.keepRun(number, b)
	if c.readsOn && r.length == c.most {
		c.readAhead(r.after)
	}
	return c.blocks[number].Value.(*block).bytes, nil
}

// read returns a run, which may have been read before.
func (c *Cache) read(first, length int64) ([]byte, error) {
	if a := c.ahead; a != nil && a.first == first && a.length == length {
		c.ahead = nil
		if <-a.done; a.err == nil {
			return a.bytes, nil
		}
	}
	return c.readRun(first, length)
}

func (c *Cache) readRun(first, length int64) ([]byte, error) {
	start := first * c.blockSize
	b := make([]byte, min(length*c.blockSize, c.src.Size()-start))
	_, err := io.ReadFull(io.NewSectionReader(c.src, start, int64(len(b))), b)
	return b, err
}

// readAhead begins to read the run from a block on, unless one is being read:
// reads that go forward in two places do not both wait for less.
func (c *Cache) readAhead(first int64) {
	if first*c.blockSize >= c.src.Size() || c.blocks[first] != nil {
		return
	}
	if c.ahead != nil {
		select {
		case <-c.ahead.done:
		default:
			return
		}
	}
	a := &aheadRun{first: first, length: c.most, done: make(chan struct{})}
	c.ahead = a
	go func() {
		a.bytes, a.err = c.readRun(a.first, a.length)
		close(a.done)
	}()
}

// run returns the run that begins with a block: of twice the length of the one
// that it goes on with, but of nothing that is here.
func (c *Cache) run(number int64) *run {
	i := slices.IndexFunc(c.runs[:], func(r run) bool { return r.length > 0 && r.after == number })
	next := run{length: 1}
	if i < 0 {
		i = places - 1
	} else {
		next.length = min(2*c.runs[i].length, c.most)
	}
	for n := int64(1); n < next.length; n++ {
		if c.blocks[number+n] != nil {
			next.length = n
		}
	}
	next.after = number + next.length
	copy(c.runs[1:i+1], c.runs[:i])
	c.runs[0] = next
	return &c.runs[0]
}

// keepRun keeps the blocks of a run that was read.
func (c *Cache) keepRun(first int64, b []byte) {
	for i := int64(0); i*c.blockSize < int64(len(b)); i++ {
		c.keep(first+i, b[i*c.blockSize:min((i+1)*c.blockSize, int64(len(b)))])
	}
}

func (c *Cache) keep(number int64, b []byte) {
	if e, ok := c.blocks[number]; ok {
		e.Value.(*block).bytes = b
		c.used.MoveToFront(e)
		return
	}
	for c.used.Len() >= c.capacity {
		old := c.used.Remove(c.used.Back()).(*block)
		delete(c.blocks, old.number)
	}
	c.blocks[number] = c.used.PushFront(&block{number, b})
}
