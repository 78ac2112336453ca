package content

import (
	"strings"
	"testing"
)

func TestSSE(t *testing.T) {
	const open = "(no empty line ends this event: clients drop it)\n"
	for in, want := range map[string]string{
		"":                    "",
		"\n\r\n\r":            "",
		"data: a\n\n":         "data: a\n",
		"\ufeffdata:a\n\n":    "data: a\n",
		"data\n\n":            "data:\n",
		"data:  a\n\n":        "data:  a\n",
		"data: a":             "data: a\n" + open,
		": ping\n":            ": ping\n",
		"data: a\n":           "data: a\n" + open,
		"id: 1\r\n\r\nid\n\r": "id: 1\n\nid:\n",
		"event: e\ndata: a\nid: 1\ndata: b\nretry: 5\n\n\n\ndata: c\n\n": "event: e\nid: 1\nretry: 5\ndata: a\ndata: b\n\ndata: c\n",
		": ping\n\n:\nother: x:y\r\r":                                    ": ping\n\n:\nother: x:y\n",
		"data: {\"a\":[1,\ndata: 2]}\n\n":                                "data: {\n    \"a\": [\n        1,\n        2\n    ]\n}\n",
		"data: [DONE]\n\n":                                               "data: [DONE]\n",
		"data: {\ndata: x\n\n":                                           "data: {\ndata: x\n",
		"data: 12\n\ndata: é\xff\n\n":                                    "data: 12\n\ndata: é\\xff\n",
	} {
		if got := shown(sseView(), Metadata{}, in); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", in, got, want)
		}
	}
	if v := choose(Describe("text/event-stream;charset=utf-8"), []byte("data: a")); v.Name != "event stream" {
		t.Errorf("auto takes %s", v.Name)
	}
}

func TestSSEBounds(t *testing.T) {
	deep := "data: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n\n"
	if got := shown(sseView(), Metadata{}, strings.Repeat(deep, 100)); got != "["+errTooLong.Error()+"]" {
		t.Errorf("%.100q", got)
	}
}
