// Package content shows bodies to people.
//
// A [View] never changes what it shows: numbers, order and duplicate keys stay
// as sent, and what it leaves out it counts. Bodies are hostile: what a view
// takes in and gives out is bounded, and one that fails, or panics, gives way
// to text and a note that says so. Output is text, never HTML.
//
// Names, priorities and texts follow mitmproxy's content views, and each view
// says where it departs. To add one, write its file and a line in [All].
//
// https://docs.mitmproxy.org/stable/api/mitmproxy/contentviews.html
package content
