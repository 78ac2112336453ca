package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/viewer/api"
)

// schemas are the descriptor sets of protocol buffers that a person gave.
type schemas struct {
	waiting []File // chosen before the engine was there
	asked   []File // of which the engine is to say whether they are any
	given   []File // that the engine knows
	known   string // for the status line: what came last
}

// schemasAdded: of the files that were chosen, those taken hold this many message
// types. The rest are no descriptor sets.
type schemasAdded struct {
	taken    []File
	messages uint64
	rest     []File
}

// mayBeSchema reports whether a descriptor set may have such a name, which a
// capture may have too.
func mayBeSchema(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	switch strings.ToLower(name[dot+1:]) {
	case "pb", "binpb", "protoset", "desc", "fds":
		return dot >= 0
	}
	return false
}

// pick takes the schemas among files, and opens the others.
func (s *Screen) pick(do *commands, files []File) {
	s.startAnew(do)
	some := false
	for _, f := range files {
		some = some || mayBeSchema(f.Name)
	}
	switch {
	case !some:
		s.openFiles(do, files)
	case !s.connected:
		s.schemas.waiting = append(s.schemas.waiting, files...)
	default:
		s.schemas.asked = files
		do.add(Call{slotSchemas, func(ctx context.Context, engine api.API, post func(Msg)) {
			post(addSchemas(ctx, engine, files))
		}})
	}
}

// requeue has all files given to another engine: also those of which the last one
// has not said what they are.
func (c *schemas) requeue() {
	c.waiting = slices.Concat(c.given, c.asked, c.waiting)
	c.given, c.asked = nil, nil
}

func addSchemas(ctx context.Context, engine api.API, files []File) (m schemasAdded) {
	for _, f := range files {
		if mayBeSchema(f.Name) {
			if added, err := engine.AddSchema(ctx, f.source()); err == nil {
				m.taken = append(m.taken, f)
				m.messages += added.Messages
				continue
			}
		}
		m.rest = append(m.rest, f)
	}
	return m
}

// schemasAdded shows bodies again, now with names, unless there is another session
// to open.
func (s *Screen) schemasAdded(do *commands, m schemasAdded) {
	s.schemas.asked = nil
	switch {
	case len(m.rest) > 0:
		s.openFiles(do, m.rest)
	case s.detail.flow != nil:
		s.loadBody(do)
		s.loadComparison(do)
	}
	if len(m.taken) > 0 {
		s.schemas.given = append(s.schemas.given, m.taken...)
		names := make([]string, len(m.taken))
		for i, f := range m.taken {
			names[i] = f.Name
		}
		verb := " are known now"
		if m.messages == 1 {
			verb = " is known now"
		}
		s.schemas.known = formatPlural(m.messages, "message type") + " of " + (&session{names: names}).name() + verb
	}
}
