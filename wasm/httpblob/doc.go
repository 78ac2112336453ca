// Package httpblob reads what lies behind a URL: in ranges where the host
// offers them, else whole, into memory.
//
// Of another site it asks without credentials and without a referrer, and reads
// what that lets pages elsewhere read (https://fetch.spec.whatwg.org/, section
// HTTP-CORS protocol). Whoever calls it has made sure that the person knows.
package httpblob
