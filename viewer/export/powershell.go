package export

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"
)

// powershell writes a command. PowerShell takes one value for each header, and
// some only under a name of its own.
//
// Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/invoke-webrequest
func powershell(x Exchange) (Text, error) {
	c, err := newCall(x)
	if err != nil {
		return Text{}, err
	}
	words := []string{"Invoke-WebRequest", "-Uri " + ps(c.url), "-CustomMethod " + ps(c.method), "-MaximumRedirection 0", "-SkipHeaderValidation"}
	var fields []string
	for _, h := range merge(c.headers) {
		if strings.EqualFold(h.name, "content-type") {
			words = append(words, "-ContentType "+ps(h.value))
		} else {
			fields = append(fields, "  "+ps(h.name)+" = "+ps(h.value))
		}
	}
	if len(fields) > 0 {
		words = append(words, "-Headers @{\n"+strings.Join(fields, "\n")+"\n}")
	}
	if len(c.body) > 0 {
		words = append(words, "-Body ([Convert]::FromBase64String("+ps(base64Of(c.body))+"))")
		if text, ok := c.text(); ok {
			words[len(words)-1] = "-Body ([Text.Encoding]::UTF8.GetBytes(" + ps(text) + "))"
		}
	}
	return Text{Bytes: []byte(strings.Join(words, " `\n  ") + "\n"), Notes: c.notes}, nil
}

// ps writes a string in single quotes, of which PowerShell knows five; control
// characters are written by number.
func ps(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	special := false
	for _, r := range s {
		switch {
		case strings.ContainsRune("'\u2018\u2019\u201a\u201b", r):
			b.WriteString(string(r) + string(r))
		case unicode.IsControl(r):
			special = true
			b.WriteString("' + [char]" + strconv.Itoa(int(r)) + " + '")
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	if special {
		return "(" + b.String() + ")"
	}
	return b.String()
}

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
