package store

import (
	"io"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// memName is the one file of a memVFS.
const memName = "store"

// sectorSize is what a file in memory grows by, in bytes. A slice that doubles
// would copy, and hold, twice the file.
const sectorSize = 64 << 10

// memVFS holds one database in memory, for one connection. That of
// go-sqlite3's memdb links the package testing.
//
// Source: https://sqlite.org/c3ref/vfs.html
type memVFS struct{ file memFile }

func (v *memVFS) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	switch {
	case flags&vfs.OPEN_MAIN_DB != 0 && name == memName:
		return &v.file, flags | vfs.OPEN_MEMORY, nil
	case flags&(vfs.OPEN_TEMP_DB|vfs.OPEN_TRANSIENT_DB) != 0:
		return new(memFile), flags | vfs.OPEN_MEMORY, nil
	case flags&vfs.OPEN_TEMP_JOURNAL != 0:
		return new(tempJournal), flags | vfs.OPEN_MEMORY, nil
	}
	// A database in memory has its journal in memory too, without being asked.
	return nil, flags, sqlite3.CANTOPEN
}

func (*memVFS) Delete(string, bool) error                   { return sqlite3.IOERR_DELETE_NOENT }
func (*memVFS) Access(string, vfs.AccessFlag) (bool, error) { return false, nil }
func (*memVFS) FullPathname(name string) (string, error)    { return name, nil }

// memFile is a file in memory. Bytes that were never written are zero.
type memFile struct {
	mu      sync.RWMutex
	sectors []*[sectorSize]byte
	size    int64
}

func (f *memFile) ReadAt(p []byte, offset int64) (n int, err error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for n < len(p) && offset < f.size {
		sector := f.sectors[offset/sectorSize]
		end := min(sectorSize, f.size-offset/sectorSize*sectorSize)
		m := copy(p[n:], sector[offset%sectorSize:end])
		n, offset = n+m, offset+int64(m)
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *memFile) WriteAt(p []byte, offset int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if end := offset + int64(len(p)); end > f.size {
		f.resize(end)
	}
	for n < len(p) {
		m := copy(f.sectors[offset/sectorSize][offset%sectorSize:], p[n:])
		n, offset = n+m, offset+int64(m)
	}
	return n, nil
}

// resize sets the size. What lies beyond it is zero when the file grows again.
func (f *memFile) resize(size int64) {
	count := int((size + sectorSize - 1) / sectorSize)
	for len(f.sectors) < count {
		f.sectors = append(f.sectors, new([sectorSize]byte))
	}
	clear(f.sectors[count:])
	f.sectors = f.sectors[:count]
	if rest := size % sectorSize; rest != 0 && size < f.size {
		clear(f.sectors[count-1][rest:])
	}
	f.size = size
}

func (f *memFile) Truncate(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size < f.size {
		f.resize(size)
	}
	return nil
}

func (f *memFile) Size() (int64, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.size, nil
}

func (*memFile) Close() error                     { return nil }
func (*memFile) Sync(vfs.SyncFlag) error          { return nil }
func (*memFile) Lock(vfs.LockLevel) error         { return nil }
func (*memFile) Unlock(vfs.LockLevel) error       { return nil }
func (*memFile) CheckReservedLock() (bool, error) { return false, nil }
func (*memFile) SectorSize() int                  { return 0 }
func (*memFile) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_ATOMIC | vfs.IOCAP_SEQUENTIAL | vfs.IOCAP_SAFE_APPEND | vfs.IOCAP_POWERSAFE_OVERWRITE | vfs.IOCAP_SUBPAGE_READ
}

// tempJournal is where a large sort of SQLite spills.
type tempJournal struct{ vfsutil.SliceFile }

func (*tempJournal) Lock(vfs.LockLevel) error         { return nil }
func (*tempJournal) Unlock(vfs.LockLevel) error       { return nil }
func (*tempJournal) CheckReservedLock() (bool, error) { return false, nil }
