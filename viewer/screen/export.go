package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What happens when a flow is exported.
type (
	// ExportChosen: the flow shown is wanted as text of a format, to be copied
	// or as a file.
	ExportChosen struct {
		Format string
		AsFile bool
	}
	// Copied: the browser copied what it was told to, or refused to.
	Copied struct{ Refused bool }

	exportCame struct {
		key, label string
		asFile     bool
		text       *viewerpb.Exported
		err        error
	}
)

// Copy puts text on the clipboard, and answers with [Copied].
type Copy struct{ Text string }

// An exporting is what became of the last export.
type exporting struct {
	status string
	then   string // the status once it is copied
}

func (s *Screen) updateExport(do *commands, msg Msg) {
	x := &s.detail.exported
	switch m := msg.(type) {
	case ExportChosen:
		s.export(do, m)
	case exportCame:
		if m.key == s.detail.key {
			s.exportCame(do, m)
		}
	case Copied:
		if s.linkCopied(m) {
			return
		}
		if x.status = x.then; m.Refused {
			x.status = "The browser did not let the page copy. Save it as a file instead."
		}
	}
}

func (s *Screen) export(do *commands, m ExportChosen) {
	d := &s.detail
	if d.flow == nil {
		return
	}
	i := slices.IndexFunc(d.flow.Exports, func(x *viewerpb.ExportFormat) bool { return x.Name == m.Format })
	if i < 0 {
		return
	}
	key, label := d.key, d.flow.Exports[i].Label
	do.add(Call{slotExport, func(ctx context.Context, engine api.API, post func(Msg)) {
		text, err := engine.Export(ctx, key, m.Format)
		post(exportCame{key, label, m.AsFile, text, err})
	}})
}

// exportCame copies or saves an export. What is not text is saved; a file that
// the text refers to is saved beside it.
func (s *Screen) exportCame(do *commands, m exportCame) {
	x := &s.detail.exported
	if m.err != nil {
		x.status = m.label + ": " + m.err.Error() + "."
		return
	}
	done := "Copied: " + m.label
	asFile := m.asFile || !m.text.IsText
	if asFile {
		done = "Saved: " + m.text.FileName
		do.add(DropPieces{}, AppendPiece{m.text.Text}, Download{m.text.FileName, "application/octet-stream"})
	}
	if m.text.AttachmentName != "" {
		do.add(DropPieces{}, AppendPiece{m.text.Attachment}, Download{m.text.AttachmentName, "application/octet-stream"})
	}
	done = strings.Join(append([]string{done}, m.text.Notes...), "; ") + "."
	if asFile {
		x.status = done
	} else {
		x.then = done
		do.add(Copy{string(m.text.Text)})
	}
}
