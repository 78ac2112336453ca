// Package flow is what a flow says: values derived from a captured
// [flowpb.Flow], such as its URL, its sizes, its decoded body, and nothing that
// the capture does not say.
//
// Every function is pure, keeps the flow as it is, and answers on any input,
// nil included. Absent and empty differ: where the difference matters a second
// result tells. Text is returned as captured: it may hold bytes that are not
// UTF-8.
//
// The rules are those of mitmproxy (flow format 21), so that a filter finds
// here what it finds there. Where a function departs from them it says so.
//
// https://docs.mitmproxy.org/stable/api/mitmproxy/http.html
package flow
