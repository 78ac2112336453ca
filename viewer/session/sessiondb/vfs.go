package sessiondb

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"

	"flowpane/viewer/blob"
)

// sourceVFS shows SQLite one file, which is never written, and temporary files
// in memory. The VFS of go-sqlite3's readervfs passes temporary files on to
// the operating system, which a browser does not have.
//
// Source: https://sqlite.org/c3ref/vfs.html
type sourceVFS struct {
	src  *blob.Cache
	size int64        // what SQLite is told
	seen atomic.Int64 // how far into the file was read

	nodes  atomic.Pointer[nodes] // what is known of the pages before they are read
	failed atomic.Pointer[error] // why the file could not be read, the last time
}

// cause returns why the file could not be read, in place of SQLite's word that
// it could not, which is all it says while a database is opened; any other err
// it returns as it is.
func (v *sourceVFS) cause(err error) error {
	if failed := v.failed.Load(); failed != nil && errors.Is(err, sqlite3.IOERR) {
		return *failed
	}
	return err
}

// fileName is the one name that the VFS knows.
const fileName = "session"

func (v *sourceVFS) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if name == "" || flags&vfs.OPEN_DELETEONCLOSE != 0 {
		return new(tempFile), flags | vfs.OPEN_MEMORY, nil
	}
	if name != fileName || flags&vfs.OPEN_MAIN_DB == 0 {
		return nil, flags, sqlite3.CANTOPEN
	}
	return sourceFile{v}, flags | vfs.OPEN_READONLY, nil
}

func (*sourceVFS) Delete(string, bool) error                   { return sqlite3.IOERR_DELETE }
func (*sourceVFS) Access(string, vfs.AccessFlag) (bool, error) { return false, nil }
func (*sourceVFS) FullPathname(name string) (string, error)    { return name, nil }

// sourceFile is the database. SQLite takes no locks on an immutable file and
// looks for no journal beside it.
type sourceFile struct{ v *sourceVFS }

func (f sourceFile) ReadAt(p []byte, offset int64) (int, error) {
	if nodes := f.v.nodes.Load(); nodes != nil && len(p) == writtenPage && offset%writtenPage == 0 {
		number := offset/writtenPage + 1
		if page := nodes.pages[number]; page != nil {
			return copy(p, page), nil
		}
		if before := nodes.before(number); before > 0 {
			f.v.src.Reach(offset-before*writtenPage, (before+1)*writtenPage)
		}
	}
	n, err := f.v.src.ReadAt(p, offset)
	if end := offset + int64(n); end > f.v.seen.Load() {
		f.v.seen.Store(end)
	}
	if n == len(p) || err == nil && n > 0 {
		return n, nil
	}
	if errors.Is(err, io.EOF) && offset+int64(n) < f.v.src.Size() {
		// SQLite would take the missing bytes for zeros.
		err = blob.ErrGone
	}
	if err != nil && err != io.EOF {
		f.v.failed.Store(&err)
	}
	return n, err
}

func (f sourceFile) Size() (int64, error)             { return f.v.size, nil }
func (sourceFile) Close() error                       { return nil }
func (sourceFile) WriteAt([]byte, int64) (int, error) { return 0, sqlite3.READONLY }
func (sourceFile) Truncate(int64) error               { return sqlite3.READONLY }
func (sourceFile) Sync(vfs.SyncFlag) error            { return nil }
func (sourceFile) Lock(vfs.LockLevel) error           { return nil }
func (sourceFile) Unlock(vfs.LockLevel) error         { return nil }
func (sourceFile) CheckReservedLock() (bool, error)   { return false, nil }
func (sourceFile) SectorSize() int                    { return 0 }
func (sourceFile) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_IMMUTABLE | vfs.IOCAP_SUBPAGE_READ
}

// tempFile is what SQLite spills a large sort into. One connection uses it.
type tempFile struct{ vfsutil.SliceFile }

func (*tempFile) Lock(vfs.LockLevel) error         { return nil }
func (*tempFile) Unlock(vfs.LockLevel) error       { return nil }
func (*tempFile) CheckReservedLock() (bool, error) { return false, nil }
