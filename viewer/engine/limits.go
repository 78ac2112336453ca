package engine

import "time"

// What bounds the engine, whatever a capture holds.
const (
	// maxRows is how many rows one window has at the most.
	maxRows = 1000
	// maxBody is how many bytes of a body are decoded to be searched or exported,
	// at the most.
	maxBody = 64 << 20
	// maxShown is how many bytes of a body are decoded and shown, unless more are
	// asked for, and maxAllowed how many then or to be saved, at the most.
	maxShown   = 128 << 20
	maxAllowed = 512 << 20
	// maxInside is how deep into a body one may go.
	maxInside = 16
	// maxFirstBody is how many bytes of the body that is shown first are read
	// before all flows are listed, at the most.
	maxFirstBody = 256 << 10
	// maxLines is how many lines of a body one answer carries.
	maxLines = 5000
	// linesBefore is how many lines are shown in front of one that is sought.
	linesBefore = 10
	// maxWindow is how many bytes of a rendered body one answer carries.
	maxWindow = 1 << 20
	// maxPicture is how many bytes of an image, a font, a sound or a film are
	// drawn or played, at the most.
	maxPicture = 32 << 20
	// maxMessages is how many messages of a conversation the detail lists.
	maxMessages = 2000
	// maxSearched is how many bytes of a message are looked at for a text.
	maxSearched = 1 << 20
	// previewSize is how many bytes of a message the list shows.
	previewSize = 400
	// savedPiece is how many bytes of a file that is saved are sent at once.
	savedPiece = 1 << 20
	// maxSecretFlows is how many flows with secrets are told one by one.
	maxSecretFlows = 500
	// maxIssues is how many issues are told one by one; the rest are counted.
	maxIssues = 100
)

const (
	// slice is how long a computation goes on before it yields.
	slice = 8 * time.Millisecond
	// stride is how many records pass between two looks at the clock, which in
	// a browser costs as much as a tenth of a record.
	stride = 8
	// warmAfter is how long the page has the processors for itself at first, and when
	// a file is read.
	warmAfter = time.Second
	// warmStoreAfter is how long there is no file, and nobody waits for anything, before
	// SQLite is warmed where no session is kept: that takes a browser four seconds of its processors' time, and
	// 110 MB meanwhile.
	warmStoreAfter = 10 * time.Second
	// progressEvery is how often the page hears of reading. It draws what is new,
	// which takes time from the reading where there are few processors.
	progressEvery = 200 * time.Millisecond
	// firstRows is how many flows are read before the page hears of them for
	// the first time.
	firstRows = 50
	// longRead is how many bytes a file has that takes long enough to read for its
	// first rows to be painted before the rest.
	longRead = 64 << 20
	// followEvery is how often a file that is followed is asked for more.
	followEvery = time.Second
	// showFirstFor is how long it is waited for that the first rows of a list are
	// given away.
	showFirstFor = 400 * time.Millisecond
	// rowsFirstFor is how long a filter's rows are waited for before it is said what
	// it means, and what may follow.
	rowsFirstFor = 50 * time.Millisecond
	// paintFor is how long a page may take to paint them.
	paintFor = 70 * time.Millisecond
	// batch is how many flows go into the store at once: a slice's worth in a
	// browser that has just begun to compile SQLite.
	batch = 80
	// pauseAfterCalls is how long nobody must have waited for an answer before
	// a batch goes into the store, or the engine is warmed.
	pauseAfterCalls = 150 * time.Millisecond
	// keptBatch is how many flows are kept in one transaction, and keptBytes
	// after how many bytes of bodies one ends.
	keptBatch = 150
	keptBytes = 2 << 20
	// hotLimit is how many bytes of flows may wait for the store while files
	// are read.
	hotLimit = 128 << 20
)
