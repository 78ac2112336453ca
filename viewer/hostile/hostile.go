// Package hostile makes captures as an attacker would, or a program with a bug:
// texts that would be script, numbers and lengths that lie, nesting without end,
// databases that go in circles, data that is small only while it is compressed,
// and documents that ask for things in all the ways there are.
//
// It is for tests; no program links it. What it makes is the same each time.
package hostile

import (
	"fmt"
	"slices"
	"strings"
)

// An Input is a file, or several that are opened together.
type Input struct {
	// Name is unique and says what it is about: "mitm: lying lengths".
	Name string
	// File is what the file is called where it lies, which is hostile too. No
	// name holds a slash, so that all can be on a disk.
	File string
	// Make returns the content. It may be long, and is made anew each time.
	Make func() []byte
	// Records is how many records there are at least that have to become a flow
	// or be told of as an issue, and Flows how many of them are good, and have
	// to become flows. Both are 0 if nothing is known, as of a file that may be
	// refused as a whole.
	Records, Flows int
	// Large: whoever looks at it from all sides needs a minute.
	Large bool
}

// Inputs returns all of them. Whatever in them asks for something asks home for
// it, the origin of a server: "http://127.0.0.1:8080".
func Inputs(home string) []Input {
	all := slices.Concat(
		fieldInputs(home),
		documentInputs(home),
		spoiltInputs(home),
		sizeInputs(),
		lengthInputs(),
		nestingInputs(),
		bodyInputs(),
		bombInputs(),
		databaseInputs(home),
	)
	names := fileNames(home)
	for i := range all {
		all[i].File = fmt.Sprintf("%d %s", i, names[i%len(names)])
	}
	return all
}

func sortedByName(inputs []Input) []Input {
	slices.SortFunc(inputs, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	return inputs
}
