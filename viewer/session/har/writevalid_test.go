package har

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// harSchema has the members of the objects of HAR 1.2: name and type, with an
// asterisk if it is required. Types in brackets are of the items of a list.
//
// http://www.softwareishard.com/blog/har-12-spec/
var harSchema = map[string]string{
	"har":         "log:log*",
	"log":         "version:1.2* creator:tool* browser:tool pages:[page] entries:[entry]* comment:string",
	"tool":        "name:string* version:string* comment:string",
	"page":        "startedDateTime:date* id:string* title:string* pageTimings:pageTimings* comment:string",
	"pageTimings": "onContentLoad:number onLoad:number comment:string",
	"entry": "pageref:string startedDateTime:date* time:number* request:request* response:response* cache:cache* " +
		"timings:timings* serverIPAddress:string connection:string comment:string",
	"request": "method:string* url:string* httpVersion:string* cookies:[cookie]* headers:[pair]* queryString:[pair]* " +
		"postData:postData headersSize:integer* bodySize:integer* comment:string",
	"response": "status:integer* statusText:string* httpVersion:string* cookies:[cookie]* headers:[pair]* " +
		"content:content* redirectURL:string* headersSize:integer* bodySize:integer* comment:string",
	"pair":     "name:string* value:string* comment:string",
	"cookie":   "name:string* value:string* path:string domain:string expires:date httpOnly:boolean secure:boolean comment:string",
	"postData": "mimeType:string* params:[param] text:string encoding:string comment:string", // encoding: HAR 1.3
	"param":    "name:string* value:string fileName:string contentType:string comment:string",
	"content":  "size:integer* compression:integer mimeType:string* text:string encoding:string comment:string",
	"cache":    "beforeRequest:state? afterRequest:state? comment:string",
	"state":    "expires:date lastAccess:date* eTag:string* hitCount:integer* comment:string",
	"timings":  "blocked:number dns:number connect:number send:number* wait:number* receive:number* ssl:number comment:string",
}

var harDate = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-4]):[0-5]\d:[0-6]\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$`)

// invalidities returns what is wrong with a HAR file, a line for each.
func invalidities(file []byte) []string {
	if !json.Valid(file) {
		return []string{"it is no JSON"}
	}
	d := json.NewDecoder(bytes.NewReader(file))
	d.UseNumber()
	v := &validity{decoder: d}
	v.value("har", "har")
	if _, err := d.Token(); err != io.EOF {
		v.wrong("har", "there is more")
	}
	return v.lines
}

type validity struct {
	decoder *json.Decoder
	lines   []string
}

func (v *validity) wrong(path, text string) {
	v.lines = append(v.lines, path+": "+text)
}

func (v *validity) token() json.Token {
	token, err := v.decoder.Token()
	if err != nil {
		panic(err) // the file is valid JSON
	}
	return token
}

// value reads a value of a type; "" is any.
func (v *validity) value(path, kind string) {
	token := v.token()
	item, list := strings.CutPrefix(kind, "[")
	spec, isObject := harSchema[strings.TrimSuffix(kind, "?")]
	ok := true
	switch delim, _ := token.(json.Delim); {
	case delim == '{':
		ok = isObject || kind == ""
		v.object(path, spec)
	case delim == '[':
		ok = list || kind == ""
		for i := 0; v.decoder.More(); i++ {
			v.value(path+"["+strconv.Itoa(i)+"]", strings.TrimSuffix(item, "]"))
		}
		v.token()
	case isObject:
		ok = token == nil && strings.HasSuffix(kind, "?")
	default:
		ok = scalar(token, kind)
	}
	if !ok {
		v.wrong(path, fmt.Sprintf("%v is no %s", token, kind))
	}
}

func scalar(token json.Token, kind string) bool {
	text, isText := token.(string)
	number, isNumber := token.(json.Number)
	f, err := number.Float64()
	isNumber = isNumber && err == nil
	switch kind {
	case "":
		return true
	case "string":
		return isText
	case "1.2":
		return text == kind
	case "date":
		return harDate.MatchString(text)
	case "number":
		return isNumber
	case "integer":
		return isNumber && f == float64(int64(f))
	case "boolean":
		_, is := token.(bool)
		return is
	}
	return false
}

// object reads the members of an object behind its brace.
func (v *validity) object(path, spec string) {
	kinds := map[string]string{}
	for _, member := range strings.Fields(spec) {
		name, kind, _ := strings.Cut(member, ":")
		kinds[name] = kind
	}
	seen := map[string]bool{}
	for v.decoder.More() {
		key := v.token().(string)
		kind, known := kinds[key]
		if seen[key] && known {
			v.wrong(path, "it has two "+key)
		}
		seen[key] = true
		v.value(path+"."+key, strings.TrimSuffix(kind, "*"))
	}
	v.token()
	for name, kind := range kinds {
		if strings.HasSuffix(kind, "*") && !seen[name] {
			v.wrong(path, "it has no "+name)
		}
	}
}

// validEntry is a HAR file that is valid, to be made invalid.
const validFile = `{"log":{"version":"1.2","creator":{"name":"a","version":"1"},"entries":[{
	"startedDateTime":"2026-01-02T03:04:05.678Z","time":-1,"cache":{"afterRequest":null},
	"request":{"method":"GET","url":"http://a/","httpVersion":"","cookies":[{"name":"a","value":"b","expires":"2026-01-02T03:04:05+01:00"}],
		"headers":[],"queryString":[],"postData":{"mimeType":"","params":[{"name":"p"}]},"headersSize":-1,"bodySize":1.0},
	"response":{"status":200,"statusText":"","httpVersion":"","cookies":[],"headers":[{"name":"a","value":"b"}],
		"content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":-1},
	"timings":{"send":0,"wait":0.5,"receive":-1,"_other":[{}]},"other":1}]}}`

// TestValidator proves that the validator of these tests finds what is wrong.
func TestValidator(t *testing.T) {
	if wrong := invalidities([]byte(validFile)); len(wrong) > 0 {
		t.Fatalf("a valid file: %q", wrong)
	}
	for _, test := range []struct{ old, new, want string }{
		{`"version":"1.2"`, `"version":"1.1"`, "har.log.version: 1.1 is no 1.2"},
		{`"name":"a","version"`, `"version"`, "har.log.creator: it has no name"},
		{`"entries":[{`, `"entries":{"a":{`, "it is no JSON"},
		{`"entries":[{`, `"pages":{},"entries":[{`, "har.log.pages: { is no [page]"},
		{`"entries":[{`, `"pages":[1],"entries":[{`, "har.log.pages[0]: 1 is no page"},
		{`T03:04:05.678Z`, `T03:04:05.678`, "har.log.entries[0].startedDateTime: 2026-01-02T03:04:05.678 is no date"},
		{`T03:04:05+01:00`, ` 03:04:05+01:00`, "har.log.entries[0].request.cookies[0].expires: 2026-01-02 03:04:05+01:00 is no date"},
		{`"time":-1`, `"time":"1"`, "har.log.entries[0].time: 1 is no number"},
		{`"time":-1`, `"time":null`, "har.log.entries[0].time: <nil> is no number"},
		{`"afterRequest":null`, `"afterRequest":{"lastAccess":"2026-01-02T03:04:05Z","eTag":""}`, "har.log.entries[0].cache.afterRequest: it has no hitCount"},
		{`"bodySize":1.0`, `"bodySize":1.5`, "har.log.entries[0].request.bodySize: 1.5 is no integer"},
		{`"params":[{"name":"p"}]`, `"params":[{}]`, "har.log.entries[0].request.postData.params[0]: it has no name"},
		{`"value":"b"}],`, `"value":7}],`, "har.log.entries[0].response.headers[0].value: 7 is no string"},
		{`"status":200`, `"status":200,"status":201`, "har.log.entries[0].response: it has two status"},
		{`"send":0,`, ``, "har.log.entries[0].timings: it has no send"},
		{`"content":{"size":0,"mimeType":""}`, `"content":null`, "har.log.entries[0].response.content: <nil> is no content"},
	} {
		file := strings.Replace(validFile, test.old, test.new, 1)
		if wrong := invalidities([]byte(file)); file == validFile || len(wrong) != 1 || wrong[0] != test.want {
			t.Errorf("%s for %s: %q, want %q", test.new, test.old, wrong, test.want)
		}
	}
}
