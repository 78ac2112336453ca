package engine

import (
	"sort"

	"flowpane/proto/flowpb"
	"flowpane/viewer/session"
	"flowpane/viewer/store"
)

// Flow implements view.Loader. What a person said of the flow goes before what
// it says itself.
func (o *open) Flow(key string) (*flowpb.Flow, error) {
	f, err := o.captured(key)
	if err != nil {
		return nil, err
	}
	return annotated(f, o.note(key)), nil
}

// captured returns a flow as it was read. It comes from the list of its file,
// if it is there; else from where it lies, if the file can be read there again;
// else from the store.
func (o *open) captured(key string) (*flowpb.Flow, error) {
	n, ok := o.view.Number(key)
	if !ok {
		return nil, store.ErrNotFound
	}
	if int64(n) < o.listed.Load() {
		if f, ok := o.first.found(key); ok && o.first.number == n { // far away, it would have to be asked for again
			return f, nil
		}
		return o.lister().Flow(n)
	}
	number, scanner, at := o.place(n)
	if at == (session.Place{}) {
		return o.store.Get(key)
	}
	f, err := scanner.Reread(at)
	if err == nil {
		own(f, uint32(number))
	}
	return f, err
}

// begins notes that f has the flows from n on.
func (o *open) begins(f *file, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.first = n
}

// keepPlace notes where flow n of the session lies, of which it is the newest.
func (o *open) keepPlace(n int, at session.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.places) < n { // those in front are found otherwise
		o.places = append(o.places, session.Place{})
	}
	o.places = append(o.places, at)
}

// place returns where flow n of the session lies, and in which file. It is the
// zero Place if the flow is in the store.
func (o *open) place(n int) (number int, file session.Scanner, at session.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n >= len(o.places) || o.places[n] == (session.Place{}) {
		return 0, nil, session.Place{}
	}
	number = sort.Search(len(o.files), func(i int) bool { return o.files[i].first > n }) - 1
	return number, o.files[number].reader.(session.Scanner), o.places[n]
}
