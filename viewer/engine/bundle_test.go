package engine_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/bundle"
	"flowpane/viewer/engine"
)

// assets are a viewer of a few bytes.
var assets = fstest.MapFS{
	bundle.Template: {Data: bundle.Encode(bundle.StartTag + bundle.SessionsTag)},
	bundle.Files:    {Data: []byte("index.html\n")},
	"index.html":    {Data: []byte(bundle.StartTag)},
}

// withAssets is an engine with the sample open, which can get files of a viewer.
func withAssets(t *testing.T, viewer fs.FS) *engine.Engine {
	t.Helper()
	e := engine.New(engine.Config{Source: sample(t).open, Asset: func(_ context.Context, name string) ([]byte, error) {
		return fs.ReadFile(viewer, name)
	}})
	t.Cleanup(func() { e.Close(context.Background()) })
	if err := e.Open(t.Context(), []*viewerpb.Source{{Name: "shop"}}, func(*viewerpb.Progress) {}); err != nil {
		t.Fatal(err)
	}
	return e
}

func savedAs(t *testing.T, e *engine.Engine, save *viewerpb.Save) ([]byte, error) {
	t.Helper()
	var b bytes.Buffer
	err := e.Save(t.Context(), save, func(p *viewerpb.Saved) { b.Write(p.Data) })
	return b.Bytes(), err
}

// The session in a bundle is the file that is saved without a viewer, with and
// without what is secret.
func TestSaveBundle(t *testing.T) {
	e := withAssets(t, assets)
	for _, redaction := range []*viewerpb.Redaction{nil, {}} {
		plain, err := savedAs(t, e, &viewerpb.Save{Target: "sessiondb", Redaction: redaction})
		if err != nil {
			t.Fatal(err)
		}
		b, err := savedAs(t, e, &viewerpb.Save{Target: "zip", Redaction: redaction, Start: "order=size"})
		if err != nil {
			t.Fatal(err)
		}
		archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		file, err := fs.ReadFile(archive, "sessions/shop.flowpane.sqlite")
		if err != nil || !bytes.Equal(file, plain) {
			t.Errorf("redaction %v: the session has %d bytes, and alone %d: %v", redaction, len(file), len(plain), err)
		}
		index, err := fs.ReadFile(archive, "index.html")
		if err != nil || !strings.Contains(string(index), "url=sessions/shop.flowpane.sqlite&amp;order=size") {
			t.Errorf("the page is %q, %v", index, err)
		}
		page, err := savedAs(t, e, &viewerpb.Save{Target: "html", Redaction: redaction, Start: "order=size"})
		if err != nil || !bytes.Contains(page, bundle.Encode("url=bundle:shop.flowpane.sqlite&amp;order=size")) {
			t.Errorf("the page has %d bytes, %v", len(page), err)
		}
	}
}

// Where there are no files of a viewer, nothing that needs them is offered; where
// one of them is missing, the error says which.
func TestSaveBundleWithoutAViewer(t *testing.T) {
	for target, missing := range map[string]string{"html": bundle.Template, "zip": bundle.Files} {
		e, _ := opened(t, sample(t), "shop")
		targets, err := e.Targets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range targets.Targets {
			if kind.Name == target {
				t.Errorf("%s is offered", target)
			}
		}
		if err := e.Save(t.Context(), &viewerpb.Save{Target: target}, func(*viewerpb.Saved) {}); code(err) != viewerpb.Code_NOT_FOUND {
			t.Errorf("%s: %v", target, err)
		}
		b, err := savedAs(t, withAssets(t, fstest.MapFS{}), &viewerpb.Save{Target: target})
		if err == nil || !strings.Contains(err.Error(), missing) || len(b) > 0 {
			t.Errorf("%s: saved %d bytes, %v", target, len(b), err)
		}
	}
}

// A page that is one file makes others of its kind, and no folder.
func TestSaveBundleFromOneFile(t *testing.T) {
	asset := func(_ context.Context, name string) ([]byte, error) { return fs.ReadFile(assets, name) }
	e := engine.New(engine.Config{Asset: asset, OneFile: true})
	t.Cleanup(func() { e.Close(context.Background()) })
	targets, err := e.Targets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	offered := map[string]bool{}
	for _, kind := range targets.Targets {
		offered[kind.Name] = true
	}
	if !offered["html"] || offered["zip"] {
		t.Errorf("it offers %v", offered)
	}
}

// A save that is ended is not finished.
func TestSaveBundleCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, target := range []string{"html", "zip"} {
		err := withAssets(t, assets).Save(ctx, &viewerpb.Save{Target: target}, func(p *viewerpb.Saved) { io.Discard.Write(p.Data) })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", target, err)
		}
	}
}
