package engine

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/view"
)

// maxCompletions is how many values are offered at the most: what fits below the
// filter box. Of operators all are, who looks for one may not know its name.
const maxCompletions = 12

// usual are the operators that filters begin with, those that most want first.
var usual = [...]string{"c", "m", "d", "t", "b", "h", "any", "size", "dur", "e", "websocket", "marked"}

// valued are the operators whose arguments are completed from the session.
var valued = map[string]view.Quality{
	"d": view.Host, "m": view.Method, "t": view.MediaType, "c": view.Status, "marker": view.Marker,
}

// Complete implements api.API: operators by their beginning, and values that
// the session has by any part of them. What browsers spell otherwise is
// translated.
func (e *Engine) Complete(ctx context.Context, expr string, cursor int) (*viewerpb.Completions, error) {
	e.rowsFirst(ctx)
	o, _ := e.session()
	return o.complete(expr, cursor), nil
}

func (o *open) complete(expr string, cursor int) *viewerpb.Completions {
	blank := filter.BlankAt(expr, cursor)
	c := &viewerpb.Completions{From: uint32(blank.From), To: uint32(blank.To)}
	quality, isValued := valued[blank.Op]
	translated, isForeign := filter.FromDevTools(blank.Typed)
	switch {
	case blank.Op == "" && isForeign:
		c.List = []*viewerpb.Completion{{Text: translated, Help: "what DevTools mean by " + blank.Typed, Likely: true}}
	case isValued:
		c.List = o.values(quality, "", blank.Typed)
	case blank.Op == "h" || blank.Op == "hq" || blank.Op == "hs":
		c.List = o.headerNames(blank.Typed)
	case blank.Op != "":
		// anything may be looked for
	case strings.TrimSpace(expr) == "":
		for _, code := range usual {
			c.List = append(c.List, operators(func(op filter.Operator) bool { return op.Code == code })...)
		}
	case strings.HasPrefix(blank.Typed, "~"):
		c.List = operators(func(op filter.Operator) bool { return strings.HasPrefix(op.Code, blank.Typed[1:]) })
	case blank.Typed != "":
		c.List = o.values(view.Host, "~d ", blank.Typed)
	}
	if blank.Op != "" || !strings.HasPrefix(blank.Typed, "~") {
		c.List = c.List[:min(len(c.List), maxCompletions)]
	}
	if len(c.List) == 1 && c.List[0].Text == expr[blank.From:blank.To] {
		c.List = nil // it stands there
	}
	return c
}

func operators(offers func(filter.Operator) bool) (list []*viewerpb.Completion) {
	for _, op := range filter.Operators() {
		if !offers(op) {
			continue
		}
		text := "~" + op.Code
		if op.Arg != filter.NoArg {
			text += " "
		}
		list = append(list, &viewerpb.Completion{Text: text, Help: op.Help})
	}
	return list
}

// sampled is how many flows are looked at for the names of their headers: as
// many from the first on as from all over the session.
const sampled = 32

// headerNames returns conditions on the headers of the session whose names have
// part in them. It knows the names that some of the flows have.
func (o *open) headerNames(part string) (list []*viewerpb.Completion) {
	part = strings.ToLower(strings.Trim(part, "^"))
	for _, name := range o.names.of(o) {
		if strings.Contains(name, part) {
			list = append(list, &viewerpb.Completion{Text: filter.Beginning(name + ":"), Help: "header"})
		}
	}
	return list
}

// names are those of headers, in lower case and in order.
type names struct {
	mu    sync.Mutex
	flows int // there were when they were looked for
	list  []string
}

func (n *names) of(o *open) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	keys := o.view.Keys(false)
	if len(keys) == n.flows {
		return n.list
	}
	found := map[string]bool{}
	loader := o.Walk()
	for i := 0; i < len(keys); i++ {
		if i >= sampled {
			i += len(keys) / sampled
		}
		f, err := loader.Flow(keys[min(i, len(keys)-1)])
		if err != nil {
			continue // the others have names too
		}
		for _, h := range slices.Concat(f.GetRequest().GetHeaders(), f.GetResponse().GetHeaders()) {
			found[strings.ToLower(string(h.Name))] = true
		}
	}
	n.flows, n.list = len(keys), slices.Sorted(maps.Keys(found))
	return n.list
}

// values returns what has part in it, first what begins with it.
func (o *open) values(of view.Quality, before, part string) (list []*viewerpb.Completion) {
	part = strings.ToLower(part)
	var within []*viewerpb.Completion
	for _, value := range o.view.Values(of) {
		c := &viewerpb.Completion{Text: before + filter.Literal(value)}
		if before != "" {
			c.Help = "domain"
		}
		switch at := strings.Index(strings.ToLower(value), part); {
		case at == 0:
			list = append(list, c)
		case at > 0:
			within = append(within, c)
		}
	}
	return append(list, within...)
}
