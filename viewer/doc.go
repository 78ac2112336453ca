// Package viewer is Flowpane: it opens a capture session in the browser and
// lets a person filter, read and share its flows. This page is its
// architecture; the packages below it hold the code.
//
//	  page (main thread)                        engine (worker)
//	┌──────────────────────┐   frames    ┌──────────────────────────────────┐
//	│ ui  ->  screen ->  api ────────────> api  ->  engine                  │
//	│ DOM     decisions    │ MessagePort │            │                     │
//	└──────────────────────┘             │            ├ session/* readers   │
//	                                     │            ├ view      columns   │
//	                                     │            ├ store     SQLite    │
//	                                     │            ├ filter    language  │
//	                                     │            └ content   views     │
//	                                     │  blob: a File, a URL, memory     │
//	                                     └──────────────────────────────────┘
//
// Three sentences decide most questions. Nothing leaves the machine. The
// capture is evidence: what is shown is what was captured, absent is not
// empty, and a damaged record is reported while the rest is shown. Cost
// follows what is looked at, not the size of the file.
//
// # A file becomes rows
//
// session.Detect asks each format of session/formats whether a file is its
// own, by its content. A session.Reader streams the file once and yields flows
// (flowpb.Flow) whose bodies are references: an offset and a length in the
// file, or a row of a session database. The engine makes a flow.Summary of each
// and appends it to the columns of the view: rows are listed at the speed of
// reading. Where a flow can be read again in its place (session.Scanner) nothing
// else is kept of it. Other flows go into the store, whose hot half answers until
// a batch has gone into SQLite. A packed session database has a list of its flows
// in columns (session.Lister), which over HTTP is a small part of it, and finds
// the flow that a link names before it lists the others (session.Finder). Of
// several files, flows that two hold identically are listed once. A dump that is
// being written can be followed (session.Follower).
//
// A file may lie at another site: the page names it, and the engine asks for
// nothing there before a person has agreed. A small session may be in the link as
// a whole (session/inline).
//
// # A session is kept
//
// Keep copies the flows with their bodies into a store on the engine's Shelf, the
// browser's own file system, in batches. It opens again without its file: the
// narrow index gives the rows, the store the flows. What a person says of a flow
// goes before what the flow says, and into the table annotation at once.
//
// # Rows become a file
//
// session/formats lists a session.Writer for each kind of file that flows can
// be saved as. It goes through the flows, reads bodies
// where they lie, and streams; the page gets the file in pieces. What a kind of
// file cannot hold is counted before.
//
// # Flows leave
//
// Files and links go through one door, Engine.Save or Engine.MakeLink; what a person
// copies of a flow, or saves of one body, is as it was captured. Package
// redact surveys the flows and takes out what is secret; what was written goes to
// a Scratch, is read again as anybody would read it, and is given out only if
// nothing is found that was to be gone. A person sees before, by kind, name and
// flow, what that is. A few flows fit into a link (session/inline).
//
// A file that is to lie on a public host is encrypted on its way (package seal),
// chunk by chunk, so that it is still read in place; the key is in the fragment
// of the link, which no host sees. The engine opens what is in such a file as it
// opens any other.
//
// Package bundle puts such a file and the viewer together: into a folder for any
// host, or into one page, which has both binaries as one program (wasm/whole) and
// opens from a disk.
//
// # A filter becomes a view
//
// filter.Parse makes a tree, with positions in its errors. view.Watch applies
// it to the columns, in slices of a few milliseconds, and loads flows or
// bodies only for the conditions that need them, cheapest first. Each state of
// the view has a revision; its first rows come with it, and the page asks for
// windows of others, never for all. The page asks for the view of what is typed
// at once; what is wrong gets none, and the view before goes on.
// A search of bodies that takes long is shared with other engines, each in a
// worker on a processor of its own, that read the same file (engine.Helper).
//
// What is said of all flows of a view at once, the strip of time and the overview,
// is counted over the same columns (view.Timeline, view.Overview). Each group that
// is counted comes with the term of a filter that shows it.
//
// # A flow becomes text
//
// A body is read where it lies, decoded (package flow) and laid out by a content
// view (package content), of a long one piece by piece. The engine keeps the text
// that was made last; the page asks for windows of its lines, which may be folded,
// and for what is found in all of it. Captured text reaches the document as text
// nodes alone; what is found in it and what colours it are ranges, not elements.
// Markup is drawn in a sandboxed frame, when asked for. Package export writes a flow for other programs, package
// diff puts two beside each other.
//
// # Two binaries, one boundary
//
// The page links neither SQLite nor decoders, so that it paints at once; the
// engine links no document. They speak the messages of proto/viewer.proto over
// package api: ids, many replies, cancel, windows. api.NewPipe joins both in
// one process, so everything but the document and the browser's adapters is
// tested on the host.
//
// Rows that are out of sight are not in the document; what a person chose of the
// page is in the browser's storage, and what they look at in its address.
//
// static/sw.js keeps the files of a build for times without a network. It sees no
// session: what is not a file of the page passes it untouched.
//
// # Where the browser is
//
// Only wasm/ and viewer/ui import syscall/js. wasm/port carries frames,
// wasm/fileblob and wasm/httpblob are blob.Sources over a File and a URL,
// wasm/opfs is where a store keeps its database in the browser, and
// wasm/webcrypto encrypts. A worker has one thread: long computations yield
// through the engine's Config.Yield, so that a cancel is seen between two slices.
//
// An engine that ends, for want of memory as a rule, is started again and shows
// what was shown; one that ends again shows less (screen.Restart). A host that does
// not answer is waited for (blob.Patiently). What a capture can meet the bounds of
// is listed by [Limits].
//
// Who may import whom is a table in deps_test.go, and a test; so is limits.go, of
// what stops where. Two packages are there for tests alone: hostile makes the files
// that nobody should have to open, redact/planted flows with secrets in them.
package viewer
