// Package har reads and writes HTTP Archives: HAR 1.1 and 1.2 as browsers,
// proxies and tools write them, and the same wrapped in a callback (.harp).
//
// A file is read once, in large chunks, and an entry becomes a flow as it goes
// by. Bodies longer than 1 KiB stay in the file and flows refer to them; so
// memory is bounded by the largest single value that is no body. A damaged
// entry is reported and passed over.
//
// # What becomes what
//
// A member that is listed here moves: it is in the flow and no longer in the
// JSON that the flow keeps, unless "kept" is said. A member that is not listed,
// or whose value is not of the type that is listed, stays as written in the
// JSON object of the place it came from, less the white space between tokens:
// [flowpb.HAR].extra for an entry, .request and .response for these. What
// stays of an object within is under its own name, and is left out if nothing
// stays: extra may hold {"timings":{"_queued":3}}, response {"content":{"size":9}}.
// So a writer writes what moved, and then puts back what stayed.
// Absent and null stay absent. A path below begins at [flowpb.Flow].
//
//	entry                  type     flow
//	startedDateTime        string   har.started, as written; request.timestamp_start
//	time                   >= 0     har.time, in ms; response.timestamp_end
//	pageref                string   har.pageref
//	serverIPAddress        string   har.server_ip_address; server_conn.ip_address.host without brackets
//	connection             string   har.connection
//	comment                string   comment
//	cache                  not null har.cache, JSON
//	timings.blocked, dns, connect, ssl, send, wait, receive
//	                       number   har.timings, in ms; absent if negative
//	_initiator             not null har.initiator, JSON
//	_priority              not null har.priority, JSON
//	_resourceType          not null har.resource_type, JSON
//	_flowId                string   id (ours: links name flows by it)
//	_webSocketMessages     list     websocket.messages
//	_webSocketClose        object   websocket.close_code, close_reason; kept
//	_serverPort            port     server_conn.ip_address.port; kept
//	_securityDetails       object   server_conn.tls_version (protocol), tls_established; kept
//	_clientAddress, _clientPort     client_conn.address; kept
//	_error                 string   error.msg; kept
//
//	request                         request; absent if there is none
//	method                 string   method
//	url                    string   har.url, as written; scheme, host, port and path
//	httpVersion            string   http_version, as written
//	headers                list     headers
//	postData.text          string   content or body
//	_content.text          string   the same, if there is no postData.text (HTTP Toolkit)
//	postData._file         string   body, a file beside this one (Playwright); kept
//	_trailers              list     trailers
//
//	response                        response; absent if there is none
//	status                 integer  status_code
//	statusText             string   reason
//	httpVersion            string   http_version, as written
//	headers                list     headers
//	content.text           string   content or body
//	content.encoding       "base64" says how text is written; kept otherwise, and
//	                       where there is no text
//	content._file          string   body, a file beside this one; kept
//	_trailers              list     trailers
//	_error, _failureText   string   error.msg; kept. Of an object its message.
//
//	headers, _trailers     {name, value}, or a list of name and value (Slack). What
//	                       stays is a list of objects at the places of the fields
//
//	_webSocketMessages
//	type                   string   from_client: "send" is true
//	time                   >= 0     timestamp, in s; what is above 1e11 is in ms
//	opcode                 integer  type
//	data                   string   content or body; base64 if opcode is 2
//
//	log, but entries                About.har_log
//
// Items of other shapes in these lists are reported and not kept, and so are
// members of a message that have no place.
//
// Names may have escapes. Of members of one name in an object, the last whose
// value is of the type that is listed counts, whole, as in browsers; that is
// reported. Of those that stay, all do. If log or entries are there twice, both
// are read.
//
// A response of no status, or 0 or less, with neither fields nor a body
// is what browsers and mitmproxy write where none arrived: the flow has no
// response, and har.response is the whole object.
//
// server_conn is there if an address, a port or security details are; its
// address is then host and port of the URL. Flows have no id and no time of
// creation: HAR says neither.
//
// Times are those that the entry says. The request ends after timings.blocked,
// dns, connect (which includes ssl) and send, if send is known; the response
// begins after wait, if that is known; it ends after time, or else after
// receive. A time zone that is not said is UTC.
//
// # Bodies
//
// A body is always decoded: no producer writes it content-encoded. Its
// [flowpb.Body] is the JSON string in the file, with its quotes: offset and
// length are of the string as written, and Body of the Reader undoes its
// escapes and base64. A body whose string is not longer than 1 KiB is in
// content, too. Whether there is a body is what the entry says: an empty text
// is an empty body, no text is none, whatever the sizes say.
//
// The bytes of a text are those of the charset that the content type of the
// headers names or implies ([flow.Charset] of no body), or UTF-8 if that has
// not all its characters, as in mitmproxy. A lone surrogate from \udc80 to
// \udcff is the byte 80 to ff, which is how Python and so mitmproxy write
// bytes that are not UTF-8; any other is three bytes, as UTF-8 would have it.
// This holds for all texts.
//
// Base64 needs no padding, may be that of URLs, and may have white space in it.
// Other characters are reported and passed over.
//
// Source: http://www.softwareishard.com/blog/har-12-spec/
package har
