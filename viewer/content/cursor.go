package content

import (
	"context"
	"errors"
	"strconv"
)

// A cursor reads binary data from front to back. What it returns of the data
// is not copied.
type cursor struct {
	data []byte
	at   int
}

func (c *cursor) more() bool { return c.at < len(c.data) }

func (c *cursor) rest() []byte { return c.data[c.at:] }

func (c *cursor) byte() (byte, error) {
	if !c.more() {
		return 0, c.short()
	}
	c.at++
	return c.data[c.at-1], nil
}

// take returns the next n bytes.
func (c *cursor) take(n uint64) ([]byte, error) {
	if n > uint64(len(c.data)-c.at) {
		return nil, c.short()
	}
	c.at += int(n)
	return c.data[c.at-int(n) : c.at], nil
}

// uint reads a number of up to 8 bytes, the highest first.
func (c *cursor) uint(size uint64) (uint64, error) {
	b, err := c.take(size)
	var n uint64
	for _, digit := range b {
		n = n<<8 | uint64(digit)
	}
	return n, err
}

// sized returns the bytes behind a length of size bytes.
func (c *cursor) sized(size uint64) ([]byte, error) {
	n, err := c.uint(size)
	if err != nil {
		return nil, err
	}
	return c.take(n)
}

func (c *cursor) short() error { return c.fail("the data ends too soon") }

// fail returns an error at the place of the cursor.
func (c *cursor) fail(cause string) error {
	return errors.New("byte " + strconv.Itoa(c.at) + ": " + cause)
}

const (
	// maxValues bounds how many values a decoder makes of a body: each takes
	// a hundred times the memory of its byte.
	maxValues = 1 << 19
	// maxDepth bounds how deep values are nested.
	maxDepth = 100
)

var errDeep = errors.New("nested too deeply")

// A budget bounds what a decoder makes of a body.
type budget struct {
	ctx    context.Context
	values int
	err    error // why no more may be spent
}

// spend counts one value.
func (b *budget) spend() error {
	if b.values%yamlNodes == 0 && b.err == nil {
		b.err = b.ctx.Err()
	}
	if b.values++; b.values > maxValues && b.err == nil {
		b.err = errors.New("more than " + strconv.Itoa(maxValues) + " values")
	}
	return b.err
}
