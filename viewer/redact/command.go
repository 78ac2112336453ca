package redact

import (
	"bytes"
	"strings"
)

// A command is one that people write down with a password in it, to which no name
// of a secret is given, as in "--password=value".
type command struct {
	name    string
	options string // short ones, whose value is the password
	long    string // options, with spaces between them
	user    bool   // the value is "user:password"
	glued   bool   // what does not follow the option at once is another thing
}

var commandsWithPasswords = [...]command{
	{name: "curl", options: "uU", long: "--user --proxy-user", user: true},
	{name: "mysql", options: "p", glued: true},
	{name: "mysqldump", options: "p", glued: true},
	{name: "mysqladmin", options: "p", glued: true},
	{name: "mariadb", options: "p", glued: true},
	{name: "sshpass", options: "p"},
	{name: "redis-cli", options: "a"},
	{name: "docker login", options: "p"},
}

// commands hides the passwords that command lines say. Each byte is in one command
// at the most, and looked at a few times.
func (w *walker) commands(e *edits, _ textKind) {
	for i := 0; i < len(e.b); i++ {
		if c := e.b[i]; c != 'c' && c != 'm' && c != 's' && c != 'r' && c != 'd' || i > 0 && isWord(e.b[i-1]) {
			continue
		}
		for n := range commandsWithPasswords {
			if c := &commandsWithPasswords[n]; c.begins(e.b, i) {
				i = w.command(e, c, i)
				break
			}
		}
	}
}

// begins reports whether a command line begins at i. The option that password
// prompts share with ports and paths counts at the beginning of a line alone.
func (c *command) begins(b []byte, i int) bool {
	rest, found := bytes.CutPrefix(b[i:], []byte(c.name))
	rest = bytes.TrimPrefix(rest, []byte(".exe"))
	if !found || len(rest) == 0 || !isBlank(rest[0]) {
		return false
	}
	before := bytes.TrimRight(b[max(0, i-maxNameLen):i], " \t")
	return !c.glued || len(before) == 0 || strings.IndexByte("\n\r|;&($#%>\"'`", before[len(before)-1]) >= 0 ||
		bytes.HasSuffix(before, []byte("sudo")) || bytes.HasSuffix(before, []byte("run"))
}

// command hides the passwords in the command line that begins at i, and returns
// where it ends.
func (w *walker) command(e *edits, c *command, i int) (end int) {
	s := shell{b: e.b, at: i + len(c.name)}
	if i > 0 && strings.IndexByte("\"'`", e.b[i-1]) >= 0 {
		s.closing = e.b[i-1]
	}
	awaited := false // the next word is a value
	for limit := i + maxLook; s.at < limit; {
		from, to, ok := s.word()
		if !ok {
			break
		}
		word := e.b[from:to]
		if !awaited {
			var value int
			if value, awaited = c.option(word); value == 0 {
				continue
			}
			from += value
		}
		awaited = false
		if from, to = c.password(e.b, from, to); from >= e.done && to > from && !e.seen(from, to) {
			if out := w.hide(Fields, "password of "+c.name, string(e.b[from:to])); out != string(e.b[from:to]) {
				e.replace(from, to, []byte(out))
			}
		}
	}
	return max(i, s.at-1)
}

// option returns where in a word the value of an option begins, or 0, and whether
// it is the next word.
func (c *command) option(word []byte) (value int, next bool) {
	if bytes.HasPrefix(word, []byte("--")) {
		name, _, assigned := bytes.Cut(word, []byte("="))
		if c.long == "" || !strings.Contains(" "+c.long+" ", " "+string(name)+" ") {
			return 0, false
		}
		if assigned {
			return len(name) + 1, false
		}
		return 0, true
	}
	if len(word) < 2 || word[0] != '-' {
		return 0, false
	}
	at := 1
	for c.user && at < len(word) && strings.IndexByte("sSkLvfgiI", word[at]) >= 0 { // which take no value
		at++
	}
	switch {
	case at == len(word) || strings.IndexByte(c.options, word[at]) < 0:
		return 0, false
	case at+1 < len(word):
		return at + 1, false
	}
	return 0, !c.glued
}

// password returns where in the value of an option the password is.
func (c *command) password(b []byte, from, to int) (int, int) {
	for to > from && strings.IndexByte("\"'`\\", b[to-1]) >= 0 {
		to--
	}
	unquote := func() {
		for from < to && strings.IndexByte("\"'`\\", b[from]) >= 0 {
			from++
		}
	}
	if unquote(); c.user {
		colon := bytes.IndexByte(b[from:to], ':')
		if colon < 0 {
			return 0, 0
		}
		from += colon + 1
		unquote()
	}
	if value := b[from:to]; len(value) < 3 || value[0] == '$' || c.glued && isNumber(bytes.ReplaceAll(value, []byte(":"), nil)) || saysNothing(value) || isHidden(value) {
		return 0, 0
	}
	return from, to
}

// A shell reads the words of a command line.
type shell struct {
	b       []byte
	at      int
	closing byte // what ends the text that the line is in, or 0
}

// word returns where the next word of the line is, as it is written, if there is
// one.
func (s *shell) word() (from, to int, ok bool) {
	for s.at < len(s.b) && s.blank() {
	}
	from = s.at
	var quote byte
	for ; s.at < len(s.b) && s.at-from < maxLook; s.at++ {
		switch c := s.b[s.at]; {
		case c == '\\' && s.at+1 < len(s.b):
			s.at++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == s.closing, c == '\n', strings.IndexByte("|;&<>()", c) >= 0:
			return from, s.at, s.at > from
		case c == '"' || c == '\'':
			quote = c
		case c <= ' ':
			return from, s.at, true
		}
	}
	s.at = min(s.at, len(s.b))
	return from, s.at, s.at > from
}

// blank passes over a space, or over the end of a line that goes on.
func (s *shell) blank() bool {
	rest := s.b[s.at:]
	for _, blank := range [...]string{" ", "\t", "\\\n", "\\\r\n", "^\r\n", "^\n"} {
		if bytes.HasPrefix(rest, []byte(blank)) {
			s.at += len(blank)
			return true
		}
	}
	return false
}
