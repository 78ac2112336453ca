package har

import "strconv"

// copy passes a value and appends it to dst: as valid JSON, without white space
// between its tokens. It does not recurse.
func (s *scanner) copy(dst []byte) []byte {
	switch c := s.next(); {
	case s.err != nil:
		return dst
	case c == '"':
		return s.quoted(dst)
	case c != '{' && c != '[':
		return append(dst, s.word()...)
	}
	s.open = s.open[:0]
	for s.err == nil {
		opened := false
		switch c := s.next(); c {
		case '{', '[':
			s.pos++
			dst = append(dst, c)
			opened = true
			if s.open = append(s.open, c); len(s.open) > maxDepth {
				s.fail("values nest deeper than " + strconv.Itoa(maxDepth))
			}
		case '"':
			dst = s.quoted(dst)
		default:
			dst = append(dst, s.word()...)
		}
		if dst = s.follow(dst, opened); len(s.open) == 0 {
			break
		}
	}
	return dst
}

// skip passes a value that is not kept.
func (s *scanner) skip() { s.skipped = s.copy(s.skipped[:0]) }

// follow passes what stands between one value and the next, if there is one
// more in the whole: the end of objects and lists, a comma, a key. After a
// bracket was opened, no comma is due.
func (s *scanner) follow(dst []byte, opened bool) []byte {
	for len(s.open) > 0 {
		end := s.open[len(s.open)-1] + 2 // the bracket that closes that one
		first := opened
		switch more := s.another(&opened, end); {
		case s.err != nil:
			return dst
		case !more:
			s.open = s.open[:len(s.open)-1]
			dst = append(dst, end)
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		if end == '}' {
			dst = append(s.quoted(dst), ':')
			s.take(':')
		}
		return dst
	}
	return dst
}

// quoted passes a string and appends it to dst, as JSON.
func (s *scanner) quoted(dst []byte) []byte {
	raw, plain := s.raw()
	if s.err != nil {
		return dst
	}
	dst = append(dst, '"')
	if plain {
		dst = append(dst, raw...)
	} else {
		dst = appendValid(dst, raw)
	}
	return append(dst, '"')
}

// appendValid appends the inside of a string. Control characters and unknown
// escapes, which JSON has not, become what it has.
func appendValid(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		n := 1
		switch {
		case c == '\\':
			if n = validEscape(raw[i:]); n == 0 {
				dst = append(dst, '\\')
				n = 1
			}
		case c < ' ':
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', '0', '0', '0'+c>>4, hex[c&15])
			i++
			continue
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
	}
	return dst
}

// validEscape returns the length of the escape that b begins with, 0 if JSON
// has no such.
func validEscape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b[2:]); ok {
			return 6
		}
	}
	return 0
}
