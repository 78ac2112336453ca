package seal

import (
	"bytes"
	"hash/crc32"
	"testing"
)

func sum(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// FuzzOpen: whatever a host makes of a file, nothing is read of it but the
// beginning of what was written, and all of it only of the file as it was.
func FuzzOpen(f *testing.F) {
	plain := random(smallSize)
	file, key := small.read(f) // the same in each process of the fuzzer
	const long = minChunk + Overhead
	for _, seed := range [][]byte{
		file, nil, file[:headerSize], file[:headerSize+Overhead], file[:len(file)-1], file[:headerSize+2*long],
		append(bytes.Clone(file[:headerSize]), file[headerSize+long:]...),
		append(bytes.Clone(file), 0),
		[]byte("Flowpane sealed\n\x02"), []byte("SQLite format 3\x00"),
	} {
		f.Add(seed, true)
	}
	damaged := bytes.Clone(file)
	damaged[atChunk+1] = 0x7f
	f.Add(damaged, true)
	damaged = bytes.Clone(file)
	damaged[headerSize+long+3]++
	f.Add(damaged, false)
	f.Fuzz(func(t *testing.T, data []byte, resum bool) {
		if resum && len(data) >= headerSize { // so that more than the sum is looked at
			data = bytes.Clone(data)
			h := header(data[:headerSize])
			s := sum(h[:atSum])
			data[atSum], data[atSum+1], data[atSum+2], data[atSum+3] = byte(s>>24), byte(s>>16), byte(s>>8), byte(s)
		}
		got, err := unsealed(t, data, key)
		if !bytes.HasPrefix(plain, got) {
			t.Fatalf("%d bytes were read that nobody wrote", len(got))
		}
		if err == nil && !bytes.Equal(data, file) {
			t.Fatalf("%d bytes that are not the file open", len(data))
		}
	})
}
