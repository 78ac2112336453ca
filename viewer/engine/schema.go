package engine

import (
	"context"
	"errors"
	"strconv"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/content"
)

// AddSchema implements api.API. The types outlive the session: those who record
// traffic of a service record it again.
func (e *Engine) AddSchema(ctx context.Context, from *viewerpb.Source) (*viewerpb.AddedSchema, error) {
	defer e.config.quiet.begin()()
	added, err := e.readSchema(ctx, from)
	if err != nil {
		return nil, unreadable(err)
	}
	e.mu.Lock()
	e.config.schemas.Store(e.config.schemas.Load().With(added))
	o := e.open
	e.mu.Unlock()
	o.body.mu.Lock()
	o.body.of = "" // it is rendered again
	o.body.mu.Unlock()
	return &viewerpb.AddedSchema{Messages: uint64(added.Messages())}, nil
}

func (e *Engine) readSchema(ctx context.Context, from *viewerpb.Source) (*content.Schemas, error) {
	if from == nil {
		return nil, errors.New("no file is named")
	}
	src, err := e.config.Source(ctx, from)
	if err != nil {
		return nil, err
	}
	if src.Size() > content.MaxData {
		return nil, errors.New(name(from) + ": a descriptor set of more than " + strconv.Itoa(content.MaxData) + " bytes")
	}
	data, err := blob.ReadAll(src)
	if err != nil {
		return nil, err
	}
	schemas, err := content.ParseSchemas(data)
	if err != nil {
		return nil, errors.New(name(from) + ": " + err.Error())
	}
	return schemas, nil
}
