package content

import (
	"bytes"
	"context"
	"strings"
)

// urlencodedView shows the fields of a form as YAML. The values of a name that
// comes again form a list, and what is not printable ASCII shows as \xNN, as
// in mitmproxy. Unlike there an empty value stays if another of its name
// follows.
//
// Source: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
func urlencodedView() View {
	return View{
		Name:  "url-encoded",
		Label: "URL-encoded",
		About: "Form fields, decoded",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.MediaType == "application/x-www-form-urlencoded" {
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			return renderForm(ctx, data, escapeBytes)
		},
	}
}

// renderForm returns the YAML of URL-encoded fields, of which toText makes
// valid UTF-8.
func renderForm(ctx context.Context, data []byte, toText func([]byte) string) (Rendered, error) {
	form := newFields()
	spent := budget{ctx: ctx}
	for field := range bytes.SplitSeq(data, []byte("&")) {
		if err := spent.spend(); err != nil {
			return Rendered{}, err
		}
		if len(field) == 0 {
			continue
		}
		name, value, _ := bytes.Cut(field, []byte("="))
		form.addText(toText(unescapeField(name)), toText(unescapeField(value)))
	}
	text, err := writeYAML(ctx, yamlRuamel, form.yaml)
	return Rendered{Text: text}, err
}

// unescapeField undoes the encoding of a name or a value: "+" is a space.
func unescapeField(field []byte) []byte {
	return unescapePercent(bytes.ReplaceAll(field, []byte("+"), []byte(" ")))
}

// unescapePercent undoes %NN. A "%" that no two digits follow stays.
// Source: https://url.spec.whatwg.org/#percent-decode
func unescapePercent(s []byte) []byte {
	if bytes.IndexByte(s, '%') < 0 {
		return s
	}
	plain := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			high, low := hexDigit(s[i+1]), hexDigit(s[i+2])
			if high >= 0 && low >= 0 {
				plain = append(plain, byte(high<<4|low))
				i += 2
				continue
			}
		}
		plain = append(plain, s[i])
	}
	return plain
}

// hexDigit returns what a hexadecimal digit stands for, or -1.
func hexDigit(c byte) int {
	if 'A' <= c && c <= 'F' {
		c += 'a' - 'A'
	}
	return strings.IndexByte("0123456789abcdef", c)
}
