package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// fake is an engine whose calls do what their arguments ask for.
type fake struct {
	api.API
}

func (fake) Watch(ctx context.Context, w *viewerpb.Watch, each func(*viewerpb.View)) error {
	for i := range 3 {
		each(&viewerpb.View{Revision: uint64(i + 1)})
	}
	<-ctx.Done()
	return ctx.Err()
}

func (fake) Flow(ctx context.Context, key string) (*viewerpb.Flow, error) {
	switch key {
	case "panic":
		panic("at the disco")
	case "slow":
		<-ctx.Done()
		return nil, ctx.Err()
	case "plain":
		return nil, errors.New("something broke")
	case "nil":
		return nil, nil
	}
	return &viewerpb.Flow{Url: key}, nil
}

func (fake) Explain(context.Context, string, string) (*viewerpb.Explanation, error) {
	return nil, nil
}
func (fake) Overview(context.Context, *viewerpb.GetOverview) (*viewerpb.Overview, error) {
	return nil, nil
}
func (fake) Branch(context.Context, *viewerpb.GetBranch) (*viewerpb.Branch, error) { return nil, nil }
func (fake) Timeline(context.Context, *viewerpb.GetTimeline) (*viewerpb.Timeline, error) {
	return nil, nil
}
func (fake) Messages(context.Context, *viewerpb.ListMessages) (*viewerpb.MessageList, error) {
	return nil, nil
}
func (fake) SurveyBody(context.Context, *viewerpb.GetBody, func(*viewerpb.BodySurvey)) error {
	return nil
}
func (fake) SaveBody(context.Context, *viewerpb.SaveBody, func(*viewerpb.Saved)) error {
	return nil
}
func (fake) Compare(context.Context, string, string) (*viewerpb.Comparison, error) {
	return nil, nil
}
func (fake) Export(context.Context, string, string) (*viewerpb.Exported, error) {
	return nil, nil
}
func (fake) Terms(context.Context, string) (*viewerpb.Terms, error) { return nil, nil }
func (fake) Highlight(context.Context, string, []string) (*viewerpb.Highlighted, error) {
	return nil, nil
}
func (fake) Examine(context.Context, *viewerpb.Examine) (*viewerpb.Examined, error) {
	return nil, nil
}
func (fake) Complete(context.Context, string, int) (*viewerpb.Completions, error) { return nil, nil }

func (fake) CheckFilter(ctx context.Context, filter string) (*viewerpb.FilterCheck, error) {
	return nil, &api.Error{Code: viewerpb.Code_BAD_FILTER, Text: "no " + filter, Pos: 2, End: 5, Incomplete: true}
}

func dial(t *testing.T) (api.API, *api.MemoryPipe) {
	t.Helper()
	page, engine := api.NewPipe()
	t.Cleanup(func() { page.Close() })
	go api.Serve(t.Context(), engine, fake{})
	client, err := api.Dial(page)
	if err != nil {
		t.Fatal(err)
	}
	return client, page
}

func TestCalls(t *testing.T) {
	client, _ := dial(t)
	f, err := client.Flow(t.Context(), "https://example.com/")
	if err != nil || f.Url != "https://example.com/" {
		t.Errorf("Flow = %v, %v", f, err)
	}
	if f, err := client.Flow(t.Context(), "nil"); err != nil || f == nil {
		t.Errorf("Flow of an empty reply = %v, %v; want an empty flow", f, err)
	}
	_, err = client.CheckFilter(t.Context(), "such filter")
	var e *api.Error
	if !errors.As(err, &e) || *e != (api.Error{Code: viewerpb.Code_BAD_FILTER, Text: "no such filter", Pos: 2, End: 5, Incomplete: true}) {
		t.Errorf("CheckFilter error = %#v", err)
	}
	if _, err := client.Flow(t.Context(), "plain"); err == nil || err.Error() != "something broke" {
		t.Errorf("plain error = %v", err)
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	client, _ := dial(t)
	_, err := client.Flow(t.Context(), "panic")
	if err == nil || !strings.Contains(err.Error(), "at the disco") {
		t.Errorf("error = %v", err)
	}
	if _, err := client.Flow(t.Context(), "ok"); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestManyRepliesAndCancel(t *testing.T) {
	client, _ := dial(t)
	ctx, cancel := context.WithCancel(t.Context())
	var seen []uint64
	err := client.Watch(ctx, &viewerpb.Watch{}, func(v *viewerpb.View) {
		seen = append(seen, v.Revision)
		if len(seen) == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(seen) != 3 {
		t.Errorf("err = %v, seen = %v", err, seen)
	}
}

func TestCancelReachesTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page, engine := api.NewPipe()
		stopped := make(chan error, 1)
		go func() { stopped <- api.Serve(context.Background(), engine, fake{}) }()
		client, err := api.Dial(page)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		go client.Flow(ctx, "slow")
		synctest.Wait()
		cancel()
		synctest.Wait() // every goroutine of the call has ended, or the test deadlocks
		page.Close()
		if err := <-stopped; err != nil {
			t.Errorf("Serve = %v", err)
		}
	})
}

func TestUnknownCallIsAnswered(t *testing.T) {
	page, engine := api.NewPipe()
	defer page.Close()
	go api.Serve(t.Context(), engine, fake{})
	if _, err := page.Receive(); err != nil {
		t.Fatal(err)
	}
	page.Send((&viewerpb.Request{Hello: &viewerpb.Hello{Version: api.Version}}).Append(nil))
	page.Send((&viewerpb.Request{Id: 7}).Append(nil))
	frame, err := page.Receive()
	if err != nil {
		t.Fatal(err)
	}
	var r viewerpb.Reply
	if err := r.Unmarshal(frame); err != nil {
		t.Fatal(err)
	}
	if r.Id != 7 || !r.Done || r.Error.GetCode() != viewerpb.Code_UNIMPLEMENTED {
		t.Errorf("reply = %+v", &r)
	}
}

func TestVersionsDiffer(t *testing.T) {
	page, engine := api.NewPipe()
	defer page.Close()
	engine.Send((&viewerpb.Reply{Hello: &viewerpb.Hello{Version: api.Version + 1}}).Append(nil))
	if _, err := api.Dial(page); err == nil || !strings.Contains(err.Error(), "differ in version") {
		t.Errorf("Dial = %v", err)
	}
}

func TestEngineGone(t *testing.T) {
	client, page := dial(t)
	done := make(chan error)
	go func() {
		_, err := client.Flow(t.Context(), "slow")
		done <- err
	}()
	page.Close()
	if err := <-done; err == nil {
		t.Error("a call outlived its engine without an error")
	}
	if _, err := client.Flow(t.Context(), "late"); !errors.Is(err, api.ErrClosed) {
		t.Errorf("a call after its end: %v", err)
	}
}
