package content

import (
	"archive/zip"
	"bytes"
	"context"
	"unicode/utf8"

	"flowpane/viewer/flow"
)

// zipView shows the names in a ZIP archive as YAML, in the order of its
// directory. Names are UTF-8 or else of code page 437; mitmproxy takes them for
// UTF-8 only where they are marked so, which many programs do not do.
//
// Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
func zipView() View {
	return View{
		Name:  "zip archive",
		Label: "ZIP archive",
		About: "Files of an archive, their sizes and dates",
		Whole: true, // the directory is at the end
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && (meta.MediaType == "application/zip" || meta.MediaType == "application/x-zip-compressed") {
				return 1
			}
			return 0
		},
		Render: renderZIP,
	}
}

func renderZIP(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Rendered{}, err
	}
	if len(archive.File) == 0 {
		return Rendered{Text: "(empty zip file)"}, ctx.Err()
	}
	names := yamlList()
	for _, file := range archive.File {
		name := file.Name
		if !utf8.ValidString(name) {
			name = flow.Text([]byte(name), "text/plain; charset=cp437")
		}
		names.items = append(names.items, yamlString(name))
	}
	text, err := writeYAML(ctx, yamlRuamel, names)
	return Rendered{Text: text}, err
}
