package engine

import (
	"flowpane/viewer/store"
	"flowpane/viewer/view"
)

// index returns the row of the store's narrow index for e, the flow of the
// given number in the session, from 0, read from the file of number source.
//
// The two structs say the same and stay apart: the columns of the view may
// change from one version to the next, those of the store are kept in files.
func index(e *view.Entry, number int64, source int) store.Index {
	return store.Index{
		Number:               number,
		Source:               source,
		Kind:                 e.Kind,
		Flags:                indexFlags(e.Flags),
		Method:               e.Method,
		RawMethod:            e.RawMethod,
		Scheme:               e.Scheme,
		Host:                 e.Host,
		PrettyHost:           e.PrettyHost,
		Path:                 e.Path,
		URL:                  e.URL,
		PrettyURL:            e.PrettyURL,
		Version:              e.Version,
		Status:               e.Status,
		StatusText:           e.StatusText,
		ContentType:          e.ContentType,
		RequestContentTypes:  e.RequestContentTypes,
		ResponseContentTypes: e.ContentTypes,
		RequestSize:          e.RequestSize,
		ResponseSize:         e.ResponseSize,
		OrderSize:            e.OrderSize,
		Created:              e.Created,
		Start:                e.Start,
		Duration:             e.Duration,
		Marker:               e.Marker,
		Comment:              e.Comment,
		Error:                e.Error,
		Replay:               e.Replay,
	}
}

func indexFlags(flags view.Flags) store.Flags {
	var stored store.Flags
	for _, f := range []struct {
		view  view.Flags
		store store.Flags
	}{
		{view.WebSocket, store.WebSocket}, {view.HasResponse, store.HasResponse},
		{view.HasError, store.HasError}, {view.Marked, store.Marked},
		{view.TLS, store.TLS}, {view.Edited, store.Edited},
		{view.Intercepted, store.Intercepted}, {view.ResponseAbsent, store.ResponseAbsent},
	} {
		if flags.Has(f.view) {
			stored |= f.store
		}
	}
	return stored
}
