package flow_test

import (
	"math"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// TestMetadataText writes values as python3 does: print(f"{key}: {value}").
func TestMetadataText(t *testing.T) {
	text := func(s string) *flowpb.Value { return &flowpb.Value{Text: []byte(s)} }
	number := func(f float64) *flowpb.Value { return &flowpb.Value{Number: &f} }
	dict := func(pairs ...*flowpb.Value) *flowpb.Value {
		d := new(flowpb.Value_Dict)
		for i := 0; i < len(pairs); i += 2 {
			d.Pairs = append(d.Pairs, &flowpb.Value_Pair{Key: pairs[i], Value: pairs[i+1]})
		}
		return &flowpb.Value{Dict: d}
	}
	for _, test := range []struct {
		value *flowpb.Value
		want  string
	}{
		{text("it's"), "it's"},
		{new(flowpb.Value), "None"},
		{&flowpb.Value{Bytes: []byte("a'\x00\xff\\")}, `b"a'\x00\xff\\"`},
		{&flowpb.Value{Bytes: []byte(`'"`)}, `b'\'"'`},
		{&flowpb.Value{Boolean: new(true)}, "True"},
		{&flowpb.Value{Boolean: new(false)}, "False"},
		{&flowpb.Value{Integer: []byte("123456789012345678901234567890")}, "123456789012345678901234567890"},
		{number(1), "1.0"}, {number(-0.5), "-0.5"}, {number(1e15), "1000000000000000.0"}, {number(1e16), "1e+16"},
		{number(0.0001), "0.0001"}, {number(0.00001), "1e-05"}, {number(1.5e300), "1.5e+300"}, {number(0), "0.0"},
		{number(math.Inf(1)), "inf"}, {number(math.Inf(-1)), "-inf"}, {number(math.NaN()), "nan"},
		{&flowpb.Value{List: &flowpb.Value_List{Items: []*flowpb.Value{text("a"), text("it's"), text("é\n"), new(flowpb.Value)}}}, `['a', "it's", 'é\n', None]`},
		{dict(text("key"), text("value"), &flowpb.Value{Integer: []byte("1")}, dict()), "{'key': 'value', 1: {}}"},
	} {
		f := &flowpb.Flow{Metadata: dict(text("a"), test.value, text("b"), text("c"))}
		if got, want := flow.MetadataText(f), "a: "+test.want+"\nb: c"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := flow.MetadataText(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
