package redact

import (
	"bytes"
	"strings"
)

// An option of a command says a password: "-u user:password", "-ppassword" or
// "-p password".
type option struct {
	command, name string
	glued         bool // the password follows without a space
	user          bool // the user stands in front of it
}

// options are those of commands that people write down, and that no name of a
// secret tells. Others do: "--password=value".
var options = [...]option{
	{command: "curl", name: "-u", user: true}, {command: "curl", name: "-U", user: true},
	{command: "curl", name: "--user", user: true}, {command: "curl", name: "--proxy-user", user: true},
	{command: "mysql", name: "-p", glued: true}, {command: "mysqldump", name: "-p", glued: true}, {command: "mariadb", name: "-p", glued: true},
	{command: "sshpass", name: "-p"}, {command: "redis-cli", name: "-a"}, {command: "docker login", name: "-p"},
}

// commands hides the passwords that command lines say.
//
// Source: the manuals of the commands.
func (w *walker) commands(e *edits, _ textKind) {
	for _, o := range options {
		for at := 0; ; {
			i := bytes.Index(e.b[at:], []byte(o.command))
			if i < 0 {
				break
			}
			begin := at + i
			at = begin + len(o.command)
			if begin > 0 && isWord(e.b[begin-1]) || at == len(e.b) || !isBlank(e.b[at]) {
				continue
			}
			line := e.b[at:min(len(e.b), at+maxLook)]
			if from, to := o.in(line[:indexOr(line, '\n')]); to > from && at+from >= e.done && !e.seen(at+from, at+to) {
				value := string(e.b[at+from : at+to])
				if out := w.hide(Fields, o.command+" "+o.name, value); out != value {
					e.replace(at+from, at+to, []byte(out))
				}
			}
		}
	}
}

// in returns where in a line, behind the command, the password is.
func (o *option) in(line []byte) (from, to int) {
	i := bytes.Index(line, []byte(" "+o.name))
	if i < 0 {
		return 0, 0
	}
	if from = i + 1 + len(o.name); !o.glued {
		if from == len(line) || line[from] != ' ' && line[from] != '=' {
			return 0, 0
		}
		from++
	}
	const quotes = `"'`
	if from < len(line) && strings.IndexByte(quotes, line[from]) >= 0 {
		quote := line[from]
		from++
		to = from + indexOr(line[from:], quote)
	} else {
		for to = from; to < len(line) && line[to] > ' ' && strings.IndexByte(quotes+"\\`|;<>", line[to]) < 0; to++ {
		}
	}
	if o.user {
		colon := bytes.IndexByte(line[from:to], ':')
		if colon < 0 {
			return 0, 0
		}
		from += colon + 1
	}
	if value := line[from:to]; len(value) < 3 || value[0] == '$' || saysNothing(value) || isHidden(value) {
		return 0, 0
	}
	return from, to
}
