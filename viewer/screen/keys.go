package screen

import "strings"

// An Area says what has the focus, as far as keys care.
type Area int

const (
	// AreaPage is nothing in particular.
	AreaPage Area = iota
	// AreaGrid is a row of the flow table.
	AreaGrid
	// AreaFilter is the filter box.
	AreaFilter
	// AreaSuggestions is the filter box with suggestions below it, and
	// AreaSuggestion the same when keys have reached one of them.
	AreaSuggestions
	AreaSuggestion
	// AreaTabs is a tab of the detail pane.
	AreaTabs
	// AreaDetail is anything else in the detail pane that takes no keys.
	AreaDetail
	// AreaControl is a button or a link.
	AreaControl
	// AreaField is what takes all keys itself.
	AreaField
)

// An Action is what a key asks for.
type Action int

const (
	NoAction Action = iota
	NextRow
	PreviousRow
	NextPage
	PreviousPage
	FirstRow
	LastRow
	OpenDetail
	CloseDetail
	NextTab
	PreviousTab
	FirstTab
	LastTab
	GoToFilter
	GoToTable
	NextSuggestion
	PreviousSuggestion
	// TakeSuggestion types the suggestion that keys have reached.
	TakeSuggestion
	CloseSuggestions
	// SaveAs opens the dialog for saving.
	SaveAs
	// FilterBy offers what the flow with the focus can be filtered by.
	FilterBy
	// OpenFilters opens the panel of filters.
	OpenFilters
	// OpenColumns opens the dialog for columns.
	OpenColumns
	// FindInBody goes to where what to find in the body is typed.
	FindInBody
	// NextHit and PreviousHit go through what is found.
	NextHit
	PreviousHit
	// SetBase chooses the flow with the focus as the one to compare others with.
	SetBase
	// ToggleMark marks the flow with the focus, or takes its mark away.
	ToggleMark
	// OpenFiles lets files be chosen.
	OpenFiles
	// CloseSession closes the session that is open.
	CloseSession
	// KeepSession keeps the session in this browser, FollowSession reads on as it
	// grows; each ends that too.
	KeepSession
	FollowSession
	// ToggleCompact makes the rows of the table low, or high.
	ToggleCompact
	// PickRow picks the flow with the focus too, or no more; PickNext and
	// PickPrevious pick up to the next row and the one before, and PickAll all.
	PickRow
	PickNext
	PickPrevious
	PickAll
	// OpenOverview opens the overview.
	OpenOverview
	// ToggleTimeline shows when flows began, or does not.
	ToggleTimeline
	UseSystemTheme
	UseLightTheme
	UseDarkTheme
	// TakeUpdate loads the page again, to have its newest version.
	TakeUpdate
	// OpenPalette opens the list of keys and commands.
	OpenPalette
	actionCount
)

// KeyAction returns what a key does in an area, by the KeyboardEvent.key. One with
// Control or Meta is written "Ctrl+a". It is NoAction for keys that are the
// browser's business, which includes almost all of those, and all with Alt.
func KeyAction(area Area, key string, shift bool) Action {
	if plain, found := strings.CutPrefix(key, "Shift+"); found {
		key, shift = plain, true
	}
	switch area {
	case AreaField:
		return NoAction
	case AreaFilter:
		switch key {
		case "Enter", "ArrowDown", "Escape":
			return GoToTable
		}
		return NoAction
	case AreaSuggestions, AreaSuggestion:
		return suggestionAction(key, area == AreaSuggestion)
	case AreaTabs:
		switch key {
		case "ArrowRight":
			return NextTab
		case "ArrowLeft":
			return PreviousTab
		case "Home":
			return FirstTab
		case "End":
			return LastTab
		}
	case AreaPage, AreaGrid:
		if action := tableAction(key, shift); action != NoAction {
			return action
		}
	}
	switch key {
	case "/":
		return GoToFilter
	case "Escape":
		return CloseDetail
	case "j":
		return NextRow
	case "k":
		return PreviousRow
	case "s":
		return SaveAs
	case "m":
		return ToggleMark
	case "b":
		return SetBase
	case "h":
		return OpenFilters
	case "c":
		return OpenColumns
	case "x":
		return PickRow
	case "g":
		return OpenOverview
	case "t":
		return ToggleTimeline
	case "o":
		return OpenFiles
	case "?", ":":
		return OpenPalette
	case "n":
		return NextHit
	case "N":
		return PreviousHit
	case "f":
		if area == AreaDetail || area == AreaTabs {
			return FindInBody
		}
		return FilterBy
	}
	return NoAction
}

func tableAction(key string, shift bool) Action {
	switch {
	case key == "Ctrl+a":
		return PickAll
	case shift && key == "ArrowDown":
		return PickNext
	case shift && key == "ArrowUp":
		return PickPrevious
	}
	switch key {
	case "ArrowDown":
		return NextRow
	case "ArrowUp":
		return PreviousRow
	case "PageDown":
		return NextPage
	case "PageUp":
		return PreviousPage
	case " ":
		if shift {
			return PreviousPage
		}
		return NextPage
	case "Home":
		return FirstRow
	case "End":
		return LastRow
	case "Enter":
		return OpenDetail
	case "ArrowRight":
		return NextTab
	case "ArrowLeft":
		return PreviousTab
	}
	return NoAction
}

func suggestionAction(key string, reached bool) Action {
	switch key {
	case "ArrowDown":
		return NextSuggestion
	case "ArrowUp":
		return PreviousSuggestion
	case "Escape":
		return CloseSuggestions
	case "Enter":
		if !reached {
			return GoToTable
		}
		return TakeSuggestion
	case "Tab":
		if reached {
			return TakeSuggestion
		}
	}
	return NoAction
}
