package engine

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/pbstream"
)

// A session within a link is text: a digit for the version, then in base64url
// without padding the CRC-32 (IEEE, big endian) of what follows, and DEFLATE of
// a stream of flows as pbstream writes it. Of the encoders that the engine has,
// DEFLATE makes the shortest of one flow and is within 2 % of zstd for a session
// of 42; zstd would add to the engine besides.
const inlineVersion = "1"

// inlineCode refuses text whose last character has bits that are not used, so
// that any character that was altered is noticed.
var inlineCode = base64.RawURLEncoding.Strict()

// What stands before the flows when they are packed.
const sumSize = crc32.Size

var (
	errInlineEmpty = errors.New("there are no flows to put into a link")
	errInlineLong  = fmt.Errorf("these flows do not fit into a link, which carries up to %d characters of them: share fewer, or save them as a file, "+
		"which can lie on any static host and be linked to, or as a page that holds its session", maxInline)
	errInlineLarge   = fmt.Errorf("the session in this link unpacks to more than %d MB, which no link carries that this viewer made: it is not opened", maxUnpacked>>20)
	errInlineDamaged = errors.New("the session in this link is damaged: the link was cut short or altered on its way")
	errInlineVersion = errors.New("the session in this link was made by a newer version of this viewer: reload the page for that")
)

// inlineText returns flows as text that fits into a link, with all that they
// hold, bodies too. It reads no more of them than could fit.
func inlineText(ctx context.Context, flows session.Flows) (string, error) {
	var packed bytes.Buffer
	packed.Write(make([]byte, sumSize))
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	in := &inlineWriter{deflate: deflate, packed: &packed}
	if err := pbstream.Writer.Write(ctx, in, flows); err != nil {
		if errors.Is(err, errInlineLong) { // without the place, which is of no use
			err = errInlineLong
		}
		return "", err
	}
	if err := deflate.Close(); err != nil {
		return "", err
	}
	switch {
	case in.taken == 0:
		return "", errInlineEmpty
	case inlineLength(packed.Len()) > maxInline:
		return "", errInlineLong
	}
	b := packed.Bytes()
	binary.BigEndian.PutUint32(b, crc32.ChecksumIEEE(b[sumSize:]))
	return inlineVersion + inlineCode.EncodeToString(b), nil
}

// inlineLength returns how long the text of so many packed bytes is.
func inlineLength(packed int) int { return len(inlineVersion) + inlineCode.EncodedLen(packed) }

// An inlineWriter packs flows until they are surely too long for a link, or
// would not be unpacked again.
type inlineWriter struct {
	deflate *flate.Writer
	packed  *bytes.Buffer
	taken   int
}

func (w *inlineWriter) Write(b []byte) (int, error) {
	w.taken += len(b)
	if w.taken > maxUnpacked || inlineLength(w.packed.Len()) > maxInline {
		return 0, errInlineLong
	}
	return w.deflate.Write(b)
}

// inlineFlows returns the stream of flows that is packed in text, which may come
// from anywhere: what it unpacks to is bounded.
func inlineFlows(text string) ([]byte, error) {
	code, ok := strings.CutPrefix(text, inlineVersion)
	if !ok && text != "" && '2' <= text[0] && text[0] <= '9' {
		return nil, errInlineVersion
	}
	b, err := inlineCode.DecodeString(code)
	if !ok || err != nil || len(b) < sumSize || binary.BigEndian.Uint32(b) != crc32.ChecksumIEEE(b[sumSize:]) {
		return nil, errInlineDamaged
	}
	packed := bytes.NewReader(b[sumSize:])
	flows, err := io.ReadAll(io.LimitReader(flate.NewReader(packed), maxUnpacked+1))
	switch {
	case len(flows) > maxUnpacked:
		return nil, errInlineLarge
	case err != nil || packed.Len() > 0 || len(flows) == 0:
		return nil, errInlineDamaged
	}
	return flows, nil
}

// openInline opens the session that is in a link as a whole.
func (o *open) openInline(from *viewerpb.Source) (*file, error) {
	flows, err := inlineFlows(from.Inline)
	if err != nil {
		return nil, err
	}
	src := blob.Bytes(flows)
	f := &file{name: name(from), size: src.Size(), source: src, format: pbstream.Format, first: math.MaxInt}
	f.reader, err = f.format.Open(o.ctx, src)
	return f, err
}
