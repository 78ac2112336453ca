package blob

import (
	"container/list"
	"errors"
	"io"
	"sync"
)

// A Cache is a Source that reads another in blocks and keeps the blocks used
// last. Each read of a File in a browser costs most of a millisecond, each
// read of a URL a round trip, and SQLite asks for pages of 4 KiB one by one.
//
// While reads go forward, the run of blocks read at once doubles, up to
// maxRun.
type Cache struct {
	src       Source
	blockSize int64
	capacity  int

	mu     sync.Mutex
	blocks map[int64]*list.Element // by block number
	used   *list.List              // of *block, the one used last in front
	run    int64
	after  int64 // the block after the last run
}

type block struct {
	number int64
	bytes  []byte
}

const maxRun = 16

// NewCache returns a Cache over src that keeps up to capacity blocks of
// blockSize bytes.
func NewCache(src Source, blockSize, capacity int) *Cache {
	return &Cache{
		src: src, blockSize: int64(blockSize), capacity: max(capacity, maxRun),
		blocks: map[int64]*list.Element{}, used: list.New(), after: -1,
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

func (c *Cache) block(number int64) ([]byte, error) {
	if e, ok := c.blocks[number]; ok {
		c.used.MoveToFront(e)
		return e.Value.(*block).bytes, nil
	}
	if number == c.after {
		c.run = min(max(c.run, 1)*2, maxRun)
	} else {
		c.run = 1
	}
	start := number * c.blockSize
	b := make([]byte, min(c.run*c.blockSize, c.src.Size()-start))
	if _, err := io.ReadFull(io.NewSectionReader(c.src, start, int64(len(b))), b); err != nil {
		c.after = -1
		return nil, err
	}
	c.after = number + c.run
	for i := int64(0); i*c.blockSize < int64(len(b)); i++ {
		c.keep(number+i, b[i*c.blockSize:min((i+1)*c.blockSize, int64(len(b)))])
	}
	return c.blocks[number].Value.(*block).bytes, nil
}

func (c *Cache) keep(number int64, b []byte) {
	if e, ok := c.blocks[number]; ok {
		c.used.MoveToFront(e)
		return
	}
	for c.used.Len() >= c.capacity {
		old := c.used.Remove(c.used.Back()).(*block)
		delete(c.blocks, old.number)
	}
	c.blocks[number] = c.used.PushFront(&block{number, b})
}
