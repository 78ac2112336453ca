package seal

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"sync"

	"flowpane/viewer/blob"
)

const (
	// keeps is how many chunks stay decrypted: what reads byte by byte, in a few
	// places at a time, decrypts none twice.
	keeps = 4
	// maxRun is how many bytes of the sealed file are read at once at the most.
	maxRun = 4 << 20
)

// Open returns the plaintext of src, a sealed file. It reads the header and the
// last chunk. The cipher is [Host] if nil; reads end when ctx is cancelled.
//
// The error is [ErrNotSealed], [ErrNewer], [ErrWrongKey], or a *[DamageError],
// if it is not one of src. A read of what is damaged returns what stands before
// it and a *DamageError; bytes that are not authentic it never returns.
//
// Of a src that is [blob.Blocked] the plaintext is too, by chunks, so that what
// is read in blocks there takes one read of src for each run.
func Open(ctx context.Context, src blob.Source, key Key, cipher NewCipher) (blob.Source, error) {
	h, err := readHeader(src)
	if err != nil {
		return nil, err
	}
	chunks, err := h.unlock(key)
	if err != nil {
		return nil, err
	}
	if cipher == nil {
		cipher = Host
	}
	s := &source{ctx: ctx, src: src, header: h, chunk: h.chunk()}
	if s.cipher, err = cipher(chunks); err != nil {
		return nil, err
	}
	if err := s.measure(); err != nil {
		return nil, err
	}
	if b, ok := src.(blob.Blocked); ok {
		size, run := b.Blocks()
		return &blocked{s, max(1, size*run/int(s.chunk))}, nil
	}
	return s, nil
}

// A source is the plaintext of a sealed file.
type source struct {
	ctx    context.Context
	src    blob.Source
	cipher Cipher
	header header
	chunk  int64 // the plaintext of a chunk that is not the last, in bytes
	last   int64 // the number of the last chunk
	size   int64 // of the plaintext, in bytes

	mu   sync.Mutex
	kept []opened // the one used last in front
}

// An opened chunk.
type opened struct {
	number int64
	plain  []byte
}

// blocked is a source over one that is read in blocks.
type blocked struct {
	*source
	run int // in chunks
}

// Blocks implements blob.Blocked.
func (b *blocked) Blocks() (size, run int) { return int(b.chunk), b.run }

// measure finds out how long the plaintext is, and makes sure that it ends
// there.
func (s *source) measure() error {
	sealed := s.src.Size() - headerSize
	s.last = max(0, sealed-1) / (s.chunk + Overhead)
	s.size = sealed - (s.last+1)*Overhead
	length := s.length(s.last)
	if length < 0 || length == 0 && s.last > 0 || s.last > math.MaxUint32 {
		return s.damage(s.last)
	}
	b := make([]byte, length)
	if _, err := s.read(s.last, [][]byte{b}); err != nil {
		return err
	}
	s.keep(s.last, b)
	return nil
}

func (s *source) damage(number int64) error {
	return &DamageError{Chunk: number, Offset: s.place(number), Last: number == s.last}
}

// place returns where a chunk begins in the sealed file.
func (s *source) place(number int64) int64 { return headerSize + number*(s.chunk+Overhead) }

// length returns how much plaintext a chunk holds.
func (s *source) length(number int64) int64 { return min(s.chunk, s.size-number*s.chunk) }

// Size implements blob.Source.
func (s *source) Size() int64 { return s.size }

// ReadAt implements blob.Source.
func (s *source) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, errors.New("seal: negative offset")
	}
	want := int(max(0, min(int64(len(p)), s.size-offset)))
	for n < want {
		at := offset + int64(n)
		if b := s.find(at / s.chunk); b != nil {
			n += copy(p[n:], b[at%s.chunk:])
			continue
		}
		read, err := s.readRun(p[n:want], at)
		if n += read; err != nil {
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// readRun reads as much of p as one read of the file gives. Chunks that p holds
// as a whole are decrypted where they belong; others are kept.
func (s *source) readRun(p []byte, offset int64) (n int, err error) {
	first := offset / s.chunk
	last := min((offset+int64(len(p))-1)/s.chunk, first+max(0, maxRun/s.chunk-1))
	plain := make([][]byte, last-first+1)
	for i := range plain {
		number := first + int64(i)
		if plain[i] = s.within(p, offset, number); plain[i] == nil {
			plain[i] = make([]byte, s.length(number))
		}
	}
	good, err := s.read(first, plain)
	for i, b := range plain[:good] {
		number := first + int64(i)
		n += copy(p[n:], b[max(0, offset-number*s.chunk):])
		if s.within(p, offset, number) == nil {
			s.keep(number, b)
		}
	}
	return n, err
}

// within returns the bytes of p, which begins at offset, that are a chunk; nil
// if not all of it is in p.
func (s *source) within(p []byte, offset, number int64) []byte {
	from := number*s.chunk - offset
	to := from + s.length(number)
	if from < 0 || to > int64(len(p)) {
		return nil
	}
	return p[from:to]
}

// read decrypts chunks that follow each other, by one read of the file, into
// slices of their lengths. It returns how many of the first are authentic.
func (s *source) read(first int64, plain [][]byte) (good int, err error) {
	length := 0
	for _, b := range plain {
		length += len(b) + Overhead
	}
	section, err := blob.Section(s.src, s.place(first), int64(length))
	if err != nil {
		return 0, err
	}
	sealed, err := blob.ReadAll(section)
	if err != nil {
		return 0, err
	}
	// At the same time: a browser has threads for this, which Go has not there.
	errs := make([]error, len(plain))
	var all sync.WaitGroup
	for i, b := range plain {
		one := sealed[:len(b)+Overhead]
		sealed = sealed[len(one):]
		all.Go(func() { errs[i] = s.open(b, one, first+int64(i)) })
	}
	all.Wait()
	for good < len(errs) && errs[good] == nil {
		good++
	}
	if good < len(errs) {
		err = errs[good]
	}
	return good, err
}

// open decrypts a chunk.
func (s *source) open(plain, sealed []byte, number int64) error {
	err := s.cipher.Open(s.ctx, plain, s.header.nonce(uint32(number), number == s.last), sealed, s.header[:])
	if errors.Is(err, ErrForged) {
		return s.damage(number)
	}
	return err
}

// find returns a chunk that is kept, nil if it is not.
func (s *source) find(number int64) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.kept, func(o opened) bool { return o.number == number })
	if i < 0 {
		return nil
	}
	found := s.kept[i]
	copy(s.kept[1:i+1], s.kept[:i])
	s.kept[0] = found
	return found.plain
}

// keep keeps a chunk, in place of the one that was not used for longest.
func (s *source) keep(number int64, plain []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = slices.DeleteFunc(s.kept, func(o opened) bool { return o.number == number })
	s.kept = slices.Insert(s.kept[:min(len(s.kept), keeps-1)], 0, opened{number, plain})
}
