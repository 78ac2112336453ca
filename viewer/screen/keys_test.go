package screen

import "testing"

func TestKeys(t *testing.T) {
	for _, test := range []struct {
		area  Area
		key   string
		shift bool
		want  Action
	}{
		{AreaPage, "ArrowDown", false, NextRow},
		{AreaGrid, "j", false, NextRow},
		{AreaGrid, "k", false, PreviousRow},
		{AreaGrid, "s", false, SaveAs},
		{AreaField, "s", false, NoAction},
		{AreaFilter, "s", false, NoAction},
		{AreaGrid, " ", false, NextPage},
		{AreaGrid, " ", true, PreviousPage},
		{AreaGrid, "PageUp", false, PreviousPage},
		{AreaGrid, "Home", false, FirstRow},
		{AreaGrid, "End", false, LastRow},
		{AreaGrid, "Enter", false, OpenDetail},
		{AreaGrid, "ArrowRight", false, NextTab},
		{AreaGrid, "/", false, GoToFilter},
		{AreaGrid, "/", true, GoToFilter},
		{AreaGrid, "q", false, NoAction},
		{AreaGrid, "ArrowDown", true, PickNext},
		{AreaPage, "Shift+ArrowUp", false, PickPrevious},
		{AreaGrid, "Ctrl+a", false, PickAll},
		{AreaDetail, "Ctrl+a", false, NoAction},
		{AreaGrid, "Ctrl+f", false, NoAction},
		{AreaTabs, "Home", false, FirstTab},
		{AreaTabs, "ArrowLeft", false, PreviousTab},
		{AreaTabs, "ArrowDown", false, NoAction},
		{AreaTabs, "j", false, NextRow},
		{AreaDetail, "ArrowDown", false, NoAction}, // the browser scrolls
		{AreaDetail, " ", false, NoAction},
		{AreaDetail, "Escape", false, CloseDetail},
		{AreaControl, "Enter", false, NoAction}, // the browser presses it
		{AreaControl, " ", false, NoAction},
		{AreaControl, "/", false, GoToFilter},
		{AreaFilter, "j", false, NoAction},
		{AreaFilter, "/", false, NoAction},
		{AreaFilter, "Enter", false, GoToTable},
		{AreaFilter, "ArrowDown", false, GoToTable},
		{AreaSuggestions, "ArrowDown", false, NextSuggestion},
		{AreaSuggestions, "ArrowUp", false, PreviousSuggestion},
		{AreaSuggestions, "Enter", false, GoToTable},
		{AreaSuggestions, "Tab", false, NoAction},
		{AreaSuggestions, "Escape", false, CloseSuggestions},
		{AreaSuggestions, "j", false, NoAction},
		{AreaSuggestion, "Enter", false, TakeSuggestion},
		{AreaSuggestion, "Tab", false, TakeSuggestion},
		{AreaSuggestion, "Escape", false, CloseSuggestions},
		{AreaField, "Escape", false, NoAction},
		{AreaField, "j", false, NoAction},
	} {
		if got := KeyAction(test.area, test.key, test.shift); got != test.want {
			t.Errorf("KeyAction(%d, %q, %v) = %d, want %d", test.area, test.key, test.shift, got, test.want)
		}
	}
}
