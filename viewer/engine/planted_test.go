package engine_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/csv"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/engine"
	"flowpane/viewer/redact/planted"
	"flowpane/viewer/session"
	"flowpane/viewer/session/formats"
)

// plantedIn is an engine with flows open in which secrets were planted.
func plantedIn(t *testing.T, flows []*flowpb.Flow) *engine.Engine {
	t.Helper()
	var file bytes.Buffer
	if err := formats.Writers()[0].Write(t.Context(), &file, &session.List{Flows: flows}); err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Source: files{"planted": file.Bytes()}.open, Asset: func(_ context.Context, name string) ([]byte, error) {
		return fs.ReadFile(assets, name)
	}})
	t.Cleanup(func() { e.Close(context.Background()) })
	if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "planted"}}, func(*viewerpb.Progress) {}); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestPlanted: under the strict policy no planted secret is in whatever can be
// shared, and without it all are found, but for those that a table has no place for.
func TestPlanted(t *testing.T) {
	p := planted.New(t)
	e := plantedIn(t, p.Flows)
	for target, scan := range map[string]func(*testing.T, []byte) []string{
		"html": func(t *testing.T, b []byte) []string { return scanPage(t, b, p.Where) },
		"zip":  func(t *testing.T, b []byte) []string { return scanFolder(t, b, p.Where) },
		"csv":  func(t *testing.T, b []byte) []string { return scanTable(t, b, p.Where) },
	} {
		plain, err := savedAs(t, e, &viewerpb.Save{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		least := len(p.Where)
		if target == "csv" { // which has neither headers nor bodies
			least = 15
		}
		if missing := p.Missing(scan(t, plain)); len(p.Where)-len(missing) < least {
			t.Errorf("%s: in what is not redacted the scanner does not find %q", target, missing)
		}
		b, err := savedAs(t, e, &viewerpb.Save{Target: target, Redaction: &viewerpb.Redaction{}})
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range scan(t, b) {
			t.Errorf("%s: %s: %s is still there", target, p.Where[value], value)
		}
	}
}

// TestPlantedInLinks is TestPlanted for links, which carry a few flows each.
func TestPlantedInLinks(t *testing.T) {
	p := planted.New(t)
	found := map[string]bool{}
	const each = 5
	for i := 0; i < len(p.Flows); i += each {
		e := plantedIn(t, p.Flows[i:min(i+each, len(p.Flows))])
		for _, redaction := range []*viewerpb.Redaction{nil, {}} {
			link, err := e.MakeLink(t.Context(), &viewerpb.MakeLink{Scope: viewerpb.Scope_ALL, Redaction: redaction})
			if err != nil {
				t.Fatal(err)
			}
			for _, value := range planted.Scan(t, unpackedLink(t, link.Session), p.Where) {
				if found[value] = true; redaction != nil {
					t.Errorf("%s: %s is still there", p.Where[value], value)
				}
			}
		}
	}
	if len(found) != len(p.Where) {
		t.Errorf("in links that are not redacted the scanner finds %d of %d", len(found), len(p.Where))
	}
}

// scanPage finds values in a page that holds a session.
func scanPage(t *testing.T, page []byte, values map[string]string) []string {
	t.Helper()
	units := make([]uint16, len(page)/2)
	for i := range units {
		units[i] = uint16(page[2*i]) | uint16(page[2*i+1])<<8
	}
	var ascii []byte // as many as there are units
	for _, u := range units {
		ascii = append(ascii, byte(min(u, 0x7f)))
	}
	block := regexp.MustCompile(`<script type="application/gzip"[^>]*>(\x7f*)</script>`).FindSubmatchIndex(ascii)
	if block == nil {
		t.Fatalf("there is no session in a page of %d bytes", len(page))
	}
	r, err := gzip.NewReader(bytes.NewReader(dataOf(units[block[2]:block[3]])))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	around := string(utf16.Decode(append(units[:block[2]:block[2]], units[block[3]:]...)))
	return append(planted.Scan(t, file, values), planted.ScanText([]byte(around), values)...)
}

// dataOf reads the data in an element of a page, as boot.js does: units without
// meaning are numbered, of which each stands for 15 bits, or those from 0xb30 on
// for 16.
func dataOf(units []uint16) (data []byte) {
	const short = 0xb30
	var bits, have uint
	for _, u := range units {
		number := uint(u) - 0x100
		if u >= 0xe000 {
			number -= 0x800
		}
		if width := uint(15); number < short {
			bits, have = bits<<width|number, have+width
		} else {
			bits, have = bits<<16|(number+short), have+16
		}
		for ; have >= 8; have -= 8 {
			data = append(data, byte(bits>>(have-8)))
		}
	}
	return bytes.TrimSuffix(bytes.TrimRight(data, "\x00"), []byte{0x80})
}

// scanFolder finds values in a folder with a session, packed as a zip.
func scanFolder(t *testing.T, b []byte, values map[string]string) (found []string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	sessions := 0
	for _, f := range archive.File {
		file, err := fs.ReadFile(archive, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, planted.ScanText([]byte(f.Name), values)...)
		if !strings.HasPrefix(f.Name, "sessions/") {
			found = append(found, planted.ScanText(file, values)...)
			continue
		}
		sessions++
		found = append(found, planted.Scan(t, file, values)...)
	}
	if sessions != 1 {
		t.Errorf("%d sessions in the folder", sessions)
	}
	return found
}

// scanTable finds values in the cells of a table.
func scanTable(t *testing.T, b []byte, values map[string]string) (found []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			found = append(found, planted.ScanText([]byte(cell), values)...)
		}
	}
	return found
}

// unpackedLink returns the flows that a link carries.
func unpackedLink(t *testing.T, text string) []byte {
	t.Helper()
	packed, err := base64.RawURLEncoding.DecodeString(text[1:])
	if err != nil || text[0] != '1' {
		t.Fatalf("the link begins with %q: %v", text[:1], err)
	}
	flows, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed[4:])))
	if err != nil {
		t.Fatal(err)
	}
	return flows
}
