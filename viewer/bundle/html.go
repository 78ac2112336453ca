package bundle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io"
)

// SessionsTag is where the sessions stand in the template, in UTF-16 as all of
// it. Data has no < in it, so that it is found nowhere else.
const SessionsTag = `<!--sessions-->`

// HTML writes one page with the viewer and the sessions in it. It asks for
// nothing: a browser shows it from a disk as from a host, whatever the host says
// of it. The template is the file [Template] of the viewer. Sessions are
// compressed.
func HTML(w io.Writer, template []byte, s Share) error {
	names := s.names()
	page, ok := replace(template, string(Encode(StartTag)), string(Encode(s.startTag(Scheme, names))))
	if !ok {
		return errNoStart
	}
	before, after, ok := bytes.Cut(page, Encode(SessionsTag))
	if !ok {
		return errNoStart
	}
	if _, err := w.Write(before); err != nil {
		return err
	}
	for i, session := range s.Sessions {
		if err := session.block(w, names[i]); err != nil {
			return fmt.Errorf("bundle: %s: %w", names[i], err)
		}
	}
	_, err := w.Write(after)
	return err
}

// block writes the element that holds a session.
func (s Session) block(w io.Writer, name string) error {
	open := fmt.Sprintf(`<script type="application/gzip" data-session="%s">`, html.EscapeString(name))
	if _, err := w.Write(Encode(open)); err != nil {
		return err
	}
	text := NewTextWriter(w)
	packed, err := gzip.NewWriterLevel(text, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := s.Write(packed); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	if err := text.Close(); err != nil {
		return err
	}
	_, err = w.Write(Encode("</script>\n"))
	return err
}
