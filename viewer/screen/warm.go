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
	list, all, one := &viewerpb.Rows{Revision: 1}, &viewerpb.Watch{Rows: pageRows}, &viewerpb.Watch{Filter: "a", Rows: pageRows}
	for i := range rows {
		list.Rows = append(list.Rows, &viewerpb.Row{
			Key: strconv.Itoa(i), Kind: "http", Method: "GET", Scheme: "https", Host: "example.com", Path: "/", Status: 200,
			ContentType: "text/html", ResponseSize: 12345, Start: 1.7e18, Duration: 25e6, Number: uint64(i + 1),
		})
	}
	for _, msg := range []Msg{
		Resized{Width: s.width, Table: s.width, Height: 20 * RowHeight}, connected{}, Picked{Files: []File{{Name: "session"}}},
		progressed{&viewerpb.Progress{Name: "session", BytesRead: 1, BytesTotal: 2, Flows: rows}},
		viewed{all, &viewerpb.View{Revision: 1, Shown: rows, Total: rows, Busy: true, Rows: list}},
		opened{}, FilterTyped{one.Filter}, CaretMoved{1}, completionsCame{one.Filter, new(viewerpb.Completions)},
		viewed{one, &viewerpb.View{Revision: 2, Shown: rows, Total: rows, Rows: list}},
	} {
		s.Update(msg)
		s.State()
	}
}
