package screen

import (
	"strconv"

	"flowpane/proto/viewerpb"
)

// Warm shows a made up session on a Screen of its own, to nobody. A browser compiles
// code at its first use: when a file is opened, that would be while it is read, and
// all first rows wait for it.
func Warm(zone Zone) {
	const rows = 3
	s := New(zone, nil)
	list := &viewerpb.Rows{Revision: 1}
	for i := range rows {
		list.Rows = append(list.Rows, &viewerpb.Row{
			Key: strconv.Itoa(i), Kind: "http", Method: "GET", Scheme: "https", Host: "example.com", Path: "/", Status: 200,
			ContentType: "text/html", ResponseSize: 12345, Start: 1.7e18, Duration: 25e6, Number: uint64(i + 1),
		})
	}
	const text = "a"
	view := func(busy bool) func() Msg {
		return func() Msg {
			return viewed{s.table.trying, &viewerpb.View{Revision: 1, Shown: rows, Total: rows, Busy: busy, Rows: list}}
		}
	}
	for _, msg := range []Msg{
		Resized{Width: s.width, Table: s.width, Height: 20 * RowHeight}, connected{}, Picked{Files: []File{{Name: "session"}}},
		progressed{&viewerpb.Progress{Name: "session", BytesRead: 1, BytesTotal: 2, Flows: rows}},
		view(true), opened{}, FilterTyped{text}, CaretMoved{len(text)}, view(false), completionsCame{text, new(viewerpb.Completions)},
	} {
		if later, ok := msg.(func() Msg); ok {
			msg = later()
		}
		s.Update(msg)
		s.State()
	}
}
