package jsontext

import "io"

// Indent returns a JSON text with each member and item on a line of its own.
// Strings and numbers stay as written.
func Indent(data []byte, indent string) ([]byte, error) {
	r := NewReader(data)
	var out []byte
	depth, first, name := 0, false, false
	line := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, indent...)
		}
	}
	for {
		t, err := r.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch ends := t.Kind == ObjectEnd || t.Kind == ArrayEnd; {
		case ends:
			if depth--; !first {
				line()
			}
		case name:
			out = append(out, ": "...)
		case depth > 0:
			if !first {
				out = append(out, ',')
			}
			line()
		}
		out = append(out, t.Raw...)
		if first = t.Kind == Object || t.Kind == Array; first {
			depth++
		}
		name = r.wait == aColon
	}
}
