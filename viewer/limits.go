package viewer

// A Limit is a bound that a capture can meet, however it was made. Each is a named
// constant of the package that enforces it; they are listed here, so that they can
// be seen together. A test compares the list with the code.
type Limit struct {
	// Constant is the package, as of this module's folder viewer, and the name.
	Constant string
	// Value is how the code has it, in bytes unless About says otherwise.
	Value string
	// About says what is bounded.
	About string
	// Told is a part of what a person reads who meets it, as the package has it, or
	// of what carries that to the page.
	Told string
	// Met is the test that meets it.
	Met string
}

// Limits returns all of them, by what one does.
func Limits() []Limit {
	return []Limit{
		// What is opened.
		{"session/archive.MaxSize", "2 << 30", "what a compressed file takes when it is decompressed", "MiB when it is decompressed", "session/archive.TestLimits"},
		{"session/archive.maxAttachment", "256 << 20", "how much of one attachment of an archive", "too many to be decompressed", "session/archive.TestLargeAttachment"},
		{"session/mitm.maxDepth", "200", "how deep lists and dicts of a dump nest", "nested too deeply", "session/mitm.TestDepth"},
		{"session/har.maxDepth", "10_000", "how deep values of an archive nest", "values nest deeper than ", "session/har.TestNesting"},
		{"jsontext.MaxDepth", "10_000", "how deep values nest in JSON that is laid out or searched", "nested too deeply", "jsontext.TestErrors"},
		{"session/pbstream.maxNesting", "4", "how many backups a flow has within each other", "backups nest too deeply", "session/pbstream.TestNestedBackups"},
		{"session/pbstream.maxField", "64 << 20", "how long a field is that is no content", "a field is too long", "session/pbstream.TestLongField"},
		{"session/sessiondb.maxValue", "1e9", "how long a value of a database is, and no longer than its file", "LIMIT_LENGTH", "session/sessiondb.TestValueTooLong"},
		{"session/sessiondb.maxSchema", "400 << 10", "how many bytes the pages of the schema of a database have", "its schema has more tables than any session", "session/sessiondb.TestManyTables"},
		{"session/sessiondb.maxSQL", "100_000", "how long a statement is, in the schema of a file too", "LIMIT_SQL_LENGTH", "session/sessiondb.TestValueTooLong"},
		{"session/sessiondb.maxExprDepth", "10", "how deep an expression nests", "LIMIT_EXPR_DEPTH", "session/sessiondb.TestValueTooLong"},
		{"session/sessiondb.maxAttached", "0", "how many databases one opens", "LIMIT_ATTACHED", "session/sessiondb.TestDefence"},
		{"session/sessiondb.maxColumn", "64 << 20", "how long a column of a packed database is", "the column is too large", "session/sessiondb.TestDamagedColumns"},
		{"session/inline.MaxSize", "16 << 20", "what a session in a link unpacks to", "which none does that this viewer packs", "session/inline.TestRefused"},
		{"wasm/httpblob.maxWhole", "1 << 30", "how much a host sends that does not send parts", "Save the file and drop it here", "wasm/e2e.TestRemoteTooLarge"},
		{"engine.maxIssues", "100", "how many problems are told one by one", "IssuesTotal", "engine.TestManyIssues"},
		{"api.maxReadable", "1000", "how much is told of one problem", "\u2026", "api.TestReadable"},
		{"screen.keptIssues", "200", "how many problems the page lists", "more\"", "screen.TestManyIssues"},
		// What is searched and filtered.
		{"engine.maxBody", "64 << 20", "how much of a body is searched or exported", "are searched or exported: save it to look into it", "engine.TestBodyTooLarge"},
		{"engine.maxHits", "100_000", "how many hits are found in one body", "HitsMore", "engine.TestManyHits"},
		{"filter.maxDepth", "200", "how deep a filter nests", "nested too deeply", "filter.TestErrors"},
		{"filter.maxGroups", "200", "how deep groups of a regex nest", "groups nested too deeply", "filter.TestRegexRefused"},
		{"filter.patience", "time.Second", "how long a regex may take over a text", "the regex takes too long", "filter.TestBacktrackingIsGivenUp"},
		// What is shown.
		{"engine.maxShown", "128 << 20", "how much of a body is decoded and shown at first", "the first %d shown", "wasm/e2e.TestBombs"},
		{"engine.maxAllowed", "512 << 20", "how much of it is at the most, or decoded to be saved", "save the body as it was sent to see the rest", "engine.TestMostAllowed"},
		{"engine.maxCell", "2 << 10", "how much of a text the table shows", " more bytes)", "engine.TestLongTexts"},
		{"engine.maxValue", "64 << 10", "how much of a header, an address or another value the detail shows", " more bytes)", "engine.TestLongTexts"},
		{"engine.maxFields", "2000", "how many headers it lists", " more \"", "engine.TestLongTexts"},
		{"engine.maxInside", "16", "how deep one goes into a body", "save the body and open it by itself", "engine.TestDeepInside"},
		{"engine.maxPicture", "32 << 20", "how large a picture, a font, a sound or a film is that is drawn or played", "that are drawn or played: save it", "engine.TestLargePicture"},
		{"engine.maxCompared", "2 << 20", "how much of two bodies is compared", "save both to compare the rest", "engine.TestLongComparison"},
		{"engine.maxCompareRows", "2000", "how many rows of a comparison are shown", "Skipped", "engine.TestLongComparison"},
		{"screen.maxCopied", "32 << 20", "how long a text is that is copied", "it is too long to be copied: save it as a file", "screen.TestLongCopy"},
		{"flow.maxEncodings", "8", "how many content encodings are undone, one by one", "ErrEncoding", "flow.TestDecodeErrors"},
		{"content.MaxData", "32 << 20", "how much of a body a view lays out that has to have it whole", "the first ", "content.TestLargeBody"},
		{"content.maxTime", "10 * time.Second", "how long such a view takes", "it takes longer than ", "content.TestSlow"},
		{"content.maxPieces", "2_000_000", "how many parts it makes", "too many parts to be laid out", "content.TestTooManyPieces"},
		{"content.maxValues", "1 << 19", "how many values it decodes", "more than ", "content.TestCBOR"},
		{"content.maxDepth", "100", "how deep these nest", "nested too deeply", "content.TestCBOR"},
		{"content.jsonDepth", "1000", "how deep JSON nests that is indented", "nested too deeply", "content.TestJSONErrors"},
		{"content.jsonMax", "128 << 20", "how long it is when it is indented", "indented it would be too long", "content.TestJSONErrors"},
		{"content.textMax", "64 << 20", "how long decoded values are when they are indented", "indented it would be too long", "content.TestYAMLBounds"},
		{"content.streamMax", "512 << 20", "how long a text is that is laid out piece by piece", "the text would be longer than ", "content.TestStreamBound"},
		{"content.maxPreview", "8 << 20", "how long a document is that has a preview", "previewed", "content.TestPreview"},
		{"content.maxBinary", "1024", "how much of a part is shown that is no text", "the first ", "content.TestMultipartBounds"},
		{"content.maxTypes", "1 << 19", "how many declarations a descriptor set has", " declarations", "content.TestParseSchemas"},
		// What is kept and shared.
		{"store.maxBody", "1e9 - 1000", "how long a body is that is kept", "leftOut", "store.TestKeepTooLong"},
		{"store.maxContent", "64 << 20", "how long a flow is without its bodies", "too large to be stored", "store.TestFinish"},
		{"engine.maxInlineFlows", "5000", "how many flows are tried to fit into a link", "inline.ErrLong", "engine.TestManyFlowsInLink"},
		{"redact.maxBody", "64 << 20", "how much of a body is looked into for secrets; a larger one is taken out", "too large to look into", "redact.TestTooLarge"},
		{"redact.maxUnpacked", "2 * maxBody", "how much is unpacked of what is compressed within a body, in all; what is more is taken out", "body: %s, %d bytes", "redact.TestLargePacked"},
		{"session/inline.MaxText", "32 << 10", "how many characters a session in a link has", "these flows do not fit into a link", "session/inline.TestTooLong"},
	}
}
