package har

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/session"
)

// A repair counts what had to differ for a file to be valid.
type repair struct {
	added   map[string]int // required members that were absent
	renamed map[string]int // members of another type than they are to have
	nulls   map[string]int // members that are not null
	dates   int            // entries whose date is none
	absent  int            // entries without a request or a response
}

// TestWriteRead is the law: what was read, written and read again is the same,
// but for what makes a valid file of one that was none.
func TestWriteRead(t *testing.T) {
	got := repair{map[string]int{}, map[string]int{}, map[string]int{}, 0, 0}
	files, flows := 0, 0
	corpusOf(t, Format, func(t *testing.T, name string, file []byte) {
		r, l, _ := readAll(t, blob.Bytes(file)) // what was read before an error stands
		files++
		flows += len(l.Flows)
		law(t, &got, r, l)
	})
	want := repair{
		added: map[string]int{
			"content.mimeType": 1, "content.size": 5, "log.creator": 5,
			"request.httpVersion": 2,
			"response.content":    12, "response.headersSize": 11, "response.httpVersion": 2, "response.statusText": 6,
			"state.eTag": 4, "state.hitCount": 4, "state.lastAccess": 4,
		},
		renamed: map[string]int{
			"cookie.httpOnly": 1, "entry.cache": 1, "request.cookies": 13, "response.content": 4, "state.expires": 4,
		},
		nulls: map[string]int{
			"cookie.expires": 323, "entry.time": 25, "log.pages": 1, "pageTimings.onContentLoad": 1, "pageTimings.onLoad": 1,
			"request.headersSize": 18, "response.redirectURL": 7, "response.statusText": 6,
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("repaired %+v, want %+v", got, want)
	}
	if files != 146 || flows != 2873 {
		t.Errorf("%d files with %d flows", files, flows)
	}
}

// law writes what was read and reads it again.
func law(t *testing.T, count *repair, r *reader, l *session.List) {
	t.Helper()
	file := written(t, l)
	again, m := reread(t, file, "request.method: there is none", "request.url: there is none")
	if len(m.Flows) != len(l.Flows) {
		t.Fatalf("%d flows became %d", len(l.Flows), len(m.Flows))
	}
	for i, f := range l.Flows {
		if lost := losses(f); len(lost) > 0 {
			t.Errorf("entry %d: the writer says that it loses %q of what the reader gave", i+1, lost)
		}
		sameRead(t, fmt.Sprintf("entry %d", i+1), count, r, f, again, m.Flows[i])
	}
	sameLog(t, count, r.About(), again.About())
	if second := written(t, m); !bytes.Equal(second, file) {
		t.Errorf("written twice, it differs: %s", firstDifference(file, second))
	}
}

// sameRead compares two flows that were read, all that they have.
func sameRead(t *testing.T, where string, count *repair, r *reader, a *flowpb.Flow, again *reader, b *flowpb.Flow) {
	t.Helper()
	for _, pair := range bodyPairs(a, b) {
		x := bodyBytes(t, r, pair[0].content, pair[0].body)
		y := bodyBytes(t, again, pair[1].content, pair[1].body)
		if !bytes.Equal(x, y) || (x == nil) != (y == nil) {
			t.Errorf("%s: body %.60q became %.60q", where, x, y)
		}
	}
	sameJSON(t, where, count, a, b)
	x, y := bare(a), bare(b)
	if x.Request == nil {
		count.absent++
		y.Request, y.Har.Url = nil, nil
	}
	if x.Response == nil {
		y.Response = nil
	}
	if !isDate(a.Har.Started) {
		count.dates++
		y.Har.Started = x.Har.Started
		if y.Request != nil {
			y.Request.TimestampStart = x.Request.TimestampStart
		}
	}
	count.empties(x, y)
	if was, is := jsonOf(t, x), jsonOf(t, y); !bytes.Equal(was, is) {
		t.Errorf("%s: %s", where, firstDifference(was, is))
	}
}

// empties makes strings of y absent that are absent in x: required ones were
// added.
func (r *repair) empties(x, y *flowpb.Flow) {
	count := func(name string, a, b *[]byte) {
		if *a == nil && *b != nil && len(*b) == 0 {
			*b = nil
			r.added[name]++
		}
	}
	if q, z := x.Request, y.Request; q != nil && z != nil {
		count("request.method", &q.Method, &z.Method)
		count("request.url", &x.Har.Url, &y.Har.Url)
		count("request.httpVersion", &q.HttpVersion, &z.HttpVersion)
	}
	if p, z := x.Response, y.Response; p != nil && z != nil {
		count("response.statusText", &p.Reason, &z.Reason)
		count("response.httpVersion", &p.HttpVersion, &z.HttpVersion)
	}
}

// sameJSON compares what stayed of two entries.
func sameJSON(t *testing.T, where string, count *repair, a, b *flowpb.Flow) {
	t.Helper()
	extra := parsed(t, b.Har.Extra).(map[string]any)
	if !isDate(a.Har.Started) {
		delete(extra, "_startedDateTime")
	}
	cache := parsed(t, b.Har.Cache)
	if odd, ok := extra["_cache"]; ok && a.Har.Cache != nil {
		count.renamed["entry.cache"]++
		delete(extra, "_cache")
		cache = odd
	}
	count.compare(t, where, "entry", parsed(t, a.Har.Extra), extra)
	count.compare(t, where+" cache", "cache", parsed(t, a.Har.Cache), cache)
	if a.Request != nil {
		count.compare(t, where+" request", "request", parsed(t, a.Har.Request), parsed(t, b.Har.Request))
	}
	if a.Response != nil || a.Har.Response != nil {
		count.compare(t, where+" response", "response", parsed(t, a.Har.Response), parsed(t, b.Har.Response))
	}
	for name, c := range map[string][2][]byte{
		"_initiator":    {a.Har.Initiator, b.Har.Initiator},
		"_priority":     {a.Har.Priority, b.Har.Priority},
		"_resourceType": {a.Har.ResourceType, b.Har.ResourceType},
	} {
		if !reflect.DeepEqual(parsed(t, c[0]), parsed(t, c[1])) {
			t.Errorf("%s: %s %s became %s", where, name, c[0], c[1])
		}
	}
}

// bare returns f without bodies and JSON.
func bare(f *flowpb.Flow) *flowpb.Flow {
	b := *f
	h := *f.Har
	h.Extra, h.Request, h.Response, h.Cache, h.Initiator, h.Priority, h.ResourceType = nil, nil, nil, nil, nil, nil, nil
	if h.Timings != nil && *h.Timings == (flowpb.HAR_Timings{}) {
		h.Timings = nil
	}
	b.Har = &h
	if f.Request != nil {
		q := *f.Request
		q.Content, q.Body = nil, nil
		b.Request = &q
	}
	if f.Response != nil {
		p := *f.Response
		p.Content, p.Body = nil, nil
		b.Response = &p
	}
	if f.Websocket != nil {
		w := *f.Websocket
		w.Messages = nil
		for _, m := range f.Websocket.Messages {
			n := *m
			n.Content, n.Body = nil, nil
			w.Messages = append(w.Messages, &n)
		}
		b.Websocket = &w
	}
	return &b
}

type bodyOf struct {
	content []byte
	body    *flowpb.Body
}

// bodyPairs returns the bodies of two flows.
func bodyPairs(a, b *flowpb.Flow) [][2]bodyOf {
	pairs := [][2]bodyOf{
		{{a.Request.GetContent(), a.Request.GetBody()}, {b.Request.GetContent(), b.Request.GetBody()}},
		{{a.Response.GetContent(), a.Response.GetBody()}, {b.Response.GetContent(), b.Response.GetBody()}},
	}
	for i, m := range a.Websocket.GetMessages() {
		n := b.Websocket.Messages[i]
		pairs = append(pairs, [2]bodyOf{{m.Content, m.Body}, {n.Content, n.Body}})
	}
	return pairs
}

func jsonOf(t *testing.T, f *flowpb.Flow) []byte {
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parsed(t *testing.T, b []byte) any {
	if b == nil {
		return map[string]any{}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q: %v", b, err)
	}
	return v
}

// compare compares JSON of which schema names the object: what the writer may
// do to make it valid is counted.
func (r *repair) compare(t *testing.T, where, schema string, a, b any) {
	t.Helper()
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			r.object(t, where, strings.TrimSuffix(schema, "?"), x, maps.Clone(y))
			return
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				r.compare(t, where, strings.Trim(schema, "[]"), x[i], y[i])
			}
			return
		}
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s: %v became %v", where, a, b)
	}
}

// object is compare for objects. It takes away what it finds in y.
func (r *repair) object(t *testing.T, where, schema string, x, y map[string]any) {
	t.Helper()
	kinds := map[string]string{}
	for _, m := range strings.Fields(harSchema[schema]) {
		name, kind, _ := strings.Cut(m, ":")
		kinds[name] = kind
	}
	for _, key := range slices.Sorted(maps.Keys(x)) {
		kind, known := kinds[key]
		name := schema + "." + key
		v, ok := y[key]
		odd, renamed := y["_"+key]
		switch {
		case known && renamed && reflect.DeepEqual(odd, x[key]):
			r.renamed[name]++
			delete(y, "_"+key)
		case known && !strings.HasSuffix(kind, "?") && x[key] == nil:
			r.nulls[name]++
		case !ok:
			t.Errorf("%s: %s is gone: %v", where, key, x[key])
		default:
			r.compare(t, where+" "+key, strings.TrimSuffix(kind, "*"), x[key], v)
		}
		delete(y, key)
	}
	for key := range y {
		if !strings.HasSuffix(kinds[key], "*") {
			t.Errorf("%s: %s is new: %v", where, key, y[key])
		}
		r.added[schema+"."+key]++
	}
}

func sameLog(t *testing.T, count *repair, a, b *flowpb.About) {
	t.Helper()
	x := parsed(t, a.GetHarLog()).(map[string]any)
	y := parsed(t, b.GetHarLog()).(map[string]any)
	if y["version"] != "1.2" {
		t.Errorf("version %v", y["version"])
	}
	x["version"] = "1.2"
	if a == nil {
		delete(y, "pages")
	}
	count.compare(t, "log", "log", x, y)
}
