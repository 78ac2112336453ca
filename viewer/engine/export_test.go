package engine_test

import (
	"encoding/base64"
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

// TestSaveBody saves each body of the sample, as sent and decoded.
func TestSaveBody(t *testing.T) {
	e, _ := opened(t, sample(t), "shop")
	show(t, e, &viewerpb.Watch{})
	names, encoded := map[string]bool{}, 0
	for _, row := range rows(t, e) {
		f, err := e.Flow(t.Context(), row.Key)
		if err != nil {
			t.Fatal(err)
		}
		info := f.Response.GetBody()
		var sizes [2]int
		for i, decoded := range []bool{false, true} {
			err := e.SaveBody(t.Context(), &viewerpb.SaveBody{Key: row.Key, Part: viewerpb.Part_RESPONSE, Decoded: decoded}, func(p *viewerpb.Saved) {
				sizes[i] += len(p.Data)
				names[p.FileName] = true
			})
			if info.GetPresent() != (err == nil) {
				t.Errorf("flow %d: %v", row.Number, err)
			}
		}
		if sizes[0] != int(info.GetSize()) && info.GetPresent() {
			t.Errorf("flow %d: %d bytes are saved of %d", row.Number, sizes[0], info.GetSize())
		}
		if info.GetContentEncoding() != "" && sizes[0] != sizes[1] {
			encoded++
		}
	}
	if encoded == 0 || !names["shop.css"] || !names["graphql.json"] {
		t.Errorf("%d bodies are encoded; names %v", encoded, names)
	}
}

// TestSaveInside saves what a value of a body encodes.
func TestSaveInside(t *testing.T) {
	const secret = `{"note":"words that nobody saw"}`
	body := `{\"token\":[\"` + base64.StdEncoding.EncodeToString([]byte(secret)) + `\"]}`
	f := files{"x.har": []byte(`{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[` +
		`{"startedDateTime":"2026-11-23T10:00:00Z","time":1,"request":{"method":"GET","url":"http://a.example/","httpVersion":"HTTP/1.1","headers":[]},` +
		`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"content-type","value":"application/json"}],"content":{"mimeType":"application/json","text":"` + body + `"}},"timings":{}}]}}`)}
	e, _ := opened(t, f, "x.har")
	show(t, e, &viewerpb.Watch{})
	save := &viewerpb.SaveBody{Key: rows(t, e)[0].Key, Part: viewerpb.Part_RESPONSE, Decoded: true, Inside: []string{"token[0]"}}
	err := e.SaveBody(t.Context(), save, func(p *viewerpb.Saved) {
		if string(p.Data) != secret || p.FileName != "token_0_.json" {
			t.Errorf("%s: %s", p.FileName, p.Data)
		}
	})
	if err != nil {
		t.Error(err)
	}
	save.Inside = []string{"user"}
	if err := e.SaveBody(t.Context(), save, func(*viewerpb.Saved) { t.Error("it saved something") }); code(err) != viewerpb.Code_UNREADABLE {
		t.Errorf("of no step: %v", err)
	}
}
