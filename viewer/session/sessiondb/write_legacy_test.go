package sessiondb

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/viewer/blob"
	"flowpane/viewer/flow"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
	"flowpane/viewer/session/mitm"
)

// loaded is a flow as the loader of 2018 sees it.
type loaded struct {
	Key                  string
	ID, Method, Path     *string
	FirstLine            *string `json:"first_line"`
	Headers              int
	Request, Response    *string // SHA-256
	Status               *int32
	Marked               *bool
	Mode, Client, Server *string
	TLS                  *bool
}

// load2018 reads a file with Python's sqlite3 as the loader of 2018 did.
func load2018(t *testing.T, file []byte) map[string]loaded {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3: the loader of 2018 cannot be asked")
	}
	name := filepath.Join(t.TempDir(), "packed.sqlite")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "loader2018.py"), name)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, failure.String())
	}
	flows := map[string]loaded{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var f loaded
		if err := d.Decode(&f); err != nil {
			t.Fatal(err)
		}
		flows[f.Key] = f
	}
	return flows
}

// sumOf returns the hash of a body without its content encoding, as 2018 has
// it, or nil where there is none.
func sumOf(t *testing.T, flows session.Flows, f *flowpb.Flow, side flow.Side) *string {
	t.Helper()
	content, ref, present := flow.RequestBody(f)
	if side == flow.Response {
		content, ref, present = flow.ResponseBody(f)
	}
	if !present {
		return nil
	}
	if content == nil {
		src, err := flows.Body(ref)
		if err != nil {
			t.Fatal(err)
		}
		if content, err = blob.ReadAll(src); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(flow.Content(f, side, content))
	return new(hex.EncodeToString(sum[:]))
}

func legacyText(b []byte) *string {
	if b == nil {
		return nil
	}
	return new(latin(b))
}

// latin is b as text, or as Latin-1 where it is none.
func latin(b []byte) string {
	if text := string(b); strings.ToValidUTF8(text, "") == text {
		return text
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func TestLoaderOf2018(t *testing.T) {
	for _, name := range []string{"everything", "golden/vectors/flows_v21.mitm", "captured/versions/captured-v21.mitm"} {
		t.Run(name, func(t *testing.T) {
			var given session.Flows = everything()
			if name != "everything" {
				r, err := mitm.Format.Open(context.Background(), blob.Bytes(corpus.File(t, name)))
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				if given, err = session.ReadAll(r); err != nil {
					t.Fatal(err)
				}
			}
			got := load2018(t, packedFile(t, given))
			var names flow.Keys
			n := 0
			for f := range given.All(context.Background()) {
				key := names.Next(string(f.Id))
				compare2018(t, given, f, key, got[key])
				n++
			}
			if n != len(got) || n == 0 {
				t.Errorf("%d flows, want %d", len(got), n)
			}
		})
	}
}

func compare2018(t *testing.T, given session.Flows, f *flowpb.Flow, key string, got loaded) {
	t.Helper()
	client, server := f.GetClientConn(), f.GetServerConn()
	want := loaded{
		Key: key, ID: legacyText(f.Id), Marked: f.Marked, Mode: legacyText(f.Mode),
		Request: sumOf(t, given, f, flow.Request), Response: sumOf(t, given, f, flow.Response),
		Client: legacyText(client.GetAddress().GetHost()), Server: legacyText(server.GetAddress().GetHost()),
	}
	if r := f.Request; r != nil {
		want.Method, want.Path, want.Headers = legacyText(r.Method), legacyText(r.Path), len(r.Headers)
		want.FirstLine = new(cmp.Or(string(r.FirstLineFormat), flow.FirstLineFormat(r)))
	}
	if f.Response != nil {
		want.Status = f.Response.StatusCode
	}
	if want.Marked == nil && len(f.Marker) > 0 {
		want.Marked = new(true)
	}
	if want.Mode == nil {
		want.Mode = legacyText(client.GetProxyMode())
	}
	if client != nil {
		want.TLS = client.TlsEstablished
		if want.TLS == nil && client.Common != nil {
			want.TLS = client.Common.Tls
		}
	}
	if !reflect.DeepEqual(got, want) {
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		t.Errorf("flow %s:\n%s, want\n%s", key, g, w)
	}
}
