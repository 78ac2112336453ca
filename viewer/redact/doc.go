// Package redact takes secrets out of flows before they leave the machine, and
// makes sure that they are gone.
//
// It goes through the flows twice. A survey finds what is secret by where it
// stands (a header, a cookie, a field by its name) and by its shape (a token, a
// key, an address of mail) in each body as far as it can be decoded, and gives
// each value a placeholder. The second time each value is replaced where it was
// found, and wherever else it stands: the same value by the same placeholder, so
// that flows still correlate. What was decoded is encoded again, and lengths are
// those of the new bodies. All else stays byte for byte.
//
// A [Watch] then looks at what was made of them, decoded in every way a reader
// would, for each value that is to be gone.
//
// Nobody can promise that a capture holds no secret that has neither a name nor
// a shape. The report says what was taken out, and by a Policy a person adds
// what they know.
package redact
