package pbstream

import (
	"flowpane/proto/flowpb"
)

// settle makes of the Bodies that a copier left what a flow of a session has:
// a content that is at hand as it was sent needs none. The contents of 2018
// are decoded.
func settle(f *flowpb.Flow, decoded bool) {
	dropPrivate(f)
	eachBody(f, func(content *[]byte, ref **flowpb.Body) {
		if *ref == nil {
			return
		}
		if decoded {
			(*ref).Decoded = new(true)
		}
		// A message that stood twice was merged: the reference is of the last.
		if *content != nil && uint64(len(*content)) != (*ref).GetLength() {
			*content = nil
		}
		if *content != nil && !(*ref).GetDecoded() {
			*ref = nil
		}
	})
	if f.Backup != nil {
		settle(f.Backup, decoded)
	}
}

// dropPrivate takes away what means something only in a session or a store.
func dropPrivate(f *flowpb.Flow) {
	f.ClientRef, f.ServerRef, f.Source = nil, nil, nil
	f.Derived, f.Exact = nil, nil
}

// eachBody calls do with every content of f, but not of its backup.
func eachBody(f *flowpb.Flow, do func(content *[]byte, ref **flowpb.Body)) {
	if m := f.Request; m != nil {
		do(&m.Content, &m.Body)
	}
	if m := f.Response; m != nil {
		do(&m.Content, &m.Body)
	}
	for _, m := range f.GetWebsocket().GetMessages() {
		do(&m.Content, &m.Body)
	}
	for _, m := range f.Messages {
		do(&m.Content, &m.Body)
	}
}
