package content

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"flowpane/viewer/jsontext"
)

// graphQLView shows the queries of a body of JSON as they were written, each
// behind what else is sent with it. Numbers and the order of members stay.
//
// Source: https://github.com/graphql/graphql-over-http
func graphQLView() View {
	return View{
		Name:  "graphql",
		Label: "GraphQL",
		About: "GraphQL query, its variables apart",
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
	list := jsontext.NewReader(data)
	list.Next() // the bracket
	for {
		item, err := list.Value()
		if err == io.EOF && len(requests) > 0 {
			return requests, true, nil
		}
		if err != nil {
			return nil, false, errGraphQL
		}
		if string(item) == "]" {
			continue // then the text must end
		}
		r, err := graphQLOf(item)
		if err != nil {
			return nil, false, err
		}
		requests = append(requests, r)
	}
}

// graphQLOf reads a request, and writes "..." in place of its query.
func graphQLOf(data []byte) (r graphQLRequest, err error) {
	d := jsontext.NewReader(data)
	if open, err := d.Next(); err != nil || open.Kind != jsontext.Object {
		return r, errGraphQL
	}
	around := []byte("{")
	found := false
	for {
		name, err := d.Next()
		if err != nil {
			return r, errGraphQL
		}
		if name.Kind == jsontext.ObjectEnd {
			break
		}
		value, err := d.Value()
		if err != nil {
			return r, errGraphQL
		}
		if name.Text() == "query" && value[0] == '"' {
			r.query, found = jsontext.Token{Kind: jsontext.String, Raw: value}.Text(), true
			value = []byte(`"..."`)
		}
		if len(around) > 1 {
			around = append(around, ',')
		}
		around = append(append(jsontext.AppendQuote(around, name.Text()), ':'), value...)
	}
	indented, err := jsontext.Indent(append(around, '}'), "  ")
	if !found || err != nil {
		return r, errGraphQL
	}
	r.header = string(indented)
	return r, nil
}
