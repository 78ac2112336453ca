package view

import (
	"errors"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

func TestTimeline(t *testing.T) {
	v := New(nil, 0, func() {})
	for i, s := range []flow.Summary{
		{Start: 1000, Duration: 5, Status: 200}, {Start: 1010, Duration: -1, Status: 404, Kind: flowpb.Kind_HTTP, Flags: flow.FlagResponse}, {Start: 1019, Duration: 10, Flags: flow.FlagError},
		{Start: 0, Duration: 50}, {Start: 1004, Status: 302}, {Start: 1019, Status: 999},
	} {
		v.Append(string(rune('a'+i)), &s)
	}
	v.Complete()
	v.list.SetFilter(nil)
	never := func() error { return nil }
	got, err := v.Timeline(0, 0, 3, never)
	if err != nil || got.First != 1000 || got.Last != 1029 || got.From != 1000 || got.Width != 10 {
		t.Errorf("%+v, %v", got, err)
	}
	if !slices.Equal(got.All, []uint32{2, 3, 0}) {
		t.Errorf("all %v", got.All)
	}
	if want := []uint32{0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0}; !slices.Equal(got.Shown, want) {
		t.Errorf("shown %v, want %v", got.Shown, want)
	}
	f, err := filter.Parse("~c 404")
	if err != nil {
		t.Fatal(err)
	}
	v.list.SetFilter(f)
	got, _ = v.Timeline(1005, 1015, 2, never)
	if !slices.Equal(got.All, []uint32{0, 1}) || got.Shown[classes+4] != 1 || got.Width != 5 {
		t.Errorf("a part, filtered: %+v", got)
	}
}

// TestTimelineOfNothing: no flow, no start, and a stop.
func TestTimelineOfNothing(t *testing.T) {
	v := New(nil, 0, func() {})
	got, err := v.Timeline(0, 0, 0, func() error { return nil })
	if err != nil || got.First != 0 || !slices.Equal(got.All, []uint32{0}) || len(got.Shown) != classes {
		t.Errorf("%+v, %v", got, err)
	}
	stop := errors.New("stop")
	for i := range 1 << 15 {
		v.Append(string(rune(i)), &flow.Summary{Start: 1})
	}
	if _, err := v.Timeline(0, 0, 9, func() error { return stop }); err != stop {
		t.Error(err)
	}
}

// TestTimelineOfAllTime: flows may begin and end at any time, and the page may ask
// for any.
func TestTimelineOfAllTime(t *testing.T) {
	const last = 1<<63 - 1
	v := New(nil, 0, func() {})
	for i, s := range []flow.Summary{{Start: 1, Duration: last}, {Start: last, Duration: last}, {Start: last - 1, Duration: -1}, {Start: -last - 1}} {
		v.Append(string(rune('a'+i)), &s)
	}
	v.Complete()
	v.list.SetFilter(nil)
	for _, span := range [][2]int64{{0, 0}, {-last - 1, last}, {last, -last - 1}, {-5, 5}, {last - 1, last}} {
		for _, buckets := range []int{-1, 1, 3, 1 << 40} {
			got, err := v.Timeline(span[0], span[1], buckets, func() error { return nil })
			if err != nil || got.First != 1 || got.Last != last || got.Width <= 0 || len(got.All) > maxBuckets {
				t.Errorf("%d in %d: %+v, %v", span, buckets, got, err)
			}
		}
	}
}
