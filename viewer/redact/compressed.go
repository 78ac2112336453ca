package redact

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"flowpane/viewer/flow"
)

// errBehind: there is data behind the end of what was encoded several times.
var errBehind = errors.New("there is data behind the end")

// decodeAll undoes the encodings that the value of a header names, as
// [flow.DecodeAll] does, and returns what is behind the data of one, which readers
// pass over. Of several that is an error.
func decodeAll(raw []byte, encodings string) (plain, rest []byte, err error) {
	var names []string
	for name := range strings.SplitSeq(encodings, ",") {
		if name = strings.TrimSpace(name); name != "" && !strings.EqualFold(name, "identity") && !strings.EqualFold(name, "none") {
			names = append(names, strings.TrimPrefix(strings.ToLower(name), "x-"))
		}
	}
	if len(names) > maxDepth {
		return nil, nil, flow.ErrEncoding
	}
	for _, name := range slices.Backward(names) {
		var d flow.Decoder
		var failed error
		raw, failed = d.Decode(raw, name, maxBody)
		if rest = d.Rest(); len(rest) > 0 && len(names) > 1 {
			failed = errBehind
		}
		if err == nil {
			err = failed
		}
		if len(raw) == 0 {
			break
		}
	}
	if len(names) > 1 {
		rest = nil
	}
	return raw, rest, err
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
	if w.packings++; w.packings == 1 {
		w.unpacked = 0
	}
	defer func() { w.packings-- }()
	var d flow.Decoder
	var out []byte
	changed := false
	for rest := b; len(rest) > 0; {
		member := rest
		var hidden []byte
		if compression(member) == kind {
			hidden, rest = w.member(&d, member, kind)
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

// maxUnpacked is how many bytes a body, and what is compressed in it, may be in all.
const maxUnpacked = 2 * maxBody

// member looks into one member, and returns what is behind it. Of what is damaged
// only that stays which can be decoded.
func (w *walker) member(d *flow.Decoder, b []byte, kind string) (out, rest []byte) {
	plain, failed := d.Decode(b, kind, min(maxBody, maxUnpacked-w.unpacked))
	if errors.Is(failed, flow.ErrLimit) {
		if out, gone := w.whole("application/"+kind, len(b)); gone {
			return out, nil
		}
		return b, nil
	}
	w.unpacked += len(plain)
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
