package session_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

func format(name string, priority int, begins string) session.Format {
	return session.Format{
		Name: name, Label: strings.ToUpper(name), Priority: priority,
		Sniff: func(head []byte) error {
			if !strings.HasPrefix(string(head), begins) {
				return errors.New("no " + begins)
			}
			return nil
		},
		Open: func(context.Context, blob.Source) (session.Reader, error) { return nil, nil },
	}
}

func TestDetect(t *testing.T) {
	known := session.Sorted(format("late", 9, "a"), format("early", 1, "ab"))
	for _, test := range []struct{ in, name, err string }{
		{"abc", "early", ""},
		{"acc", "late", ""},
		{"", "empty", ""},
		{"xyz", "", "no known capture format: not a EARLY (no ab); not a LATE (no a)"},
	} {
		f, err := session.Detect(blob.Bytes([]byte(test.in)), known)
		if test.err == "" && err != nil || test.err != "" && (err == nil || err.Error() != test.err) {
			t.Errorf("%q: error %v, want %q", test.in, err, test.err)
		}
		if f.Name != test.name {
			t.Errorf("%q is %q, want %q", test.in, f.Name, test.name)
		}
		var refused *session.Unrecognised
		if test.err != "" && (!errors.As(err, &refused) || len(refused.Refusals) != len(known)) {
			t.Errorf("%q: not every refusal is told: %v", test.in, err)
		}
	}
}

// A Format sees the head alone, whatever the size of the file.
func TestSniffLength(t *testing.T) {
	seen := -1
	f := session.Format{Name: "f", Sniff: func(head []byte) error { seen = len(head); return nil }}
	if _, err := session.Detect(blob.Bytes(make([]byte, 10*session.SniffLen)), []session.Format{f}); err != nil || seen != session.SniffLen {
		t.Errorf("sniffed %d bytes, %v", seen, err)
	}
}

func TestEmptyFileHasNoFlows(t *testing.T) {
	r, err := session.Empty.Open(t.Context(), blob.Bytes(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("Next = %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestFormatsHavePrioritiesOfTheirOwn(t *testing.T) {
	seen := map[int]string{}
	names := map[string]bool{}
	for i, f := range formats.All() {
		if other, ok := seen[f.Priority]; ok {
			t.Errorf("%s and %s have priority %d", other, f.Name, f.Priority)
		}
		if names[f.Name] || f.Label == "" || f.Sniff == nil || f.Open == nil {
			t.Errorf("format %d, %q, is incomplete or stands twice", i, f.Name)
		}
		seen[f.Priority], names[f.Name] = f.Name, true
	}
	if len(seen) != 5 {
		t.Errorf("%d formats, want 5", len(seen))
	}
}

func TestIssue(t *testing.T) {
	cause := errors.New("cause")
	issue := session.AtByte(1024, cause)
	if issue.Error() != "byte 1024: cause" || !errors.Is(issue, cause) {
		t.Errorf("issue is %v", issue)
	}
}
