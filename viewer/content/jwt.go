package content

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// jwtView shows a token in compact form: the header and the claims as indented
// JSON, with the times also as dates. It verifies nothing, which its first line
// says. mitmproxy has no such view.
//
// Source: https://www.rfc-editor.org/rfc/rfc7519,
// https://www.rfc-editor.org/rfc/rfc7515#section-7.1,
// https://www.rfc-editor.org/rfc/rfc7516#section-7.1
func jwtView() View {
	return View{
		Name:  "jwt",
		Label: "JWT",
		About: "JSON Web Token, decoded; its signature is not verified",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			switch {
			case len(data) == 0:
				return 0
			case meta.MediaType == "application/jwt", meta.MediaType == "application/jose", strings.HasSuffix(meta.MediaType, "+jwt"):
				return 1
			case isToken(data):
				return 0.6
			}
			return 0
		},
		Render: renderJWT,
	}
}

const (
	jwsParts = 3 // header, payload, signature
	jweParts = 5 // header, encrypted key, initialization vector, ciphertext, tag
	// tokenMax bounds what is taken for a token without being called so, in
	// bytes.
	tokenMax = 64 << 10
)

// isToken reports whether data looks like a token: its header is a JSON object
// in Base64, which begins with "eyJ".
func isToken(data []byte) bool {
	data = bytes.TrimSpace(data)
	if len(data) > tokenMax || !bytes.HasPrefix(data, []byte("eyJ")) {
		return false
	}
	parts := bytes.Split(data, []byte("."))
	if len(parts) != jwsParts && len(parts) != jweParts {
		return false
	}
	for _, part := range parts {
		if _, err := tokenPart(part); err != nil {
			return false
		}
	}
	header, _ := tokenPart(parts[0])
	return bytes.Contains(header, []byte(`"alg"`))
}

// tokenPart decodes a part of a token.
func tokenPart(part []byte) ([]byte, error) {
	return base64.RawURLEncoding.AppendDecode(nil, bytes.TrimRight(part, "="))
}

func renderJWT(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
	encoded := bytes.SplitN(bytes.TrimSpace(data), []byte("."), jweParts+1)
	if len(encoded) != jwsParts && len(encoded) != jweParts {
		return Rendered{}, errors.New("a token has 3 or 5 parts")
	}
	var parts [jweParts][]byte
	for i, part := range encoded {
		var err error
		if parts[i], err = tokenPart(part); err != nil {
			return Rendered{}, errors.New("part " + strconv.Itoa(i+1) + ": this is no Base64url")
		}
	}
	header, err := indentJSON(ctx, utf8Text(parts[0]))
	if err != nil {
		return Rendered{}, errors.New("header: " + err.Error())
	}
	var w output
	if len(encoded) == jweParts {
		w.put("# not verified, nor decrypted\n\nheader: " + header + "\n\n")
		for i, name := range [...]string{"encrypted key", "initialization vector", "ciphertext", "tag"} {
			w.putSize(name, parts[1+i])
		}
	} else {
		w.put("# not verified: anyone can make a token that says this\n\nheader: " + header + "\n\n")
		w.putPayload(ctx, parts[1])
		w.put("\n\n")
		w.putSize("signature", parts[2])
	}
	return Rendered{Text: w.String()}, ctx.Err()
}

// putSize puts what there is of a part that nobody can read.
func (o *output) putSize(name string, part []byte) {
	size := "none"
	if len(part) > 0 {
		size = strconv.Itoa(len(part)) + " bytes"
	}
	o.put(name + ": " + size + "\n")
}

// putPayload puts the claims, or a payload of another kind.
func (o *output) putPayload(ctx context.Context, payload []byte) {
	claims, err := indentJSON(ctx, utf8Text(payload))
	switch {
	case err == nil:
		o.put("claims: ")
		o.putClaims(claims)
	case len(payload) == 0:
		o.put("payload: none")
	case utf8.Valid(payload):
		o.put("payload: " + string(payload))
	default:
		o.put("payload: " + escapeBytes(payload))
	}
}

// putClaims puts the lines of indented JSON, with a date behind each time.
func (o *output) putClaims(claims string) {
	for line := range strings.Lines(claims) {
		text := strings.TrimSuffix(line, "\n")
		o.put(text)
		if date := claimedDate(text); date != "" {
			o.put("  # " + date)
		}
		o.put(line[len(text):])
	}
}

// claimedDate returns the date that a line stands for, if it is a time among
// the claims themselves and not within one.
// Source: https://www.rfc-editor.org/rfc/rfc7519#section-4.1,
// https://openid.net/specs/openid-connect-core-1_0.html#IDToken
func claimedDate(line string) string {
	name, value, _ := strings.Cut(line, ": ")
	switch name {
	case `    "exp"`, `    "nbf"`, `    "iat"`, `    "auth_time"`, `    "updated_at"`:
	default:
		return ""
	}
	const year10000 = 253_402_300_800
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(value, ","), 64)
	if err != nil || !(0 <= seconds && seconds < year10000) {
		return ""
	}
	return time.Unix(int64(seconds), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
