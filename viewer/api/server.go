package api

import (
	"context"
	"errors"
	"io"
	"sync"

	"flowpane/proto/viewerpb"
)

// Serve answers the requests that come through pipe with api, each on a
// goroutine of its own, until the pipe ends or ctx is cancelled. A panic while
// answering is one of the two doors at which panics are caught: that request
// gets an internal error, and serving goes on.
func Serve(ctx context.Context, pipe Pipe, api API) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{pipe: pipe, api: api, running: map[uint64]context.CancelFunc{}}
	s.send(&viewerpb.Reply{Hello: &viewerpb.Hello{Version: Version}})
	first := true
	for ctx.Err() == nil {
		frame, err := pipe.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		req := new(viewerpb.Request)
		if err := req.Unmarshal(frame); err != nil {
			return err
		}
		if first {
			if err := checkVersion(req.Hello); err != nil {
				return err
			}
			first = false
			continue
		}
		s.start(ctx, req)
	}
	return ctx.Err()
}

type server struct {
	pipe Pipe
	api  API

	mu      sync.Mutex
	running map[uint64]context.CancelFunc
}

// start begins to answer req. Cancels are obeyed at once, in the order of the
// frames; everything else runs beside the loop.
func (s *server) start(ctx context.Context, req *viewerpb.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.Cancel != nil {
		if cancel := s.running[req.Id]; cancel != nil {
			cancel()
		}
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	s.running[req.Id] = cancel
	go func() {
		defer s.finish(req.Id, cancel)
		err := s.answer(ctx, req)
		if err != nil {
			e := asError(err)
			s.send(&viewerpb.Reply{Id: req.Id, Done: true, Error: &viewerpb.Error{
				Code: e.Code, Text: e.Text, Pos: uint32(e.Pos), End: uint32(e.End), Incomplete: e.Incomplete,
			}})
		}
	}()
}

func (s *server) finish(id uint64, cancel context.CancelFunc) {
	cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
}

// answer runs the call of req and sends its replies, all but an error.
func (s *server) answer(ctx context.Context, req *viewerpb.Request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Code: viewerpb.Code_INTERNAL, Text: "internal error: " + panicText(p)}
		}
	}()
	reply := func(r *viewerpb.Reply) {
		if ctx.Err() == nil {
			r.Id = req.Id
			s.send(r)
		}
	}
	done := &viewerpb.Reply{Done: true}
	switch {
	case req.Open != nil:
		err = s.api.Open(ctx, req.Open.Sources, func(p *viewerpb.Progress) { reply(&viewerpb.Reply{Progress: p}) })
	case req.Close != nil:
		err = s.api.Close(ctx)
	case req.Watch != nil:
		err = s.api.Watch(ctx, req.Watch, func(v *viewerpb.View) { reply(&viewerpb.Reply{View: v}) })
	case req.GetRows != nil:
		done.Rows, err = s.api.Rows(ctx, req.GetRows.From, req.GetRows.Count)
	case req.Locate != nil:
		done.Location, err = s.api.Locate(ctx, req.Locate.Key)
	case req.GetFlow != nil:
		done.Flow, err = s.api.Flow(ctx, req.GetFlow.Key)
	case req.GetBody != nil:
		done.Body, err = s.api.Body(ctx, req.GetBody)
	case req.CheckFilter != nil:
		done.Filter, err = s.api.CheckFilter(ctx, req.CheckFilter.Filter)
	case req.Complete != nil:
		done.Completions, err = s.api.Complete(ctx, req.Complete.Filter, int(req.Complete.Cursor))
	case req.Explain != nil:
		done.Explanation, err = s.api.Explain(ctx, req.Explain.Key, req.Explain.Filter)
	case req.Compare != nil:
		done.Comparison, err = s.api.Compare(ctx, req.Compare.Base, req.Compare.Key)
	case req.Export != nil:
		done.Exported, err = s.api.Export(ctx, req.Export.Key, req.Export.Format)
	case req.ListTerms != nil:
		done.Terms, err = s.api.Terms(ctx, req.ListTerms.Key)
	case req.Highlight != nil:
		done.Highlighted, err = s.api.Highlight(ctx, req.Highlight.Filter, req.Highlight.Keys)
	case req.Examine != nil:
		done.Examined, err = s.api.Examine(ctx, req.Examine)
	case req.ListTargets != nil:
		done.Targets, err = s.api.Targets(ctx)
	case req.CountLosses != nil:
		done.Losses, err = s.api.Losses(ctx, req.CountLosses)
	case req.Save != nil:
		err = s.api.Save(ctx, req.Save, func(p *viewerpb.Saved) { reply(&viewerpb.Reply{Saved: p}) })
	case req.FindSecrets != nil:
		err = s.api.FindSecrets(ctx, req.FindSecrets, func(v *viewerpb.Secrets) { reply(&viewerpb.Reply{Secrets: v}) })
	case req.MakeLink != nil:
		done.MadeLink, err = s.api.MakeLink(ctx, req.MakeLink)
	case req.GetOverview != nil:
		done.Overview, err = s.api.Overview(ctx, req.GetOverview)
	case req.GetBranch != nil:
		done.Branch, err = s.api.Branch(ctx, req.GetBranch)
	case req.GetTimeline != nil:
		done.Timeline, err = s.api.Timeline(ctx, req.GetTimeline)
	case req.ListMessages != nil:
		done.Messages, err = s.api.Messages(ctx, req.ListMessages)
	case req.SurveyBody != nil:
		err = s.api.SurveyBody(ctx, req.SurveyBody, func(v *viewerpb.BodySurvey) { reply(&viewerpb.Reply{Survey: v}) })
	case req.SaveBody != nil:
		err = s.api.SaveBody(ctx, req.SaveBody, func(p *viewerpb.Saved) { reply(&viewerpb.Reply{Saved: p}) })
	case req.AddSchema != nil:
		done.AddedSchema, err = s.api.AddSchema(ctx, req.AddSchema.Source)
	case req.Follow != nil:
		err = s.api.Follow(ctx, func(p *viewerpb.Progress) { reply(&viewerpb.Reply{Progress: p}) })
	case req.Annotate != nil:
		done.Row, err = s.api.Annotate(ctx, req.Annotate)
	case req.ListKept != nil:
		done.KeptList, err = s.api.Kept(ctx)
	case req.Keep != nil:
		err = s.api.Keep(ctx, func(k *viewerpb.Kept) { reply(&viewerpb.Reply{Kept: k}) })
	case req.RemoveKept != nil:
		err = s.api.RemoveKept(ctx, req.RemoveKept.Name)
	default:
		err = &Error{Code: viewerpb.Code_UNIMPLEMENTED, Text: "the engine does not know this call: reload the page"}
	}
	if err == nil {
		done.Id = req.Id
		s.send(done)
	}
	return err
}

// send sends a reply. A pipe that fails ends in Receive, so its error is not
// needed here.
func (s *server) send(r *viewerpb.Reply) {
	tell(r)
	_ = s.pipe.Send(r.Append(nil))
}

// panicText says what was panicked with. Package fmt would do so too, but the
// page links this package and has no other use for fmt.
func panicText(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "panic"
}
