package diff

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	for _, test := range [][3]string{
		{"", "", ""},
		{"abc", "abc", "aa bb cc"},
		{"abc", "", "a- b- c-"},
		{"", "ab", "-a -b"},
		{"abc", "axc", "aa bx cc"},
		{"abcabba", "cbabac", ""},
		{"abcd", "acd", "aa b- cc dd"},
		{"acd", "abcd", "aa -b cc dd"},
		{"xay", "bac", "xb aa yc"},
	} {
		rows := Lines(strings.Split(test[0], "")[:len(test[0])], strings.Split(test[1], "")[:len(test[1])])
		var got []string
		for _, r := range rows {
			left, right := r.Left, r.Right
			if !r.HasLeft {
				left = "-"
			}
			if !r.HasRight {
				right = "-"
			}
			got = append(got, left+right)
		}
		if want := test[2]; want != "" && strings.Join(got, " ") != want {
			t.Errorf("%s and %s: %s, want %s", test[0], test[1], got, want)
		}
	}
}

// TestLaws holds for any lists: each side of the rows is its list, and no more
// differs than has to.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := list(random), list(random)
		rows := Lines(a, b)
		var left, right []string
		same := 0
		for _, r := range rows {
			if r.HasLeft {
				left = append(left, r.Left)
			}
			if r.HasRight {
				right = append(right, r.Right)
			}
			if r.Same() {
				same++
			}
		}
		if !slices.Equal(left, a) || !slices.Equal(right, b) || same != longest(a, b) {
			t.Fatalf("%v and %v: %v, %d lines are the same", a, b, rows, same)
		}
	}
}

func list(r *rand.Rand) []string {
	l := make([]string, r.IntN(12))
	for i := range l {
		l[i] = strconv.Itoa(r.IntN(4))
	}
	if len(l) == 0 {
		return nil
	}
	return l
}

// longest is the length of a longest common subsequence, by the book.
func longest(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		before := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			before = above
		}
	}
	return row[len(b)]
}

// TestTooMany compares lists that have nothing in common: that ends.
func TestTooMany(t *testing.T) {
	var a, b []string
	for i := range 20_000 {
		a, b = append(a, "a"+strconv.Itoa(i)), append(b, "b"+strconv.Itoa(i))
	}
	if rows := Lines(a, b); len(rows) != 20_000 || rows[0].Left != "a0" || rows[0].Right != "b0" {
		t.Errorf("%d rows", len(rows))
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\nb", "b\nc")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, a, b string) {
		left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
		if n := len(Lines(left, right)); n < max(len(left), len(right)) || n > len(left)+len(right) {
			t.Errorf("%d rows of %d and %d lines", n, len(left), len(right))
		}
	})
}
