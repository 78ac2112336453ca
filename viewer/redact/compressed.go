package redact

import (
	"bytes"
	"errors"
	"strings"

	"flowpane/viewer/flow"
)

// decodeAll undoes the encodings that the value of a header names, and returns
// what is behind the data of one, which readers pass over.
func decodeAll(raw []byte, encodings string) (plain, rest []byte, err error) {
	if strings.Contains(encodings, ",") {
		plain, err = flow.DecodeAll(raw, encodings, maxBody)
		return plain, nil, err
	}
	var d flow.Decoder
	plain, err = d.Decode(raw, strings.TrimPrefix(strings.ToLower(strings.TrimSpace(encodings)), "x-"), maxBody)
	return plain, d.Rest(), err
}

// damaged returns what could be decoded of a body, with what stands for the rest:
// what cannot be decoded cannot be looked into.
func (w *walker) damaged(plain []byte) []byte {
	w.note(Bodies, "damaged")
	return append(bytes.Clone(plain), "\n"+prefix+"rest"...)
}

// packed looks into what is compressed, and compresses it again: each member, if
// several are behind each other, and what is behind them.
func (w *walker) packed(b []byte, kind string) []byte {
	var out []byte
	changed, limit := false, maxBody
	for rest := b; len(rest) > 0; {
		member := rest
		var hidden []byte
		if compression(member) == kind {
			hidden, rest = w.member(member, kind, &limit)
			member = member[:len(member)-len(rest)]
		} else {
			hidden, rest = w.body(member, ""), nil
		}
		changed = changed || !same(hidden, member)
		out = append(out, hidden...)
	}
	if !changed {
		return b
	}
	return out
}

// member looks into one member, which is limit bytes at the most, and returns what
// is behind it. Of what is damaged only that stays which can be decoded.
func (w *walker) member(b []byte, kind string, limit *int) (out, rest []byte) {
	var d flow.Decoder
	plain, failed := d.Decode(b, kind, *limit)
	if errors.Is(failed, flow.ErrLimit) {
		if out, gone := w.whole("application/"+kind, len(b)); gone {
			return out, nil
		}
		return b, nil
	}
	*limit -= len(plain)
	rest = d.Rest()
	b = b[: len(b)-len(rest) : len(b)-len(rest)]
	if failed == nil && len(plain) == 0 {
		return w.binary(b, false), rest
	}
	out = w.body(plain, "")
	if same(out, plain) {
		if failed == nil {
			return b, rest
		}
		out = w.damaged(plain)
	}
	if packed, err := encodeAll(out, kind); err == nil {
		return packed, rest
	}
	return b, rest
}

// compression returns the name of a compression that tells itself, or "".
func compression(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\x1f\x8b\x08")):
		return "gzip"
	case bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	}
	return ""
}
