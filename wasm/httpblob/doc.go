// Package httpblob reads what lies behind a URL: in ranges where the host
// offers them, else whole, into memory.
package httpblob
