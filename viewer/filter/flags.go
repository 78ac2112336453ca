package filter

import "strings"

// mode is how the regexes of an operator are read, beside ignoring case.
type mode uint8

const (
	textMode mode = iota // text
	noteMode             // text, ^ and $ match at lines
	byteMode             // bytes
	headMode             // bytes, ^ and $ match at lines
	bodyMode             // bytes, . matches line breaks
)

func (m mode) bytes() bool { return m != textMode && m != noteMode }

// flags are the letters with which Describe ends a regex.
func (m mode) flags() string {
	switch m {
	case headMode, noteMode:
		return "im"
	case bodyMode:
		return "is"
	}
	return "i"
}

// globalFlags reads any "(?ims)" at the start of the regex.
func (t *translator) globalFlags(f *flags) *syntaxError {
	for {
		if err := t.comments(); err != nil {
			return err
		}
		start := t.pos
		if !t.accept("(?") || t.atEnd() || strings.IndexByte("aiLmsux", t.src[t.pos]) < 0 {
			t.pos = start
			return nil
		}
		inner := *f
		global, err := t.inlineFlags(&inner)
		if err != nil {
			return err
		}
		if !global {
			t.pos = start
			return nil
		}
		*f = inner
	}
}

// inlineFlags reads flags up to ")", which makes them global, or ":".
func (t *translator) inlineFlags(f *flags) (global bool, err *syntaxError) {
	on, err := t.flagLetters(f, true)
	if err != nil {
		return false, err
	}
	switch {
	case t.accept(")"):
		return true, nil
	case t.accept(":"):
		return false, nil
	}
	t.pos++ // the "-"
	off, err := t.flagLetters(f, false)
	switch {
	case err != nil:
		return false, err
	case off == "":
		return false, invalid("missing flag")
	case strings.ContainsAny(on, off):
		return false, invalid("bad inline flags: flag turned on and off")
	case !t.accept(":"):
		return false, invalid("missing :")
	}
	return false, nil
}

// flagLetters sets flags up to one of ")", ":" and "-".
func (t *translator) flagLetters(f *flags, on bool) (string, *syntaxError) {
	start := t.pos
	for ; !t.atEnd(); t.pos++ {
		c := t.src[t.pos]
		switch c {
		case ')', ':', '-':
			if letters := t.src[start:t.pos]; letters != "" || !on || c == '-' {
				return letters, nil
			}
			return "", invalid("unknown extension ?" + string(c))
		case 'i':
			f.fold = on
		case 'm':
			f.lines = on
		case 's':
			f.dot = on
		default:
			if err := t.rareFlag(c, on); err != nil {
				return "", err
			}
		}
	}
	return "", unfinished("missing flag, : or )")
}

// rareFlag judges flags that say what the mode says already, or that we lack.
func (t *translator) rareFlag(c byte, on bool) *syntaxError {
	switch {
	case strings.IndexByte("auLx", c) < 0:
		return invalid("unknown flag")
	case c == 'x':
		return unsupported("the flag x")
	case !on:
		return invalid("bad inline flags: cannot turn off flags a, u and L")
	case c == 'u' && t.mode.bytes():
		return invalid("bad inline flags: cannot use u in a regex for bytes")
	case c == 'L' && !t.mode.bytes():
		return invalid("bad inline flags: cannot use L in a regex for text")
	case c == 'L' || c == 'a' && !t.mode.bytes():
		return unsupported("the flag " + string(c))
	}
	return nil
}
