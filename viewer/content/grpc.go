package content

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"

	"flowpane/viewer/flow"
)

// grpcView shows the messages of a gRPC body as [protobufView] shows each, one
// YAML document a message. It also knows gRPC-Web, which mitmproxy does not:
// in Base64 or not, with the trailers as the last document.
//
// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
func grpcView() View {
	return View{
		Name:  "grpc",
		Label: "gRPC",
		About: "gRPC and gRPC-Web messages, fields by number or by the schema that is loaded",
		Whole: true,
		Priority: func(meta Metadata, _ []byte) float64 {
			switch strings.TrimSuffix(meta.MediaType, "+proto") {
			case "application/grpc", "application/prpc", "application/grpc-web", grpcWebText:
				return 1
			}
			return 0
		},
		Render: renderGRPC,
	}
}

const (
	grpcWebText = "application/grpc-web-text"

	grpcCompressed = 1 << 0
	grpcTrailers   = 1 << 7

	// yamlSeparator stands between documents.
	yamlSeparator = "\n---\n\n"
)

func renderGRPC(ctx context.Context, meta Metadata, data []byte) (Rendered, error) {
	if strings.HasPrefix(meta.MediaType, grpcWebText) {
		var err error
		if data, err = joinedBase64(data); err != nil {
			return Rendered{}, err
		}
	}
	r := grpcReader{protobuf: newProtobufReader(ctx, &meta), encoding: meta.Encoding, room: MaxData}
	var text output
	for c := (&cursor{data: data}); c.more(); {
		if err := r.protobuf.spend(); err != nil {
			return Rendered{}, err
		}
		document, err := r.frame(c)
		if err != nil {
			return Rendered{}, err
		}
		if text.len() > 0 {
			text.put(yamlSeparator)
		}
		if text.put(document); text.len() > textMax {
			return Rendered{}, errTooLong
		}
	}
	return Rendered{Text: text.String()}, ctx.Err()
}

// joinedBase64 decodes pieces of Base64, each padded at its end: a server
// encodes each piece of a stream for itself.
func joinedBase64(data []byte) (decoded []byte, err error) {
	for len(data) > 0 && err == nil {
		end := bytes.IndexByte(data, '=')
		if end < 0 {
			end = len(data)
		}
		for end < len(data) && data[end] == '=' {
			end++
		}
		decoded, err = base64.StdEncoding.AppendDecode(decoded, data[:end])
		data = data[end:]
	}
	return decoded, err
}

// grpcReader reads the frames of a body.
type grpcReader struct {
	protobuf *protobufReader
	decoder  flow.Decoder
	encoding string
	room     int // how many bytes may yet be decompressed
}

// frame returns the YAML of the next frame.
func (r *grpcReader) frame(c *cursor) (string, error) {
	start := *c
	flags, err := c.byte()
	if err != nil {
		return "", err
	}
	if flags&^(grpcCompressed|grpcTrailers) != 0 {
		return "", start.fail("no gRPC message begins so")
	}
	data, err := c.sized(4)
	if err == nil && flags&grpcCompressed != 0 {
		data, err = r.decoder.Decode(data, r.encoding, r.room)
		r.room -= len(data)
		if err != nil {
			err = start.fail(err.Error())
		}
	}
	switch {
	case err != nil:
		return "", err
	case flags&grpcTrailers != 0:
		return r.trailers(data)
	}
	return r.protobuf.document(data)
}

// trailers returns the YAML of header lines.
func (r *grpcReader) trailers(data []byte) (string, error) {
	v := yamlMap()
	for line := range strings.SplitSeq(utf8Text(data), "\r\n") {
		if line == "" {
			continue
		}
		if err := r.protobuf.spend(); err != nil {
			return "", err
		}
		name, value, _ := strings.Cut(line, ":")
		v.add(name, yamlString(strings.TrimSpace(value)))
	}
	text, err := writeYAML(r.protobuf.ctx, yamlSerde, v)
	return "# trailers\n" + text, err
}
