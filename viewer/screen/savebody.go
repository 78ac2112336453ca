package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// What happens when a body is saved.
type (
	// BodySaveAsked: the body shown is wanted as a file: with its content encoding
	// undone, or as it was sent.
	BodySaveAsked struct{ Decoded bool }

	bodyPieceCame struct{ piece *viewerpb.Saved }
	bodySaved     struct {
		name string
		err  error
	}
)

func (s *Screen) updateSaveBody(do *commands, msg Msg) {
	switch m := msg.(type) {
	case BodySaveAsked:
		s.saveBody(do, m.Decoded)
	case bodyPieceCame:
		do.add(AppendPiece{m.piece.Data})
	case bodySaved:
		switch x := &s.detail.exported; {
		case m.err != nil:
			do.add(DropPieces{})
			x.status = "The body was not saved: " + m.err.Error() + "."
		default:
			do.add(Download{m.name, "application/octet-stream"})
			x.status = "Saved: " + m.name + "."
		}
	}
}

// saveBody has the body written to a file, unless a session is being written to
// one.
func (s *Screen) saveBody(do *commands, decoded bool) {
	if !s.detail.body.shown || s.save.running {
		return
	}
	get := s.getBody()
	what := &viewerpb.SaveBody{Key: get.Key, Part: get.Part, Index: get.Index, Decoded: decoded, Inside: get.Inside}
	do.add(DropPieces{}, Call{slotSaveBody, func(ctx context.Context, engine api.API, post func(Msg)) {
		name := ""
		err := engine.SaveBody(ctx, what, func(p *viewerpb.Saved) {
			name = p.FileName
			post(bodyPieceCame{p})
		})
		post(bodySaved{name, err})
	}})
}

// saves returns as what the body shown can be saved; the first is decoded.
func (d *detail) saves() []string {
	head, _ := d.head()
	switch {
	case !d.body.shown || d.body.empty != "":
		return nil
	case head != nil && head.Body.GetContentEncoding() != "" && len(d.inside) == 0:
		return []string{"Save", "Save as sent"}
	}
	return []string{"Save"}
}
