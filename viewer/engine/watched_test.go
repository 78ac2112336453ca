package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/engine"
)

// silent is a Source for which nobody answers while it is off.
type silent struct {
	blob.Source
	ctx context.Context
	off *atomic.Bool
}

func (s *silent) ReadAt(p []byte, offset int64) (n int, err error) {
	err = blob.Patiently(s.ctx, func() error {
		if s.off.Load() {
			return blob.ErrUnreachable
		}
		n, err = s.Source.ReadAt(p, offset)
		return err
	})
	return n, err
}

// TestWaiting tells who watches that a file does not answer, and that it does.
func TestWaiting(t *testing.T) {
	dump := sample(t)
	var off atomic.Bool
	e := engine.New(engine.Config{Source: func(ctx context.Context, s *viewerpb.Source) (blob.Source, error) {
		src, err := dump.open(ctx, s)
		return &silent{Source: src, ctx: ctx, off: &off}, err
	}})
	defer e.Close(context.Background())
	if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(*viewerpb.Progress) {}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	waiting := make(chan string, 100)
	ended := make(chan error)
	go func() {
		ended <- e.Watch(ctx, &viewerpb.Watch{}, func(v *viewerpb.View) { waiting <- v.Waiting })
	}()
	<-waiting // until it is shown something
	off.Store(true)
	all, err := e.Rows(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for _, row := range all.Rows {
			e.Body(ctx, &viewerpb.GetBody{Key: row.Key, Part: viewerpb.Part_RESPONSE, View: "hex"})
		}
	}()
	for w := range waiting {
		if w == blob.ErrUnreachable.Error() && off.Load() {
			off.Store(false)
		} else if w == "" && !off.Load() {
			break
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestWaitingForWhatItIs tells who opens a file that it does not answer, before
// anything is known of it.
func TestWaitingForWhatItIs(t *testing.T) {
	dump := sample(t)
	var off atomic.Bool
	off.Store(true)
	e := engine.New(engine.Config{Source: func(ctx context.Context, s *viewerpb.Source) (blob.Source, error) {
		src, err := dump.open(ctx, s)
		return &silent{Source: src, ctx: ctx, off: &off}, err
	}})
	defer e.Close(context.Background())
	var told []string
	detected := false // it was told that it answers, before more was known
	err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(p *viewerpb.Progress) {
		if len(told) == 0 || told[len(told)-1] != p.Waiting {
			told = append(told, p.Waiting)
		}
		detected = detected || p.Detecting && p.Waiting == ""
		off.Store(false)
	})
	if err != nil || len(told) != 2 || told[0] != blob.ErrUnreachable.Error() || told[1] != "" || !detected {
		t.Errorf("Open tells %q, %v", told, err)
	}
}
