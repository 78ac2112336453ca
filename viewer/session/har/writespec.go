package har

import (
	"math"
	"strconv"
)

// A property is a member that the specification names.
type property struct {
	name     string
	kind     kind
	required bool
	unknown  string     // what a required one has if it is not known
	of       []property // of an object, or of the objects in a list
}

// A kind is the type of a property.
type kind int

const (
	aString kind = iota
	aNumber
	anInteger
	aBoolean
	aDate
	anObject
	aList // of objects
	aState
)

// The objects of HAR 1.2. An aState is an object or null.
//
// http://www.softwareishard.com/blog/har-12-spec/ says what they are, and
// https://github.com/ahmadnassri/har-schema in more detail.
var (
	aComment = property{name: "comment"}
	pages    = property{name: "pages", kind: aList, of: pageSpec}

	logSpec = []property{
		{name: "version", required: true},
		{name: "creator", kind: anObject, required: true, of: toolSpec},
		{name: "browser", kind: anObject, of: toolSpec},
		pages,
		{name: "entries", kind: aList, required: true},
		aComment,
	}
	toolSpec = []property{{name: "name", required: true}, {name: "version", required: true}, aComment}
	pageSpec = []property{
		{name: "startedDateTime", kind: aDate, required: true},
		{name: "id", required: true},
		{name: "title", required: true},
		{name: "pageTimings", kind: anObject, required: true, of: []property{
			{name: "onContentLoad", kind: aNumber}, {name: "onLoad", kind: aNumber}, aComment,
		}},
		aComment,
	}
	entrySpec = []property{
		{name: "pageref"},
		{name: "startedDateTime", kind: aDate, required: true},
		{name: "time", kind: aNumber, required: true},
		{name: "request", kind: anObject, required: true, of: requestSpec},
		{name: "response", kind: anObject, required: true, of: responseSpec},
		{name: "cache", kind: anObject, required: true, of: cacheSpec},
		{name: "timings", kind: anObject, required: true, of: timingsSpec},
		{name: "serverIPAddress"},
		{name: "connection"},
		aComment,
	}
	requestSpec = []property{
		{name: "method", required: true},
		{name: "url", required: true},
		{name: "httpVersion", required: true},
		{name: "cookies", kind: aList, required: true, of: cookieSpec},
		{name: "headers", kind: aList, required: true, of: pairSpec},
		{name: "queryString", kind: aList, required: true, of: pairSpec},
		{name: "postData", kind: anObject, of: postDataSpec},
		{name: "headersSize", kind: anInteger, required: true},
		{name: "bodySize", kind: anInteger, required: true},
		aComment,
	}
	responseSpec = []property{
		{name: "status", kind: anInteger, required: true, unknown: "0"},
		{name: "statusText", required: true},
		{name: "httpVersion", required: true},
		{name: "cookies", kind: aList, required: true, of: cookieSpec},
		{name: "headers", kind: aList, required: true, of: pairSpec},
		{name: "content", kind: anObject, required: true, of: contentSpec},
		{name: "redirectURL", required: true},
		{name: "headersSize", kind: anInteger, required: true},
		{name: "bodySize", kind: anInteger, required: true},
		aComment,
	}
	pairSpec   = []property{{name: "name", required: true}, {name: "value", required: true}, aComment}
	cookieSpec = []property{
		{name: "name", required: true}, {name: "value", required: true},
		{name: "path"}, {name: "domain"}, {name: "expires", kind: aDate},
		{name: "httpOnly", kind: aBoolean}, {name: "secure", kind: aBoolean}, aComment,
	}
	postDataSpec = []property{
		{name: "mimeType", required: true},
		{name: "params", kind: aList, of: []property{
			{name: "name", required: true}, {name: "value"}, {name: "fileName"}, {name: "contentType"}, aComment,
		}},
		{name: "text"},
		{name: "encoding"}, // HAR 1.3
		aComment,
	}
	contentSpec = []property{
		{name: "size", kind: anInteger, required: true},
		{name: "compression", kind: anInteger},
		{name: "mimeType", required: true},
		{name: "text"},
		{name: "encoding"},
		aComment,
	}
	cacheSpec = []property{
		{name: "beforeRequest", kind: aState, of: stateSpec},
		{name: "afterRequest", kind: aState, of: stateSpec},
		aComment,
	}
	stateSpec = []property{
		{name: "expires", kind: aDate},
		{name: "lastAccess", kind: aDate, required: true},
		{name: "eTag", required: true},
		{name: "hitCount", kind: anInteger, required: true},
		aComment,
	}
	timingsSpec = []property{
		{name: "blocked", kind: aNumber}, {name: "dns", kind: aNumber}, {name: "connect", kind: aNumber},
		{name: "send", kind: aNumber, required: true},
		{name: "wait", kind: aNumber, required: true},
		{name: "receive", kind: aNumber, required: true},
		{name: "ssl", kind: aNumber}, aComment,
	}
)

// fits reports whether a JSON value is of the type of p. What is in objects is
// not looked at.
func (p *property) fits(value []byte) bool {
	c := value[0]
	switch p.kind {
	case aString:
		return c == '"'
	case aNumber, anInteger:
		f, err := strconv.ParseFloat(string(value), 64)
		return (c == '-' || isDigit(c)) && err == nil && (p.kind == aNumber || f == math.Trunc(f))
	case aBoolean:
		return c == 't' || c == 'f'
	case aDate:
		return c == '"' && isDate(value[1:len(value)-1])
	case anObject:
		return c == '{'
	case aState:
		return c == '{' || c == 'n'
	}
	all, ok := items(value)
	for _, item := range all {
		ok = ok && item[0] == '{'
	}
	return ok
}
