package screen

import (
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What a person does.
type (
	// Navigated: the address changed, or the page started with it.
	Navigated struct{ Fragment string }
	// Picked: files were chosen, dropped or pasted.
	Picked struct{ Files []File }
	// FilterTyped: the text of the filter box changed.
	FilterTyped struct{ Text string }
	// FilterLeft: the filter box lost the focus, so what is typed next is
	// another step in the history.
	FilterLeft struct{}
	// HeaderClicked: a heading of the flow table was pressed.
	HeaderClicked struct{ Column string }
	// RowClicked: a row of the flow table was pressed. Add: its flow is to be
	// picked too, or no more; Range: and all from the last one on.
	RowClicked struct {
		Index      int
		Add, Range bool
	}
	// RowFocused: a row of the flow table got the focus.
	RowFocused struct{ Index int }
	// Scrolled: the flow table is at another scroll position, in pixels.
	Scrolled struct{ Top float64 }
	// Resized: the page has another width, or the flow table another width or
	// another height for its rows to be seen in, in pixels.
	Resized struct{ Width, Table, Height float64 }
	// Acted: a key asked for something.
	Acted struct{ Action Action }
	// TabChosen: a tab of the detail pane was pressed.
	TabChosen struct{ Tab string }
	// IssuesToggled: the list of problems is to be opened or closed.
	IssuesToggled struct{}
)

// A File is a file that a person chose. Token names it beside the frames.
type File struct{ Token, Name string }

func (f File) source() *viewerpb.Source { return &viewerpb.Source{Name: f.Name, Token: f.Token} }

// What the engine answers.
type (
	connected  struct{ engine api.API }
	progressed struct{ progress *viewerpb.Progress }
	opened     struct{ err error }
	left       struct{} // the session is closed
	viewed     struct {
		watch *viewerpb.Watch
		view  *viewerpb.View
	}
	unwatched struct {
		watch *viewerpb.Watch
		err   error
	}
	checked struct {
		text  string
		check *viewerpb.FilterCheck
		err   error
	}
	rowsCame struct {
		from, count int
		revision    uint64 // known when they were asked for
		rows        *viewerpb.Rows
		err         error
	}
	located struct {
		key      string
		location *viewerpb.Location
		err      error
	}
	flowCame struct {
		key  string
		flow *viewerpb.Flow
		err  error
	}
)

// Disconnected: the engine could not be reached, or is gone. It is sent once for
// each engine, and before the calls of that engine fail.
type Disconnected struct{ Err error }
