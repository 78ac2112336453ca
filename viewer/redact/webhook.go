package redact

import (
	"bytes"
	"strings"
)

// webhooks are addresses whose path is a secret: whoever has it may write there.
// Of those of one part, the rest of the path says what is done.
var webhooks = [...]struct {
	host, path string
	one        bool
}{
	{"hooks.slack.com", "/services/", false},
	{"hooks.slack.com", "/workflows/", false},
	{"hooks.slack.com", "/triggers/", false},
	{"discord.com", "/api/webhooks/", false},
	{"discordapp.com", "/api/webhooks/", false},
	{"api.telegram.org", "/bot", true},
	{"hooks.zapier.com", "/hooks/", false},
	{"webhook.office.com", "/webhookb2/", false},
	{"outlook.office.com", "/webhook/", false},
}

// webhooks hides the secret part of addresses that others may be written to by.
func (w *walker) webhooks(e *edits, _ textKind) {
	b := e.b
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '/')
		if i < 0 {
			return
		}
		at += i + 1
		from, to := webhookAt(b, at-1)
		if to == 0 || e.seen(from, to) {
			continue
		}
		if out := w.hide(URLs, "webhook", string(b[from:to])); out != string(b[from:to]) {
			e.replace(from, to, []byte(out))
		}
		at = to
	}
}

// webhookAt returns where the secret part of an address is whose path begins at
// a slash; to is 0 if it has none.
func webhookAt(b []byte, slash int) (from, to int) {
	if slash < len(".com") || b[slash-1]|0x20 != 'm' && b[slash-1]|0x20 != 'g' {
		return 0, 0
	}
	for _, hook := range webhooks {
		if slash < len(hook.host) || !strings.EqualFold(string(b[slash-len(hook.host):slash]), hook.host) || !bytes.HasPrefix(b[slash:], []byte(hook.path)) {
			continue
		}
		from = slash + len(hook.path)
		signs := "-.:~%/"
		if hook.one {
			signs = "-.:~%"
		}
		if to = runEnd(b, from, signs); to > from && !bytes.HasPrefix(b[from:], []byte(prefix)) {
			return from, to
		}
	}
	return 0, 0
}

// path is url for the path of a host: some paths are secrets by their host.
func (w *walker) path(host string, path []byte) []byte {
	if _, to := webhookAt(append([]byte(host), path...), len(host)); len(path) > 0 && to > 0 {
		path = w.looked(append([]byte(host), path...), pathText, (*walker).webhooks)[len(host):]
	}
	return w.url(path)
}
