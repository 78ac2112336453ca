package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// graphQLView shows the queries of a body of JSON as they were written, each
// behind what else is sent with it. Numbers and the order of members stay.
//
// Source: https://github.com/graphql/graphql-over-http
func graphQLView() View {
	return View{
		Name:  "graphql",
		Label: "GraphQL",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			if meta.MediaType != "application/json" || len(data) > maxGraphQL || !bytes.Contains(data, []byte(`"query"`)) {
				return 0
			}
			if _, _, err := graphQL(data); err != nil {
				return 0
			}
			return 2
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			requests, batch, err := graphQL(data)
			if err != nil {
				return Rendered{}, err
			}
			var text output
			for i, r := range requests {
				if batch {
					text.put("--- " + strconv.Itoa(i) + "/" + strconv.Itoa(len(requests)-1) + "\n")
				}
				text.put(r.header + "\n---\n" + r.query + "\n")
			}
			return Rendered{Text: text.String()}, ctx.Err()
		},
	}
}

// maxGraphQL is how long a body may be, in bytes, to be taken for a query unasked:
// it has to be read to tell.
const maxGraphQL = 1 << 20

// A graphQLRequest is a query, and the JSON around it.
type graphQLRequest struct{ header, query string }

var errGraphQL = errors.New("it is no GraphQL request")

// graphQL reads one request, whose query has more than one line, or a list.
func graphQL(data []byte) (requests []graphQLRequest, batch bool, err error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, false, errGraphQL
	}
	if data[0] != '[' {
		r, err := graphQLOf(data)
		if err == nil && !strings.Contains(r.query, "\n") {
			err = errGraphQL
		}
		return []graphQLRequest{r}, false, err
	}
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil || len(list) == 0 {
		return nil, false, errGraphQL
	}
	for _, item := range list {
		r, err := graphQLOf(item)
		if err != nil {
			return nil, false, err
		}
		requests = append(requests, r)
	}
	return requests, true, nil
}

// graphQLOf reads a request, and writes "..." in place of its query.
func graphQLOf(data []byte) (r graphQLRequest, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return r, errGraphQL
	}
	var around bytes.Buffer
	around.WriteByte('{')
	found := false
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return r, errGraphQL
		}
		if name == "query" && json.Unmarshal(value, &r.query) == nil {
			found = true
			value = []byte(`"..."`)
		}
		if around.Len() > 1 {
			around.WriteByte(',')
		}
		around.WriteString(quoteJSON(name.(string)))
		around.WriteByte(':')
		around.Write(value)
	}
	around.WriteByte('}')
	var indented bytes.Buffer
	if !found || json.Indent(&indented, around.Bytes(), "", "  ") != nil {
		return r, errGraphQL
	}
	r.header = indented.String()
	return r, nil
}
