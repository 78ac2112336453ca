// Package inline packs a small session into the text of a link, and unpacks it.
//
// The text is a digit for the version of what follows, and then in base64url
// without padding (RFC 4648, section 5): the CRC-32 (IEEE, big endian) of what
// follows it, and DEFLATE (RFC 1951) of a stream of flows as pbstream writes it.
//
// Of the encoders at hand, DEFLATE makes the shortest text of one flow, and one
// within 2 % of zstd's of a session of 42, which would add to the engine besides.
package inline

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
	"strings"

	"flowpane/viewer/session"
	"flowpane/viewer/session/pbstream"
)

const (
	// MaxText is how many characters a session has as text, at the most: mail
	// programs and chats still pass on a link that long.
	MaxText = 32 << 10
	// MaxSize is how many bytes the stream of its flows has, at the most.
	MaxSize = 16 << 20
)

const version = "1"

// code refuses text whose last character has bits that are not used, so that any
// character that was altered is noticed.
var code = base64.RawURLEncoding.Strict()

// sumSize is how many bytes stand before the flows when they are packed.
const sumSize = crc32.Size

// What Text fails by, other than the flows.
var (
	ErrEmpty = errors.New("there are no flows to put into a link")
	ErrLong  = fmt.Errorf("these flows do not fit into a link, which carries up to %d characters of them: share fewer, or save them as a file, "+
		"which can lie on any static host and be linked to, or as a page that holds its session", MaxText)
)

// What Flows fails by.
var (
	ErrDamaged = errors.New("it is damaged: the link was cut short or altered on its way")
	ErrLarge   = fmt.Errorf("it unpacks to more than %d MB, which none does that this viewer packs: it is not opened", MaxSize>>20)
	ErrNewer   = errors.New("it was packed by a newer version of this viewer: reload the page to get that")
)

// Text returns flows as text that fits into a link, with all that they hold,
// bodies too. It reads no more of them than could fit. It fails with ErrEmpty,
// ErrLong, or what the flows fail with.
func Text(ctx context.Context, flows session.Flows) (string, error) {
	var packed bytes.Buffer
	packed.Write(make([]byte, sumSize))
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	in := &writer{deflate: deflate, packed: &packed}
	if err := pbstream.Writer.Write(ctx, in, flows); err != nil {
		if errors.Is(err, ErrLong) { // without the place, which is of no use
			err = ErrLong
		}
		return "", err
	}
	if err := deflate.Close(); err != nil {
		return "", err
	}
	switch {
	case in.taken == 0:
		return "", ErrEmpty
	case length(packed.Len()) > MaxText:
		return "", ErrLong
	}
	b := packed.Bytes()
	binary.BigEndian.PutUint32(b, crc32.ChecksumIEEE(b[sumSize:]))
	return version + code.EncodeToString(b), nil
}

// length returns how long the text of so many packed bytes is.
func length(packed int) int { return len(version) + code.EncodedLen(packed) }

// A writer packs flows until they are surely too long for a link, or would not
// be unpacked again.
type writer struct {
	deflate *flate.Writer
	packed  *bytes.Buffer
	taken   int
}

func (w *writer) Write(b []byte) (int, error) {
	w.taken += len(b)
	if w.taken > MaxSize || length(w.packed.Len()) > MaxText {
		return 0, ErrLong
	}
	return w.deflate.Write(b)
}

// Flows returns the stream of flows that is packed in text. That may come from
// anywhere: it takes at the most MaxSize bytes, and fails with ErrDamaged,
// ErrLarge or ErrNewer.
func Flows(text string) ([]byte, error) {
	packed, ok := strings.CutPrefix(text, version)
	if !ok && text != "" && '2' <= text[0] && text[0] <= '9' {
		return nil, ErrNewer
	}
	b, err := code.DecodeString(packed)
	if !ok || err != nil || len(b) < sumSize || binary.BigEndian.Uint32(b) != crc32.ChecksumIEEE(b[sumSize:]) {
		return nil, ErrDamaged
	}
	rest := bytes.NewReader(b[sumSize:])
	flows, err := io.ReadAll(io.LimitReader(flate.NewReader(rest), MaxSize+1))
	switch {
	case len(flows) > MaxSize:
		return nil, ErrLarge
	case err != nil || rest.Len() > 0 || len(flows) == 0:
		return nil, ErrDamaged
	}
	return flows, nil
}
