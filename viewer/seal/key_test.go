package seal

import (
	"strings"
	"testing"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func TestKeyAsText(t *testing.T) {
	for range 100 {
		key := newKey()
		text := key.Text()
		if len(text) != 48 || strings.Trim(text, alphabet) != "" {
			t.Fatalf("%q", text)
		}
		if again, err := ParseKey(text); err != nil || again != key {
			t.Fatalf("%q: %v", text, err)
		}
	}
}

// Whoever types a key, or copies a part of it, is told so.
func TestMistypedKeys(t *testing.T) {
	key := newKey()
	text := key.Text()
	for i := range text {
		for _, c := range alphabet + "=+/ \n" {
			typed := text[:i] + string(c) + text[i+1:]
			if _, err := ParseKey(typed); typed != text && err != ErrBadKey {
				t.Fatalf("%q for %q: %v", typed, text, err)
			}
		}
		for _, typed := range []string{text[:i], text[i+1:], text[:i] + text[i+1:], text[:i] + "A" + text[i:]} {
			if _, err := ParseKey(typed); err != ErrBadKey {
				t.Fatalf("%q for %q: %v", typed, text, err)
			}
		}
		if i > 0 {
			typed := text[:i-1] + text[i:i+1] + text[i-1:i] + text[i+1:]
			if _, err := ParseKey(typed); typed != text && err != ErrBadKey {
				t.Fatalf("%q for %q: %v", typed, text, err)
			}
		}
	}
	for _, other := range []string{"", "key", text + text, text + "\n", text + "=="} {
		if _, err := ParseKey(other); err != ErrBadKey {
			t.Errorf("%q: %v", other, err)
		}
	}
}
