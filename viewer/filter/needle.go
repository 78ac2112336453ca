package filter

// A Needle is text to search for, ignoring the case of ASCII letters, with
// Horspool's algorithm: how far to move on depends on the one byte under the
// needle's end. It is made by a filter, and does not change.
type Needle struct {
	text []byte     // letters in lower case
	skip [256]uint8 // 0 for the needle's last byte
	next int        // how far to move on where that was found, and not the rest
}

// newNeedle takes text with its ASCII letters in lower case.
func newNeedle(text []byte) *Needle {
	n := &Needle{text: text}
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

// Len returns the length of what Index finds, in bytes.
func (n *Needle) Len() int { return len(n.text) }

// Index returns where in s, from offset from on, n is found first, or -1.
func (n *Needle) Index(s string, from int) int { return index(n, s, from) }

// Straddles reports whether what Index finds may begin in s and end behind it,
// where next follows s.
func (n *Needle) Straddles(s string, next byte) bool {
	for k := min(len(n.text)-1, len(s)); k > 0; k-- {
		if (n.text[k] == next || upper(n.text[k]) == next) && equalFold(n.text[:k], s[len(s)-k:]) {
			return true
		}
	}
	return false
}

// find reports whether n is in s. The empty needle is.
func find[T string | []byte](n *Needle, s T) bool { return index(n, s, 0) >= 0 }

func index[T string | []byte](n *Needle, s T, from int) int {
	last := len(n.text) - 1
	if last < 0 {
		return from
	}
	skip, far := &n.skip, len(s)-3*len(n.text)
	for i := from + last; i < len(s); {
		// A step stays where the needle may end. Jumps are what costs most
		// in WebAssembly, so there is one for three steps.
		for i < far {
			i += int(skip[s[i]])
			i += int(skip[s[i]])
			i += int(skip[s[i]])
			if skip[s[i]] == 0 {
				break
			}
		}
		step := int(skip[s[i]])
		if step == 0 {
			if equalFold(n.text[:last], s[i-last:i]) {
				return i - last
			}
			step = n.next
		}
		i += step
	}
	return -1
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
