package api

import (
	"context"
	"errors"
	"io"
	"sync"

	"flowpane/proto/viewerpb"
)

// ErrClosed is the error of calls whose pipe ended: the engine is gone.
var ErrClosed = errors.New("the engine stopped")

// Dial returns the API that Serve serves at the other end of pipe. It returns
// when that end has said its version, or with an error if the versions differ.
func Dial(pipe Pipe) (API, error) {
	c := &client{pipe: pipe, pending: map[uint64]*call{}}
	hello := &viewerpb.Request{Hello: &viewerpb.Hello{Version: Version}}
	if err := pipe.Send(hello.Append(nil)); err != nil {
		return nil, err
	}
	first, err := c.receive()
	if err != nil {
		return nil, err
	}
	if err := checkVersion(first.Hello); err != nil {
		return nil, err
	}
	go c.loop()
	return c, nil
}

type client struct {
	pipe Pipe

	mu      sync.Mutex
	last    uint64
	pending map[uint64]*call
	closed  error
}

// A call queues replies without bound, so that one slow reader never holds up
// the others.
type call struct {
	replies []*viewerpb.Reply
	arrived chan struct{} // capacity 1
}

func (c *client) receive() (*viewerpb.Reply, error) {
	frame, err := c.pipe.Receive()
	if err == io.EOF {
		return nil, ErrClosed
	}
	if err != nil {
		return nil, err
	}
	r := new(viewerpb.Reply)
	return r, r.Unmarshal(frame)
}

// loop hands replies to their calls until the pipe ends.
func (c *client) loop() {
	for {
		r, err := c.receive()
		c.mu.Lock()
		if err != nil {
			c.closed = err
			for _, call := range c.pending {
				call.wake()
			}
			c.mu.Unlock()
			return
		}
		if call := c.pending[r.Id]; call != nil {
			call.replies = append(call.replies, r)
			call.wake()
		}
		c.mu.Unlock()
	}
}

func (k *call) wake() {
	select {
	case k.arrived <- struct{}{}:
	default:
	}
}

// do sends req and passes each reply to each, until one says done. Cancelling
// ctx cancels the request at the other end and returns at once.
func (c *client) do(ctx context.Context, req *viewerpb.Request, each func(*viewerpb.Reply)) error {
	if err := ctx.Err(); err != nil { // it would come behind what took its place
		return err
	}
	c.mu.Lock()
	if err := c.closed; err != nil {
		c.mu.Unlock()
		return err
	}
	c.last++
	req.Id = c.last
	k := &call{arrived: make(chan struct{}, 1)}
	c.pending[req.Id] = k
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.pending, req.Id)
		c.mu.Unlock()
	}()
	if err := c.pipe.Send(req.Append(nil)); errors.Is(err, io.ErrClosedPipe) { // of which the loop has yet to hear
		return ErrClosed
	} else if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			cancel := &viewerpb.Request{Id: req.Id, Cancel: &viewerpb.Cancel{}}
			_ = c.pipe.Send(cancel.Append(nil))
			return ctx.Err()
		case <-k.arrived:
		}
		replies, closed := c.take(k)
		for _, r := range replies {
			if r.Error != nil {
				e := r.Error
				return &Error{Code: e.Code, Text: e.Text, Pos: int(e.Pos), End: int(e.End), Incomplete: e.Incomplete}
			}
			each(r)
			if r.Done {
				return nil
			}
		}
		if closed != nil {
			return closed
		}
	}
}

func (c *client) take(k *call) ([]*viewerpb.Reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	replies := k.replies
	k.replies = nil
	return replies, c.closed
}

// one does a request that has one reply.
func (c *client) one(ctx context.Context, req *viewerpb.Request) (reply *viewerpb.Reply, err error) {
	err = c.do(ctx, req, func(r *viewerpb.Reply) { reply = r })
	return reply, err
}

func (c *client) Open(ctx context.Context, sources []*viewerpb.Source, each func(*viewerpb.Progress)) error {
	return c.do(ctx, &viewerpb.Request{Open: &viewerpb.Open{Sources: sources}}, func(r *viewerpb.Reply) {
		if r.Progress != nil {
			each(r.Progress)
		}
	})
}

func (c *client) Close(ctx context.Context) error {
	_, err := c.one(ctx, &viewerpb.Request{Close: &viewerpb.Close{}})
	return err
}

func (c *client) Watch(ctx context.Context, watch *viewerpb.Watch, each func(*viewerpb.View)) error {
	return c.do(ctx, &viewerpb.Request{Watch: watch}, func(r *viewerpb.Reply) {
		if r.View != nil {
			each(r.View)
		}
	})
}

func (c *client) Rows(ctx context.Context, from uint64, count uint32) (*viewerpb.Rows, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetRows: &viewerpb.GetRows{From: from, Count: count}})
	return orEmpty(r.GetRows(), err)
}

func (c *client) Locate(ctx context.Context, key string) (*viewerpb.Location, error) {
	r, err := c.one(ctx, &viewerpb.Request{Locate: &viewerpb.Locate{Key: key}})
	return orEmpty(r.GetLocation(), err)
}

func (c *client) Flow(ctx context.Context, key string) (*viewerpb.Flow, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetFlow: &viewerpb.GetFlow{Key: key}})
	return orEmpty(r.GetFlow(), err)
}

func (c *client) Body(ctx context.Context, get *viewerpb.GetBody) (*viewerpb.BodyWindow, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetBody: get})
	return orEmpty(r.GetBody(), err)
}

func (c *client) Complete(ctx context.Context, filter string, cursor int) (*viewerpb.Completions, error) {
	r, err := c.one(ctx, &viewerpb.Request{Complete: &viewerpb.Complete{Filter: filter, Cursor: uint32(cursor)}})
	return orEmpty(r.GetCompletions(), err)
}

func (c *client) Explain(ctx context.Context, key, filter string) (*viewerpb.Explanation, error) {
	r, err := c.one(ctx, &viewerpb.Request{Explain: &viewerpb.Explain{Key: key, Filter: filter}})
	return orEmpty(r.GetExplanation(), err)
}

func (c *client) Compare(ctx context.Context, base, key string) (*viewerpb.Comparison, error) {
	r, err := c.one(ctx, &viewerpb.Request{Compare: &viewerpb.Compare{Base: base, Key: key}})
	return orEmpty(r.GetComparison(), err)
}

func (c *client) Export(ctx context.Context, key, format string) (*viewerpb.Exported, error) {
	r, err := c.one(ctx, &viewerpb.Request{Export: &viewerpb.Export{Key: key, Format: format}})
	return orEmpty(r.GetExported(), err)
}

func (c *client) Terms(ctx context.Context, key string) (*viewerpb.Terms, error) {
	r, err := c.one(ctx, &viewerpb.Request{ListTerms: &viewerpb.ListTerms{Key: key}})
	return orEmpty(r.GetTerms(), err)
}

func (c *client) Highlight(ctx context.Context, filter string, keys []string) (*viewerpb.Highlighted, error) {
	r, err := c.one(ctx, &viewerpb.Request{Highlight: &viewerpb.Highlight{Filter: filter, Keys: keys}})
	return orEmpty(r.GetHighlighted(), err)
}

func (c *client) Examine(ctx context.Context, examine *viewerpb.Examine) (*viewerpb.Examined, error) {
	r, err := c.one(ctx, &viewerpb.Request{Examine: examine})
	return orEmpty(r.GetExamined(), err)
}

func (c *client) CheckFilter(ctx context.Context, filter string) (*viewerpb.FilterCheck, error) {
	r, err := c.one(ctx, &viewerpb.Request{CheckFilter: &viewerpb.CheckFilter{Filter: filter}})
	return orEmpty(r.GetFilter(), err)
}

func (c *client) Targets(ctx context.Context) (*viewerpb.Targets, error) {
	r, err := c.one(ctx, &viewerpb.Request{ListTargets: &viewerpb.ListTargets{}})
	return orEmpty(r.GetTargets(), err)
}

func (c *client) Losses(ctx context.Context, count *viewerpb.CountLosses) (*viewerpb.Losses, error) {
	r, err := c.one(ctx, &viewerpb.Request{CountLosses: count})
	return orEmpty(r.GetLosses(), err)
}

func (c *client) Save(ctx context.Context, save *viewerpb.Save, each func(*viewerpb.Saved)) error {
	return c.do(ctx, &viewerpb.Request{Save: save}, func(r *viewerpb.Reply) {
		if r.Saved != nil {
			each(r.Saved)
		}
	})
}

func (c *client) FindSecrets(ctx context.Context, find *viewerpb.FindSecrets, each func(*viewerpb.Secrets)) error {
	return c.do(ctx, &viewerpb.Request{FindSecrets: find}, func(r *viewerpb.Reply) {
		if r.Secrets != nil {
			each(r.Secrets)
		}
	})
}

func (c *client) MakeLink(ctx context.Context, link *viewerpb.MakeLink) (*viewerpb.MadeLink, error) {
	r, err := c.one(ctx, &viewerpb.Request{MakeLink: link})
	return orEmpty(r.GetMadeLink(), err)
}

func (c *client) Overview(ctx context.Context, get *viewerpb.GetOverview) (*viewerpb.Overview, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetOverview: get})
	return orEmpty(r.GetOverview(), err)
}

func (c *client) Branch(ctx context.Context, get *viewerpb.GetBranch) (*viewerpb.Branch, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetBranch: get})
	return orEmpty(r.GetBranch(), err)
}

func (c *client) Timeline(ctx context.Context, get *viewerpb.GetTimeline) (*viewerpb.Timeline, error) {
	r, err := c.one(ctx, &viewerpb.Request{GetTimeline: get})
	return orEmpty(r.GetTimeline(), err)
}

func (c *client) Messages(ctx context.Context, list *viewerpb.ListMessages) (*viewerpb.MessageList, error) {
	r, err := c.one(ctx, &viewerpb.Request{ListMessages: list})
	return orEmpty(r.GetMessages(), err)
}

func (c *client) SurveyBody(ctx context.Context, get *viewerpb.GetBody, each func(*viewerpb.BodySurvey)) error {
	return c.do(ctx, &viewerpb.Request{SurveyBody: get}, func(r *viewerpb.Reply) {
		if r.Survey != nil {
			each(r.Survey)
		}
	})
}

func (c *client) SaveBody(ctx context.Context, save *viewerpb.SaveBody, each func(*viewerpb.Saved)) error {
	return c.do(ctx, &viewerpb.Request{SaveBody: save}, func(r *viewerpb.Reply) {
		if r.Saved != nil {
			each(r.Saved)
		}
	})
}

func (c *client) AddSchema(ctx context.Context, source *viewerpb.Source) (*viewerpb.AddedSchema, error) {
	r, err := c.one(ctx, &viewerpb.Request{AddSchema: &viewerpb.AddSchema{Source: source}})
	return orEmpty(r.GetAddedSchema(), err)
}

func (c *client) Follow(ctx context.Context, each func(*viewerpb.Progress)) error {
	return c.do(ctx, &viewerpb.Request{Follow: &viewerpb.Follow{}}, func(r *viewerpb.Reply) {
		if r.Progress != nil {
			each(r.Progress)
		}
	})
}

func (c *client) Annotate(ctx context.Context, annotate *viewerpb.Annotate) (*viewerpb.Row, error) {
	r, err := c.one(ctx, &viewerpb.Request{Annotate: annotate})
	return orEmpty(r.GetRow(), err)
}

func (c *client) Kept(ctx context.Context) (*viewerpb.KeptList, error) {
	r, err := c.one(ctx, &viewerpb.Request{ListKept: &viewerpb.ListKept{}})
	return orEmpty(r.GetKeptList(), err)
}

func (c *client) Keep(ctx context.Context, each func(*viewerpb.Kept)) error {
	return c.do(ctx, &viewerpb.Request{Keep: &viewerpb.Keep{}}, func(r *viewerpb.Reply) {
		if r.Kept != nil {
			each(r.Kept)
		}
	})
}

func (c *client) RemoveKept(ctx context.Context, name string) error {
	_, err := c.one(ctx, &viewerpb.Request{RemoveKept: &viewerpb.RemoveKept{Name: name}})
	return err
}

// orEmpty returns a message that is never nil without an error.
func orEmpty[T any](m *T, err error) (*T, error) {
	if m == nil && err == nil {
		m = new(T)
	}
	return m, err
}
