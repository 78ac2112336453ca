package content

import "context"

// shown returns what a view makes of a body, or the error in brackets.
func shown(v View, meta Metadata, data string) string {
	r, err := v.Render(context.Background(), meta, []byte(data))
	if err != nil {
		return "[" + err.Error() + "]"
	}
	return printable(r.Text)
}
