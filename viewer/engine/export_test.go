package engine_test

import (
	"strings"
	"testing"

	"flowpane/proto/viewerpb"
)

// TestExport writes each flow of the sample as all that it can be written as.
func TestExport(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	written, refused := 0, 0
	for _, row := range rows(t, e) {
		f, err := e.Flow(t.Context(), row.Key)
		if err != nil {
			t.Fatal(err)
		}
		if isHTTP := row.Kind == "http" || row.Kind == "websocket"; isHTTP != (len(f.Exports) > 0) {
			t.Errorf("flow %d, %s, can be exported as %d formats", row.Number, row.Kind, len(f.Exports))
		}
		for _, format := range f.Exports {
			x, err := e.Export(t.Context(), row.Key, format.Name)
			switch {
			case code(err) == viewerpb.Code_UNREADABLE:
				refused++
			case err != nil || len(x.Text) == 0 || !strings.Contains(x.FileName, "example.") || format.Label == "":
				t.Errorf("flow %d as %s: %+v, %v", row.Number, format.Name, x, err)
			default:
				written++
			}
		}
	}
	if written < 250 || refused > 10 {
		t.Errorf("%d texts are written, %d refused", written, refused)
	}
	if _, err := e.Export(t.Context(), rows(t, e)[0].Key, "none"); code(err) != viewerpb.Code_NOT_FOUND {
		t.Errorf("as nothing: %v", err)
	}
}
