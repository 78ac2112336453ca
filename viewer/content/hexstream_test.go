package content

import "testing"

func TestHexStream(t *testing.T) {
	for in, want := range map[string]string{
		"":         "",
		"content":  "636f6e74656e74",
		"\x00\xff": "00ff",
	} {
		if got := shown(hexStreamView(), Metadata{}, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if p := hexStreamView().Priority(Metadata{}, []byte("\x00\x01")); p != 0.4 {
		t.Errorf("priority of bytes %v", p)
	}
	if p := hexStreamView().Priority(Metadata{}, []byte("ab")); p != 0 {
		t.Errorf("priority of text %v", p)
	}
}
