package screen

import (
	"strings"
	"testing"
)

// TestBindings presses each key that the list of commands names.
func TestBindings(t *testing.T) {
	done := map[Action]bool{}
	for _, b := range bindings {
		for key := range strings.FieldsSeq(b.keys) {
			if key == "Space" {
				key = " "
			}
			if got := KeyAction(b.area, key, false); got != b.action {
				t.Errorf("%s: %s does %d", b.label, key, got)
			}
		}
		if done[b.action] {
			t.Errorf("%s: another command does the same", b.label)
		}
		done[b.action] = true
	}
	// What is done within the filter box, or follows from where the focus is.
	for _, a := range []Action{NoAction, FirstTab, LastTab, GoToTable, NextSuggestion, PreviousSuggestion, TakeSuggestion, CloseSuggestions} {
		done[a] = true
	}
	for a := range actionCount {
		if !done[a] {
			t.Errorf("action %d is no command", a)
		}
	}
}

func TestPalette(t *testing.T) {
	s := New(nil, nil)
	labels := func() (list []string) {
		for _, item := range s.State().Palette.Items {
			list = append(list, item.Label)
		}
		return list
	}
	s.Update(AppKept{Whole: true}) // there is a newer version of the page
	s.Update(Acted{OpenPalette})
	if st := s.State().Palette; !st.Open || len(st.Items) != len(bindings) || st.Active != -1 || st.Items[0].Group != "Session" || st.Items[1].Group != "" {
		t.Errorf("%+v", st)
	}
	s.Update(PaletteMoved{-1})
	if st := s.State().Palette; st.Active != len(bindings)-1 {
		t.Errorf("up from the top reaches %d", st.Active)
	}
	s.Update(PaletteMoved{1})
	if st := s.State().Palette; st.Active != 0 {
		t.Errorf("down from the end reaches %d", st.Active)
	}
	s.Update(PaletteTyped{"THEME l"})
	if got := strings.Join(labels(), ", "); got != "Light theme" {
		t.Errorf("it finds %s", got)
	}
	s.Update(PaletteRun{-1})
	if st := s.State(); st.Palette.Open || st.Theme != LightTheme {
		t.Errorf("%+v, theme %q", st.Palette, st.Theme)
	}
	s.Update(Acted{OpenPalette})
	if st := s.State().Palette; st.Text != "" || len(st.Items) != len(bindings) {
		t.Errorf("opened again it finds %q", st.Text)
	}
	s.Update(PaletteTyped{"nothing of this kind"})
	s.Update(PaletteMoved{1})
	s.Update(PaletteRun{-1})
	s.Update(PaletteRun{99})
}
