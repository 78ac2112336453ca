package filter

// needle is text to search for, ignoring the case of ASCII letters, with
// Horspool's algorithm: how far to move on depends on the one byte under the
// needle's end.
type needle struct {
	text []byte     // letters in lower case
	skip [256]uint8 // 0 for the needle's last byte
	next int        // how far to move on where that was found, and not the rest
}

// newNeedle takes text with its ASCII letters in lower case.
func newNeedle(text []byte) *needle {
	n := &needle{text: text}
	far := uint8(min(len(text), 255))
	for i := range n.skip {
		n.skip[i] = far
	}
	for i, c := range text[:max(len(text)-1, 0)] {
		n.skip[c] = uint8(min(len(text)-1-i, 255))
		n.skip[upper(c)] = n.skip[c]
	}
	if len(text) > 0 {
		end := text[len(text)-1]
		n.next = int(n.skip[end])
		n.skip[end], n.skip[upper(end)] = 0, 0
	}
	return n
}

// find reports whether n is in s. The empty needle is.
func find[T string | []byte](n *needle, s T) bool {
	last := len(n.text) - 1
	if last < 0 {
		return true
	}
	for i := last; i < len(s); {
		// A step stays where the needle may end. Jumps are what costs most
		// in WebAssembly, so there is one for three steps.
		for i+3*len(n.text) < len(s) {
			i += int(n.skip[s[i]])
			i += int(n.skip[s[i]])
			i += int(n.skip[s[i]])
			if n.skip[s[i]] == 0 {
				break
			}
		}
		step := int(n.skip[s[i]])
		if step == 0 {
			if equalFold(n.text[:last], s[i-last:i]) {
				return true
			}
			step = n.next
		}
		i += step
	}
	return false
}

// equalFold compares s, of the same length, with text in lower case.
func equalFold[T string | []byte](text []byte, s T) bool {
	for i, c := range text {
		if s[i] != c && s[i] != upper(c) {
			return false
		}
	}
	return true
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 0x20
	}
	return c
}
