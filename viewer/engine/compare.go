package engine

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/content"
	"flowpane/viewer/diff"
	"flowpane/viewer/flow"
	"flowpane/viewer/jsontext"
)

const (
	// maxCompared is how many bytes of the text of a body are compared.
	maxCompared = 2 << 20
	// around is how many rows that are the same are shown around those that
	// differ, and maxCompareRows how many rows there are of one part.
	around         = 3
	maxCompareRows = 2000
)

// Compare implements api.API.
func (e *Engine) Compare(ctx context.Context, base, key string) (*viewerpb.Comparison, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	right, err := o.find(key)
	if err != nil {
		return nil, err
	}
	left := right.Backup
	if base != "" {
		left, err = o.find(base)
	} else if left == nil {
		err = &api.Error{Code: viewerpb.Code_NOT_FOUND, Text: "this flow was not edited"}
	}
	if err != nil {
		return nil, err
	}
	var sides [2]*compared
	for i, f := range []*flowpb.Flow{left, right} {
		if sides[i], err = o.comparable(ctx, f); err != nil {
			return nil, unreadable(err)
		}
	}
	reply := new(viewerpb.Comparison)
	for i, title := range comparedParts {
		part := compareLines(sides[0].parts[i], sides[1].parts[i])
		part.Title, part.Note = title, join(sides[0].notes[i], sides[1].notes[i])
		reply.Parts = append(reply.Parts, part)
	}
	return reply, ctx.Err()
}

// comparedParts are the parts of a flow that are compared, in order.
var comparedParts = [...]string{"Request", "Request headers", "Request body", "Response", "Response headers", "Response body", "Messages"}

// A compared is a flow as lines, by parts.
type compared struct {
	parts [len(comparedParts)][]string
	notes [len(comparedParts)]string
}

// comparable returns a flow as lines. Headers are in order of their names, and so
// are the members of JSON, because their order means nothing.
func (o *open) comparable(ctx context.Context, f *flowpb.Flow) (*compared, error) {
	c := new(compared)
	url, _ := flow.PrettyURL(f)
	if r := f.Request; r != nil {
		c.parts[0] = []string{text(r.Method) + " " + url + " " + text(r.HttpVersion)}
		c.parts[1] = headerLines(r.Headers)
	}
	if r := f.Response; r != nil {
		c.parts[3] = []string{statusLine(r)}
		c.parts[4] = headerLines(r.Headers)
	}
	x, err := o.exchange(f)
	if err != nil {
		return nil, err
	}
	request := describe(f, &viewerpb.GetBody{Part: viewerpb.Part_REQUEST}, f.GetRequest().GetHeaders())
	response := describe(f, &viewerpb.GetBody{Part: viewerpb.Part_RESPONSE}, f.GetResponse().GetHeaders())
	request.Schemas = o.config.schemas.Load()
	response.Schemas = request.Schemas
	c.body(ctx, 2, request, x.Request)
	c.body(ctx, 5, response, x.Response)
	for _, m := range conversation(f) {
		arrow := "← "
		if m.fromClient {
			arrow = "→ "
		}
		c.parts[6] = append(c.parts[6], arrow+o.preview(m))
	}
	return c, ctx.Err()
}

func headerLines(h []*flowpb.HTTPHeader) []string {
	lines := make([]string, len(h))
	for i, field := range h {
		lines[i] = text(field.Name) + ": " + text(field.Value)
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, ":")
		nameB, _, _ := strings.Cut(b, ":")
		return strings.Compare(strings.ToLower(nameA), strings.ToLower(nameB))
	})
	return lines
}

func (c *compared) body(ctx context.Context, part int, meta content.Metadata, body []byte) {
	if body == nil {
		c.notes[part] = "a body was not captured"
		return
	}
	if len(body) > maxCompared {
		c.notes[part] = fmt.Sprintf("the first %d MB of the bodies are compared: save both to compare the rest", maxCompared>>20)
		body = body[:maxCompared]
	}
	shown, ok := sortedJSON(body)
	if !ok {
		_, rendered, _ := content.Render(ctx, content.Auto, meta, body)
		shown = rendered.Text
	}
	if shown != "" {
		c.parts[part] = strings.Split(strings.TrimSuffix(shown, "\n"), "\n")
	}
}

// sortedJSON indents JSON, with members in order of their names and numbers as
// they stand.
func sortedJSON(body []byte) (string, bool) {
	if first := bytes.TrimLeft(body, " \t\r\n"); len(first) == 0 || first[0] != '{' && first[0] != '[' {
		return "", false
	}
	r := jsontext.NewReader(body)
	value, err := r.Value()
	if err != nil {
		return "", false
	}
	if _, err := r.Next(); err != io.EOF {
		return "", false
	}
	indented, err := jsontext.Indent(appendSorted(nil, value, maxSorted), "    ")
	return string(indented) + "\n", err == nil
}

// maxSorted is how deep members are sorted: each level is read once more.
const maxSorted = 64

// appendSorted appends a JSON value with its members in order of their names,
// those of the same name as they stand, and with the same escapes.
func appendSorted(dst, value []byte, depth int) []byte {
	if depth == 0 {
		return append(dst, value...)
	}
	r := jsontext.NewReader(value)
	first, _ := r.Next()
	switch first.Kind {
	case jsontext.String:
		return jsontext.AppendQuote(dst, first.Text())
	case jsontext.Array:
		dst = append(dst, '[')
		for {
			item, err := r.Value()
			if err != nil || string(item) == "]" {
				return append(bytes.TrimSuffix(dst, []byte(",")), ']')
			}
			dst = append(appendSorted(dst, item, depth-1), ',')
		}
	case jsontext.Object:
		return appendMembers(dst, r, depth)
	}
	return append(dst, first.Raw...)
}

func appendMembers(dst []byte, r *jsontext.Reader, depth int) []byte {
	type member struct {
		name  string
		value []byte
	}
	var members []member
	for {
		name, err := r.Next()
		if err != nil || name.Kind == jsontext.ObjectEnd {
			break
		}
		value, _ := r.Value()
		members = append(members, member{name.Text(), value})
	}
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendSorted(append(jsontext.AppendQuote(dst, m.name), ':'), m.value, depth-1)
	}
	return append(dst, '}')
}

// compareLines returns what differs, and some lines around it.
func compareLines(left, right []string) *viewerpb.ComparedPart {
	part := &viewerpb.ComparedPart{Same: slices.Equal(left, right)}
	if part.Same {
		return part
	}
	rows := diff.Lines(left, right)
	near := make([]bool, len(rows))
	for i, row := range rows {
		if !row.Same() {
			for j := max(i-around, 0); j <= min(i+around, len(rows)-1); j++ {
				near[j] = true
			}
		}
	}
	for i := 0; i < len(rows); i++ {
		if len(part.Rows) >= maxCompareRows {
			part.Rows = append(part.Rows, &viewerpb.ComparedRow{Skipped: uint32(len(rows) - i)})
			break
		}
		if near[i] {
			r := rows[i]
			part.Rows = append(part.Rows, &viewerpb.ComparedRow{Left: r.Left, Right: r.Right, HasLeft: r.HasLeft, HasRight: r.HasRight})
			continue
		}
		from := i
		for i+1 < len(rows) && !near[i+1] {
			i++
		}
		part.Rows = append(part.Rows, &viewerpb.ComparedRow{Skipped: uint32(i - from + 1)})
	}
	return part
}
