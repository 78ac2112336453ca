package hostile_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/hostile"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// home is asked by nobody here.
const home = "http://127.0.0.1:1"

// each runs a test for each input, several at once.
func each(t *testing.T, run func(t *testing.T, in hostile.Input)) {
	for _, in := range hostile.Inputs(home) {
		t.Run(in.Name, func(t *testing.T) {
			t.Parallel()
			run(t, in)
		})
	}
}

// A counted source counts what is read of it: whoever goes in circles, or
// looks at everything again for each record, reads too much.
type counted struct {
	blob.Source
	read int64
}

func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	c.read += int64(len(p))
	return c.Source.ReadAt(p, offset)
}

// most is how many bytes may be read of a file, again and again.
func (c *counted) most() int64 { return 256<<20 + 8*c.Size() }

// TestInputs holds what package hostile promises.
func TestInputs(t *testing.T) {
	seen := map[string]bool{}
	for _, in := range hostile.Inputs(home) {
		if seen[in.Name] || in.Make == nil || strings.Contains(in.File, "/") || in.Flows > in.Records {
			t.Errorf("%q stands twice or is not whole: %+v", in.Name, in)
		}
		seen[in.Name] = true
	}
	if len(seen) < 70 {
		t.Errorf("%d inputs", len(seen))
	}
	for _, d := range hostile.Documents(home) {
		for _, left := range []string{"HOME", "BARE", "RUN"} {
			if strings.Contains(d.Body, left) {
				t.Errorf("%s: %s stands where something else is to", d.ContentType, left)
			}
		}
	}
}

// TestRead reads each input as far as it goes: what is good is there, what is
// not is told of, and all of it is read no more than a few times.
func TestRead(t *testing.T) {
	each(t, func(t *testing.T, in hostile.Input) {
		src := &counted{Source: blob.Bytes(in.Make())}
		flows, issues, err := read(t, src)
		t.Logf("%d bytes, %d read: %d flows, %d issues, %v", src.Size(), src.read, len(flows), len(issues), err)
		if src.read > src.most() {
			t.Errorf("%d bytes of %d were read", src.read, src.Size())
		}
		if in.Records > 0 && err != nil {
			t.Errorf("reading ended with: %v", err)
		}
		if len(flows) < in.Flows {
			t.Errorf("%d flows are read, %d are good", len(flows), in.Flows)
		}
		if len(flows)+len(issues) < in.Records {
			t.Errorf("%d flows and %d issues of %d records", len(flows), len(issues), in.Records)
		}
	})
}

// read returns what is read of a file, and the error that ended it, or nil.
// Flows are looked at as the view and the detail do.
func read(t *testing.T, src blob.Source) (flows []*flowpb.Flow, issues []error, err error) {
	t.Helper()
	f, err := session.Detect(src, formats.All())
	if err != nil {
		return nil, nil, err
	}
	r, err := f.Open(t.Context(), src)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	// Each step reads or tells something: there are no more of them than bytes.
	for range src.Size() + 1000 {
		f, err := r.Next()
		var issue *session.Issue
		switch {
		case errors.As(err, &issue):
			issues = append(issues, issue)
		case err == io.EOF:
			if p := r.Progress(); p != src.Size() {
				t.Errorf("at the end %d of %d bytes are read", p, src.Size())
			}
			return flows, issues, nil
		case err != nil:
			return flows, issues, err
		default:
			look(t, r, f)
			flows = append(flows, f)
		}
	}
	t.Error("there is no end")
	return flows, issues, nil
}

// look has all of a flow.
func look(t *testing.T, r session.Reader, f *flowpb.Flow) {
	t.Helper()
	flow.Summarize(f)
	for _, b := range flow.Bodies(f) {
		if *b.Ref == nil {
			continue
		}
		src, err := r.Body(*b.Ref)
		if err != nil {
			continue // of a body that a hostile file claims to have
		}
		io.Copy(io.Discard, io.NewSectionReader(src, 0, src.Size()))
	}
}

// checkError has an error that a person can be shown: a line or a few of plain
// text, however hostile what it is about.
func checkError(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	text := err.Error()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, isUnseen) {
		t.Errorf("an error has what cannot be seen: %.300q", text)
	}
	if len(text) > 2000 || text == "" {
		t.Errorf("an error has %d bytes: %.300q", len(text), text)
	}
}

// isUnseen reports whether a character does something else than being seen.
func isUnseen(c rune) bool {
	return c != '\n' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
