// Package opfs keeps SQLite databases in the origin private file system of the
// browser, in one directory. It works in a worker whose script provides
// flowpane.readHandle and flowpane.writeHandle.
//
// SQLite asks for files and waits for the answer, and the browser opens them
// only asynchronously. So [Open] acquires what a database can need, the file,
// its rollback journal and its write-ahead log, before SQLite is asked to open
// it. The handles are exclusive: while one tab has a database open, another gets
// [ErrLocked].
//
// With a log it is safe to kill the worker, or the machine, at any moment: who
// opens the database next finds it as it was after its last transaction, or, of
// the machine, after one of the last.
//
// Source: https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle
package opfs
