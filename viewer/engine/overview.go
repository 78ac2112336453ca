package engine

import (
	"context"
	"strings"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/filter"
)

// Overview implements api.API.
func (e *Engine) Overview(ctx context.Context, get *viewerpb.GetOverview) (*viewerpb.Overview, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	s, err := o.view.Overview(get.By, e.pause(ctx))
	if err != nil {
		return nil, err
	}
	s.All.Term = ""
	for _, g := range s.Hosts.Groups {
		g.Term = "~" + g.Name
		if g.Inner {
			g.Term = "~d " + filter.Exactly(g.Name)
		}
	}
	for _, g := range s.Statuses.Groups {
		g.Term = statusTerm(g.Name)
	}
	for _, g := range s.Types.Groups {
		g.Term = "!~ts ."
		if g.Name != "" {
			g.Term = "~ts " + filter.Media(g.Name)
		}
	}
	for _, g := range s.Methods.Groups {
		g.Term = "!~http"
		if g.Name != "" {
			g.Term = "~m " + filter.Exactly(g.Name)
		}
	}
	for _, c := range []struct {
		of       *viewerpb.Branch
		operator string
		side     func(f *flowpb.Flow) connection
	}{{s.Connections, "~src ", clientSide}, {s.Servers, "~peer ", serverSide}} {
		for _, g := range c.of.Groups {
			g.Term = "!" + c.operator + ":"
			if g.Name != "" {
				g.Term = c.operator + filter.Exactly(g.Name)
				g.Note = o.describe(g.Example, c.side)
			}
		}
	}
	for _, list := range [][]*viewerpb.Group{s.Types.Groups, s.Methods.Groups, s.Connections.Groups} {
		for _, g := range list {
			g.Name = cut(g.Name, maxCell)
		}
	}
	for _, r := range append(s.Slowest, s.Largest...) {
		cutRow(r)
	}
	return s, nil
}

// statusTerm returns the condition for a group of statuses.
func statusTerm(name string) string {
	switch {
	case name == "error":
		return "~e !~c >=100"
	case name == "":
		return "~q !~e"
	case strings.Trim(name, "0123456789") == "":
		return "~c " + name
	}
	return "~" + name + " !~e"
}

// Branch implements api.API.
func (e *Engine) Branch(ctx context.Context, get *viewerpb.GetBranch) (*viewerpb.Branch, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	b, err := o.view.Branch(get.Host, get.Path, get.By, e.pause(ctx))
	if err != nil {
		return nil, err
	}
	host := "~d " + filter.Exactly(get.Host)
	for _, g := range b.Groups {
		g.Term = host + " ~u " + filter.Path(get.Path+g.Name, !g.Inner)
	}
	return b, nil
}

// pause lets others have their turn while a call takes long.
func (e *Engine) pause(ctx context.Context) func() error {
	return (&paced{Context: ctx, yield: e.config.Yield, last: time.Now()}).Err
}
