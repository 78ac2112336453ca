package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/link"
)

// SaveBody implements api.API. As sent, a body of any size is passed on piece by
// piece; decoded it is held in memory, up to maxAllowed.
func (e *Engine) SaveBody(ctx context.Context, save *viewerpb.SaveBody, each func(*viewerpb.Saved)) error {
	o, _ := e.session()
	f, err := o.find(save.Key)
	if err != nil {
		return err
	}
	p, err := choose(f, &viewerpb.GetBody{Key: save.Key, Part: save.Part, Index: save.Index})
	if err != nil {
		return err
	}
	if !p.present {
		return unreadable(errors.New("the body was not captured"))
	}
	if len(save.Inside) > 0 {
		return o.saveInside(ctx, p, save.Inside, each)
	}
	if p.messages != nil {
		p.inline, _ = o.stream(p.messages, p.side, maxAllowed)
	}
	src := blob.Bytes(p.inline)
	if p.inline == nil && p.ref != nil {
		if src, err = o.referred(p.ref); err != nil {
			return unreadable(err)
		}
	}
	if save.Decoded && p.encoding != "" {
		if src, err = decodedBody(src, p.encoding); err != nil {
			return unreadable(err)
		}
	}
	return unreadable(o.sendPieces(ctx, src, bodyName(f, p, save.Decoded), each))
}

// saveInside saves what is inside of a body, under the name of the last step.
func (o *open) saveInside(ctx context.Context, p part, names []string, each func(*viewerpb.Saved)) error {
	m := making{part: p, allowed: maxAllowed, inside: names}
	data, _, err := o.material(ctx, &m)
	if err != nil {
		return unreadable(err)
	}
	name, end := fileName(names[len(names)-1]), extension(m.meta.MediaType)
	if !strings.HasSuffix(name, end) {
		name += end
	}
	return unreadable(o.sendPieces(ctx, blob.Bytes(data), name, each))
}

func decodedBody(src blob.Source, encoding string) (blob.Source, error) {
	if src.Size() > maxAllowed {
		return nil, fmt.Errorf("the body is more than the %d MB that are decoded: save it as sent", maxAllowed>>20)
	}
	raw, err := blob.ReadAll(src)
	if err != nil {
		return nil, err
	}
	decoded, err := flow.DecodeAll(raw, encoding, maxAllowed)
	return blob.Bytes(decoded), err
}

// sendPieces sends a file, an empty one too.
func (o *open) sendPieces(ctx context.Context, src blob.Source, name string, each func(*viewerpb.Saved)) error {
	for at := int64(0); ; at += savedPiece {
		piece := make([]byte, min(savedPiece, src.Size()-at))
		if n, err := src.ReadAt(piece, at); n < len(piece) {
			if err == nil || err == io.EOF {
				err = blob.ErrGone
			}
			return err
		}
		each(&viewerpb.Saved{Data: piece, FileName: name})
		if at+savedPiece >= src.Size() {
			return ctx.Err()
		}
		o.config.Yield()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// bodyName returns what a body is called as a file: by the path that it was asked
// for, and by its type.
func bodyName(f *flowpb.Flow, p part, decoded bool) string {
	target, _, _ := strings.Cut(string(f.GetRequest().GetPath()), "?")
	name := fileName(link.Unescape(path.Base(target)))
	if name == "flow" || path.Ext(name) == "" {
		name += extension(p.meta.MediaType)
	}
	if !decoded && p.encoding != "" {
		name += "." + fileName(strings.ToLower(p.encoding))
	}
	return name
}

// extension returns how names of files of a type end.
func extension(mediaType string) string {
	_, sub, _ := strings.Cut(mediaType, "/")
	if _, suffix, found := strings.Cut(sub, "+"); found {
		sub = suffix
	}
	switch sub {
	case "json", "xml", "html", "css", "csv", "png", "gif", "webp", "pdf", "zip", "wasm", "mp4", "svg":
		return "." + sub
	case "javascript", "x-javascript":
		return ".js"
	case "jpeg":
		return ".jpg"
	case "plain":
		return ".txt"
	}
	return ".bin"
}
