package api

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
)

// tell makes what a reply says for people readable. All that the engine tells goes
// through here; what it shows of a capture is in other fields, and stays as it is.
func tell(r *viewerpb.Reply) {
	texts := []*string{}
	if e := r.Error; e != nil {
		texts = append(texts, &e.Text)
	}
	if p := r.Progress; p != nil {
		for _, i := range p.Issues {
			texts = append(texts, &i.Place, &i.Text)
		}
	}
	if v := r.View; v != nil {
		texts = append(texts, &v.Failure)
	}
	if b := r.Body; b != nil {
		texts = append(texts, &b.Note)
	}
	if f := r.Flow; f != nil {
		texts = append(texts, &f.Warning)
	}
	if s := r.Survey; s != nil {
		texts = append(texts, &s.Note)
	}
	if k := r.Kept; k != nil {
		texts = append(texts, &k.Problem)
	}
	if c := r.Comparison; c != nil {
		for _, part := range c.Parts {
			texts = append(texts, &part.Note)
		}
	}
	if x := r.Exported; x != nil {
		for i := range x.Notes {
			texts = append(texts, &x.Notes[i])
		}
	}
	for _, text := range texts {
		*text = Readable(*text)
	}
}

// maxReadable is how many bytes of what is said of a capture are told.
const maxReadable = 1000

// Readable returns what the viewer says of a capture, and may quote it in, as a
// person can read it: not longer than anybody reads, in UTF-8, and with an escape
// for each character that is not seen, or changes in which order others are.
func Readable(text string) string {
	if len(text) > maxReadable {
		end := maxReadable
		for end > maxReadable-utf8.UTFMax && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end] + "…"
	}
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isUnseen) {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if isUnseen(c) {
			escaped := strconv.QuoteRuneToASCII(c)
			b.WriteString(escaped[1 : len(escaped)-1])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// isUnseen reports whether a character does something else than being seen. Lines
// may end.
func isUnseen(c rune) bool {
	return c != '\n' && c != '\t' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
