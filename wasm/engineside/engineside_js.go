package engineside

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
	"flowpane/viewer/blob"
	"flowpane/viewer/bundle"
	"flowpane/viewer/engine"
	"flowpane/wasm/fileblob"
	"flowpane/wasm/httpblob"
	"flowpane/wasm/port"
	"flowpane/wasm/webcrypto"
)

// Run serves the page until the port to it is closed.
func Run() {
	page := port.FromGlobal()
	e := engine.New(engine.Config{
		Yield:   port.NewYield(),
		Source:  sources(page),
		Shelf:   shelf{},
		Scratch: func() (engine.Scratch, error) { return new(fileblob.Spool), nil },
		Cipher:  webcrypto.New,
		Asset:   asset,
		OneFile: !parts().IsUndefined(),

		Helpers: helpers,
		Helps:   js.Global().Get("flowpane").Get("helps").Truthy(),
	})
	if err := api.Serve(context.Background(), page, e); err != nil {
		panic(err)
	}
}

// sources opens files that the page sent beside the frames, and URLs.
func sources(page *port.Port) func(context.Context, *viewerpb.Source) (blob.Source, error) {
	return func(ctx context.Context, s *viewerpb.Source) (blob.Source, error) {
		if name, ok := strings.CutPrefix(s.Url, bundle.Scheme); ok {
			return held(name)
		}
		if s.Token == "" {
			return httpblob.Open(ctx, s.Url)
		}
		file, ok := page.File(s.Token)
		if !ok {
			return nil, fmt.Errorf("%s: the file did not reach the engine", s.Name)
		}
		return fileblob.NewGrowing(file, func() (js.Value, bool) { return page.Handle(s.Token) }), nil
	}
}
