package content

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

// TestMitmproxy compares with what mitmproxy makes of the same bodies. Where the
// two differ, the reason stands here.
func TestMitmproxy(t *testing.T) {
	var vectors []struct {
		View        string
		Input       string `json:"input_b64"`
		Output      *string
		ContentType string `json:"content_type"`
		URL         string
	}
	if err := json.Unmarshal(corpus.File(t, "golden/vectors/contentviews.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{
		"Multipart Form\nf:": "a file says its name, type and size, and keeps its line breaks",
	}
	count := map[string]int{}
	departed := 0
	for _, v := range vectors {
		name := strings.ToLower(v.View)
		switch name {
		case "raw":
			name = "text"
		case "viewcss":
			name = "css"
		}
		view, ok := lookup(name)
		if !ok || name == "json" || name == "image" {
			continue // they have tests of their own
		}
		count[v.View]++
		input, _ := base64.StdEncoding.DecodeString(v.Input)
		got := shown(view, Metadata{ContentType: v.ContentType, Path: strings.TrimPrefix(v.URL, "http://a"), Request: true}, string(input))
		if v.Output == nil && strings.HasPrefix(got, "[") || v.Output != nil && got == *v.Output {
			continue
		}
		departed++
		key := v.View + "\n"
		if strings.Contains(got, "\nf:") {
			key += "f:"
		}
		if reasons[key] == "" {
			t.Errorf("%s, %q:\n got %q\nwant %q", v.View, input, got, deref(v.Output))
		}
	}
	want := map[string]int{
		"DNS": 3, "MQTT": 9, "WBXML": 2, "ZIP Archive": 2, "GraphQL": 4, "Socket.IO": 13, "URL-encoded": 8, "Query": 2, "Multipart Form": 1, "Raw": 4, "XML/HTML": 14,
		"ViewCSS": 7, "JavaScript": 7,
	}
	for view, n := range want {
		if count[view] != n {
			t.Errorf("%d vectors of %s, want %d", count[view], view, n)
		}
	}
	if departed != len(reasons) {
		t.Errorf("%d texts differ, for %d reasons", departed, len(reasons))
	}
}

func deref(s *string) string {
	if s == nil {
		return "an error"
	}
	return *s
}

// TestFiles formats the files of mitmproxy's own tests. In simple.js mitmproxy
// takes a comment for a regex, and does not indent it: there blanks do not count.
func TestFiles(t *testing.T) {
	for folder, test := range map[string]struct {
		view  View
		files []string
	}{
		"test_xml_html_data": {xmlView(), []string{"simple.html", "inline.html", "test.html", "cdata.xml", "comment.xml"}},
		"test_js_data":       {javaScriptView(), []string{"simple.js"}},
		"test_css_data": {cssView(), []string{
			"animation-keyframe.css", "blank-lines-and-spaces.css", "block-comment.css", "empty-rule.css", "import-directive.css",
			"indentation.css", "media-directive.css", "quoted-string.css", "selectors.css", "simple.css",
		}},
	} {
		for _, name := range test.files {
			stem, extension, _ := strings.Cut(name, ".")
			want := string(corpus.File(t, "contentviews/"+folder+"/"+stem+"-formatted."+extension))
			got := shown(test.view, Metadata{}, string(corpus.File(t, "contentviews/"+folder+"/"+name)))
			if name == "simple.js" {
				got, want = strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")
			}
			if strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
			}
		}
	}
}
