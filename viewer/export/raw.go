package export

import (
	"errors"
	"strconv"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// rawRequest writes the request as it would be sent in HTTP/1, with its body
// decoded.
func rawRequest(x Exchange) (Text, error) {
	r := x.Flow.GetRequest()
	switch {
	case r == nil:
		return Text{}, errNoRequest
	case x.Request == nil:
		return Text{}, errors.New("the body of the request was not captured")
	}
	target := string(r.GetPath())
	switch flow.FirstLineFormat(r) {
	case "authority":
		target = string(r.GetAuthority())
	case "absolute":
		target = string(r.GetScheme()) + "://" + string(r.GetAuthority()) + target
	}
	line := string(r.GetMethod()) + " " + target + " " + string(r.GetHttpVersion())
	return message(line, r.GetHeaders(), r.GetTrailers().GetFields(), r.GetBody().GetDecoded(), x.Request)
}

// rawResponse is rawRequest of the response.
func rawResponse(x Exchange) (Text, error) {
	r := x.Flow.GetResponse()
	switch {
	case r == nil:
		return Text{}, errors.New("there is no HTTP response to write")
	case x.Response == nil:
		return Text{}, errors.New("the body of the response was not captured")
	}
	line := string(r.GetHttpVersion()) + " " + strconv.Itoa(int(r.GetStatusCode())) + " " + string(r.GetReason())
	return message(line, r.GetHeaders(), r.GetTrailers().GetFields(), r.GetBody().GetDecoded(), x.Response)
}

// raw writes both, and the messages of a WebSocket that are at hand, a line each.
// What was not captured is left out.
func raw(x Exchange) (Text, error) {
	request, err := rawRequest(x)
	if err != nil && x.Flow.GetRequest() == nil {
		return request, err
	}
	response, failed := rawResponse(x)
	switch {
	case failed != nil && err != nil:
		return Text{}, err
	case failed != nil:
		return request, nil
	case err != nil:
		return response, nil
	}
	t := Text{Bytes: append(append(request.Bytes, "\r\n\r\n"...), response.Bytes...)}
	for i, m := range x.Flow.GetWebsocket().GetMessages() {
		if i == 0 {
			t.Bytes = append(t.Bytes, "\r\n\r\n"...)
		} else {
			t.Bytes = append(t.Bytes, '\n')
		}
		t.Bytes = append(t.Bytes, map[bool]string{true: "[OUTGOING] ", false: "[INCOMING] "}[m.GetFromClient()]...)
		t.Bytes = append(t.Bytes, m.GetContent()...)
	}
	return t, nil
}

// message writes a message. The length that its headers tell is that of the body
// as it is written.
func message(line string, headers, trailers []*flowpb.HTTPHeader, decoded bool, body []byte) (Text, error) {
	encoding, _ := flow.Value(headers, "transfer-encoding")
	chunked := strings.Contains(strings.ToLower(encoding), "chunked")
	if len(trailers) > 0 && !chunked {
		return Text{}, errors.New("there are trailers, which HTTP/1 has behind chunks alone")
	}
	b := []byte(line + "\r\n")
	length := strconv.Itoa(len(body))
	told := encoding != "" || len(body) == 0
	for _, h := range headers {
		switch name := strings.ToLower(string(h.GetName())); {
		case name == "content-encoding" && !decoded && len(body) > 0:
			continue
		case name == "content-length" && !told:
			told = true
			b = append(append(append(append(b, h.GetName()...), ": "...), length...), "\r\n"...)
			continue
		}
		b = append(b, flow.HeaderBlock([]*flowpb.HTTPHeader{h})...)
	}
	if !told {
		b = append(b, "content-length: "+length+"\r\n"...)
	}
	b = append(b, "\r\n"...)
	if !chunked {
		return Text{Bytes: append(b, body...)}, nil
	}
	if len(body) > 0 {
		b = append(b, strconv.FormatInt(int64(len(body)), 16)+"\r\n"...)
		b = append(append(b, body...), "\r\n"...)
	}
	b = append(b, "0\r\n"...)
	b = append(b, flow.HeaderBlock(trailers)...)
	return Text{Bytes: append(b, "\r\n"...)}, nil
}
