package seal

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// KeySize is the length of a [Key], in bytes.
const KeySize = 32

// A Key opens one sealed file. It has no String method, so that it is not
// printed by mistake.
type Key [KeySize]byte

// ErrBadKey is what [ParseKey] reports of a text that is no key.
var ErrBadKey = errors.New("the key is not whole: a character of it is wrong, missing or too many")

// newKey returns random bytes.
func newKey() (k Key) {
	rand.Read(k[:]) // which never fails
	return k
}

// Text returns the key as it stands in a link: 48 characters, which are the
// base64url, without padding, of its bytes and their CRC-32.
func (k Key) Text() string {
	sum := binary.BigEndian.AppendUint32(k[:], crc32.ChecksumIEEE(k[:]))
	return base64.RawURLEncoding.EncodeToString(sum)
}

// ParseKey reads what [Key.Text] wrote. The error is ErrBadKey. Any one wrong
// character is noticed, and two that changed places.
func ParseKey(text string) (Key, error) {
	// The length of the text too, for the decoder passes over line ends.
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != KeySize+crc32.Size || len(text) != base64.RawURLEncoding.EncodedLen(len(b)) {
		return Key{}, ErrBadKey
	}
	key := Key(b[:KeySize])
	if binary.BigEndian.Uint32(b[KeySize:]) != crc32.ChecksumIEEE(key[:]) {
		return Key{}, ErrBadKey
	}
	return key, nil
}
