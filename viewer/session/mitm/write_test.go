package mitm

import (
	"bytes"
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// rewritten reads a dump and writes what was read.
func rewritten(t testing.TB, dump []byte) []byte {
	t.Helper()
	r := open(blob.Bytes(dump))
	l, err := session.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return writtenDump(t, l)
}

func writtenDump(t testing.TB, flows session.Flows) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Writer.Write(context.Background(), &out, flows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sameBytes fails unless got is want, and shows where they differ.
func sameBytes(t testing.TB, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	around := func(b []byte) []byte { return b[max(0, min(i-100, len(b))):min(i+100, len(b))] }
	t.Fatalf("%d bytes, want %d; they differ at byte %d:\n%q\nwant\n%q", len(got), len(want), i, around(got), around(want))
}

// TestWriteIdentical: what mitmproxy wrote in the newest format is written byte
// for byte as it was.
func TestWriteIdentical(t *testing.T) {
	shop, err := os.ReadFile("../../../static/samples/shop.mitm")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("shop.mitm", func(t *testing.T) { sameBytes(t, rewritten(t, shop), shop) })
	var names []string
	for name := range CorpusDumps() {
		dump := corpus.File(t, name)
		flows, _ := collect(t, open(blob.Bytes(dump)))
		if slices.ContainsFunc(flows, func(f *flowpb.Flow) bool { return f.GetFormatVersion() != newest }) {
			continue
		}
		names = append(names, name)
		t.Run(name, func(t *testing.T) { sameBytes(t, rewritten(t, dump), dump) })
	}
	slices.Sort(names)
	if want := []string{newestDump, "golden/vectors/flows_v21.mitm", "mitmproxy/flows/corrupted_gzip_body.mitm"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// TestRepr holds floats against what Python shows of them.
func TestRepr(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{
		{0, "0.0"}, {math.Copysign(0, -1), "-0.0"}, {1, "1.0"}, {3.5, "3.5"}, {-0.1, "-0.1"}, {946681204.2, "946681204.2"}, {1e22, "1e+22"},
		{1e15, "1000000000000000.0"}, {9999999999999998, "9999999999999998.0"}, {1e16, "1e+16"}, {-1e16, "-1e+16"}, {123456789012345680, "1.2345678901234568e+17"},
		{0.0001, "0.0001"}, {0.00001, "1e-05"}, {0.00012345, "0.00012345"}, {-9.5e-5, "-9.5e-05"}, {5e-324, "5e-324"},
		{math.MaxFloat64, "1.7976931348623157e+308"}, {math.NaN(), "nan"}, {math.Inf(1), "inf"}, {math.Inf(-1), "-inf"}, {0.30000000000000004, "0.30000000000000004"},
	} {
		if got := string(flow.AppendFloat(nil, test.v)); got != test.want {
			t.Errorf("%g: %s, want %s", test.v, got, test.want)
		}
	}
}

// TestBackwardTime: only a whole number that was an integer is one again.
func TestBackwardTime(t *testing.T) {
	for _, test := range []struct {
		t        *float64
		integral bool
		want     string
	}{
		{nil, true, "0:~"}, {new(5.0), true, "1:5#"}, {new(5.0), false, "3:5.0^"}, {new(5.5), true, "3:5.5^"}, {new(-1e20), true, "22:-100000000000000000000#"},
		{new(math.Inf(1)), true, "3:inf^"}, {new(math.NaN()), true, "3:nan^"},
	} {
		var b backward
		b.time(noKey, test.t, test.integral)
		if got := string(b.buf[b.at:]); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
