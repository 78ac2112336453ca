package opfs

import (
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// A handle is an open file. ReadAt returns io.EOF where the file ends, and
// WriteAt and Truncate make it longer where they must.
type handle interface {
	ReadAt(p []byte, offset int64) (int, error)
	WriteAt(p []byte, offset int64) (int, error)
	Truncate(size int64) error
	Size() (int64, error)
	Flush() error
}

// What the names of the files beside a database end in. SQLite needs the journal
// to turn the log on and off.
const (
	journalSuffix = "-journal"
	logSuffix     = "-wal"
)

// fileVFS is an SQLite VFS of one database, by whatever name it is opened, for
// one connection at a time, which must ask for an exclusive lock before it uses
// the write-ahead log. A file beside the database that is empty does not exist.
//
// Source: https://sqlite.org/c3ref/vfs.html
type fileVFS struct {
	database, journal, log handle
	open                   bool
}

// Open refuses the database to a second connection: nothing would keep the two
// apart.
func (v *fileVFS) Open(_ string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	switch {
	case flags&vfs.OPEN_MAIN_DB != 0 && !v.open:
		v.open = true
		return &file{handle: v.database, close: func() { v.open = false }}, flags, nil
	case flags&vfs.OPEN_MAIN_JOURNAL != 0:
		return &file{handle: v.journal, close: func() {}}, flags, nil
	case flags&vfs.OPEN_WAL != 0:
		return &file{handle: v.log, close: func() {}}, flags, nil
	case flags&(vfs.OPEN_TEMP_DB|vfs.OPEN_TRANSIENT_DB|vfs.OPEN_TEMP_JOURNAL|vfs.OPEN_SUBJOURNAL) != 0:
		return new(tempFile), flags | vfs.OPEN_MEMORY, nil
	}
	return nil, flags, sqlite3.CANTOPEN
}

// beside returns the file beside the database that has a name, or nil.
func (v *fileVFS) beside(name string) handle {
	switch {
	case strings.HasSuffix(name, journalSuffix):
		return v.journal
	case strings.HasSuffix(name, logSuffix):
		return v.log
	}
	return nil
}

// Delete empties a file for good: the next of its name has nothing of it, even
// if the power is cut.
func (v *fileVFS) Delete(name string, _ bool) error {
	f := v.beside(name)
	if f == nil {
		return sqlite3.IOERR_DELETE_NOENT
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	return f.Flush()
}

func (v *fileVFS) Access(name string, _ vfs.AccessFlag) (bool, error) {
	if f := v.beside(name); f != nil {
		size, err := f.Size()
		return size > 0, err
	}
	return false, nil
}

func (*fileVFS) FullPathname(name string) (string, error) { return name, nil }

// file is a file of the database. The handle is the lock.
type file struct {
	handle
	close func()
}

func (f *file) Close() error {
	f.close()
	return nil
}

func (f *file) Sync(vfs.SyncFlag) error        { return f.Flush() }
func (*file) Lock(vfs.LockLevel) error         { return nil }
func (*file) Unlock(vfs.LockLevel) error       { return nil }
func (*file) CheckReservedLock() (bool, error) { return false, nil }
func (*file) SectorSize() int                  { return 0 }
func (*file) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_POWERSAFE_OVERWRITE | vfs.IOCAP_UNDELETABLE_WHEN_OPEN | vfs.IOCAP_SUBPAGE_READ
}

// tempFile is where SQLite keeps what it needs for one statement.
type tempFile struct{ vfsutil.SliceFile }

func (*tempFile) Lock(vfs.LockLevel) error         { return nil }
func (*tempFile) Unlock(vfs.LockLevel) error       { return nil }
func (*tempFile) CheckReservedLock() (bool, error) { return false, nil }
