package content

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"flowpane/viewer/flow"
)

// certificateView shows certificates in PEM or DER, one YAML document each. What
// else a PEM file holds, a private key above all, is named and not shown.
// mitmproxy has no such view.
//
// Source: https://www.rfc-editor.org/rfc/rfc7468, https://www.rfc-editor.org/rfc/rfc5280
func certificateView() View {
	return View{
		Name:  "certificate",
		Label: "Certificate",
		About: "X.509 certificates and requests: names, dates, key, extensions",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			switch meta.MediaType {
			case "application/x-x509-ca-cert", "application/x-x509-user-cert", "application/pkix-cert", "application/pem-certificate-chain", "application/x-pem-file":
				if len(data) > 0 {
					return 1
				}
			}
			if bytes.HasPrefix(bytes.TrimSpace(data[:min(len(data), 1024)]), []byte(pemBegin)) {
				return 0.6
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			text, err := certificates(ctx, data)
			return Rendered{Text: text}, err
		},
	}
}

const (
	pemBegin = "-----BEGIN "
	// maxCertificates is how many parts of a PEM file are shown.
	maxCertificates = 1000
)

func certificates(ctx context.Context, data []byte) (string, error) {
	if !bytes.Contains(data, []byte(pemBegin)) {
		c, err := flow.ParseCertificate(data)
		if err != nil {
			return "", err
		}
		return describeCertificate(ctx, c)
	}
	var w output
	for n, rest := 0, string(data); n < maxCertificates; n++ {
		label, after, found := nextPEM(rest)
		if !found {
			break
		}
		body, after, _ := strings.Cut(after, "-----END")
		if rest = after; w.len() > 0 {
			w.put(yamlSeparator)
		}
		if label != "CERTIFICATE" && label != "TRUSTED CERTIFICATE" {
			w.put("# " + label + ", which is not shown\n")
			continue
		}
		c, err := flow.ParseCertificate([]byte(pemBegin + "CERTIFICATE-----" + body))
		if err != nil {
			w.put("# " + err.Error() + "\n")
			continue
		}
		text, err := describeCertificate(ctx, c)
		if err != nil {
			return "", err
		}
		w.put(text)
	}
	if w.len() == 0 {
		return "", errors.New("there is no part that ends")
	}
	return w.String(), nil
}

// nextPEM returns the label of the next part, and what follows its first line.
func nextPEM(text string) (label, body string, found bool) {
	_, text, found = strings.Cut(text, pemBegin)
	if !found {
		return "", "", false
	}
	label, body, found = strings.Cut(text, "-----")
	if len(label) > 100 || strings.ContainsAny(label, "\r\n") {
		label = "a damaged part"
	}
	return utf8Text([]byte(label)), body, found
}

func describeCertificate(ctx context.Context, c *flow.Certificate) (string, error) {
	const layout = "2006-01-02 15:04:05 UTC"
	said := newFields()
	add := func(name, value string) {
		if value != "" {
			said.addText(name, utf8Text([]byte(value)))
		}
	}
	add("Subject", c.Subject)
	add("Issuer", c.Issuer)
	for _, name := range c.Names {
		add("Names", name)
	}
	add("Not before", c.NotBefore.UTC().Format(layout))
	add("Not after", c.NotAfter.UTC().Format(layout))
	add("Key", c.Key)
	add("Serial number", c.Serial)
	add("Authority", strconv.FormatBool(c.Authority))
	add("SHA-256", c.SHA256)
	text, err := writeYAML(ctx, yamlRuamel, said.yaml)
	return "# signed with " + c.Signature + ", not verified\n" + text, err
}
