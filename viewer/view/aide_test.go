package view_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/view"
)

// slow is a Loader that takes a millisecond for each flow.
type slow struct {
	*memory
	loads int
}

func (s *slow) Flow(key string) (*flowpb.Flow, error) {
	s.loads++
	time.Sleep(time.Millisecond)
	return s.memory.Flow(key)
}

func (s *slow) Walk() view.Loader { return s }

// An aide has the same flows, by rows, and is as slow.
type aide struct {
	flows []*flowpb.Flow
	asked []uint32
	fail  error
}

func (a *aide) Examine(ctx context.Context, f *filter.Filter, rows []uint32) ([]view.Finding, error) {
	if a.fail != nil {
		return nil, a.fail
	}
	a.asked = append(a.asked, rows...)
	return view.Examine(f, &some{a.flows, rows}, ctx.Err)
}

type some struct {
	flows []*flowpb.Flow
	rows  []uint32
}

func (s *some) Len() int { return len(s.rows) }

func (s *some) Flow(i int) (*flowpb.Flow, error) {
	time.Sleep(time.Millisecond)
	return s.flows[s.rows[i]], nil
}

func (s *some) Raw(content []byte, _ *flowpb.Body) ([]byte, error) { return content, nil }

// numbered returns n requests, whose bodies are their numbers.
func numbered(n int) []*flowpb.Flow {
	flows := make([]*flowpb.Flow, n)
	for i := range flows {
		method := "GET"
		if i%2 == 1 {
			method = "POST"
		}
		flows[i] = exchange(method, fmt.Sprintf("/%d", i), float64(i), 0)
		flows[i].Request.Content = fmt.Appendf(nil, "number %d.", i)
	}
	return flows
}

func TestAides(t *testing.T) {
	const n = 4000
	for _, test := range []struct {
		expr   string
		shown  uint64
		loaded int // flows that have to be
	}{
		{`~b "number 12.."`, 10 + 100, n},
		{`~b "7\\." & ~m POST`, 400, n / 2},
		{`!~b "number 1"`, n - 1111, n},
	} {
		synctest.Test(t, func(t *testing.T) {
			flows := numbered(n)
			s := newSession()
			loader := &slow{memory: &s.memory}
			s.View = view.New(loader, 0, func() {})
			for _, f := range flows {
				s.add(f)
			}
			aides := []*aide{{flows: flows}, {flows: flows}, {fail: errors.New("gone")}}
			s.Aides = func() []view.Aide { return []view.Aide{aides[0], aides[1], aides[2]} }
			began := time.Now()
			state := s.watch(t, test.expr, view.ByFile, false)
			if state.Shown != test.shown || state.Examined != n {
				t.Errorf("%s: %d flows of %d examined, want %d", test.expr, state.Shown, state.Examined, test.shown)
			}
			asked := slices.Concat(aides[0].asked, aides[1].asked)
			if took, alone := time.Since(began), time.Duration(test.loaded)*time.Millisecond; took > alone*2/3 {
				t.Errorf("%s: took %v, alone it would have been %v", test.expr, took, alone)
			}
			slices.Sort(asked)
			if len(slices.Compact(slices.Clone(asked))) != len(asked) {
				t.Errorf("%s: aides examined rows twice", test.expr)
			}
			if len(asked) < test.loaded/2 || len(asked)+loader.loads < test.loaded || len(asked)+loader.loads > test.loaded*11/10 {
				t.Errorf("%s: aides examined %d flows, the watch %d, of %d", test.expr, len(asked), loader.loads, test.loaded)
			}
		})
	}
}
