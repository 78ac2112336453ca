package mitm

import (
	"flowpane/proto/flowpb"
	"flowpane/viewer/flow"
)

// typeName returns the type of the record for a kind of flow, or "" if none can
// hold it.
func typeName(kind flowpb.Kind) string {
	switch kind {
	case flowpb.Kind_HTTP:
		return typeHTTP
	case flowpb.Kind_TCP:
		return typeTCP
	case flowpb.Kind_UDP:
		return typeUDP
	case flowpb.Kind_DNS:
		return typeDNS
	}
	return ""
}

// flow puts f, which has an id if it has none itself.
func (w *writer) flow(key string, f *flowpb.Flow, id []byte) {
	kind := flow.Kind(f)
	integral := f.GetIntegral()
	began := beginning(f)
	end := w.open(tagDict)
	w.int("version", newest)
	w.text("type", []byte(typeName(kind)))
	w.text("id", id)
	w.flowError(f.Error, integral&2 != 0, began)
	w.client(f, id, began)
	w.server(f, id)
	w.bool("intercepted", f.GetIntercepted())
	if replay := flow.Replay(f); replay != "" || f.IsReplay != nil {
		w.text("is_replay", []byte(replay))
	} else {
		w.null("is_replay")
	}
	w.text("marked", []byte(flow.Marker(f)))
	w.metadata(f.Metadata)
	w.text("comment", f.Comment)
	w.time("timestamp_created", orTime(f.TimestampCreated, began), integral&1 != 0)
	w.backup(f.Backup, id)
	switch kind {
	case flowpb.Kind_HTTP:
		w.request(f.Request)
		w.response(f.Response)
		w.webSocket(f.Websocket)
	case flowpb.Kind_DNS:
		w.dnsMessage("request", orQuery(f.DnsRequest))
		w.dnsMessage("response", f.DnsResponse)
	default:
		w.messages(f.Messages)
	}
	w.close(key, end)
}

// backup puts the flow as it was before an edit, which has the id of the flow,
// with its keys in the order that they had.
func (w *writer) backup(f *flowpb.Flow, id []byte) {
	if f == nil || !isHeld(f) {
		w.null("backup")
		return
	}
	if f.Id != nil {
		id = f.Id
	}
	outer := w.turning
	w.turning.reversed = f.GetReversed()
	w.turning.marking = outer.marking || w.turning.reversed
	w.flow("backup", f, id)
	w.turning.marking, w.turning.reversed = outer.marking, outer.reversed
	if !outer.marking {
		w.turning.marks = w.turning.marks[:0]
	}
}

func (w *writer) flowError(e *flowpb.Error, integral bool, began float64) {
	if e == nil {
		w.null("error")
		return
	}
	end := w.open(tagDict)
	w.text("msg", e.Msg)
	w.time("timestamp", orTime(e.Timestamp, began), integral)
	w.close("error", end)
}

// metadata puts what addons noted, which is a dict.
func (w *writer) metadata(v *flowpb.Value) {
	if v == nil {
		v = &flowpb.Value{Dict: new(flowpb.Value_Dict)}
	}
	w.value("metadata", v)
}

// value puts any value, exactly.
func (w *writer) value(key string, v *flowpb.Value) {
	switch {
	case v == nil:
		w.null(key)
	case v.Bytes != nil:
		w.bytes(key, v.Bytes)
	case v.Text != nil:
		w.text(key, v.Text)
	case v.Integer != nil && isInt(v.Integer):
		w.element(key, tagInt, v.Integer)
	case v.Integer != nil:
		w.text(key, v.Integer)
	case v.Number != nil:
		w.float(key, *v.Number)
	case v.Boolean != nil:
		w.bool(key, *v.Boolean)
	case v.List != nil:
		w.list(key, len(v.List.Items), func(i int) { w.value(noKey, v.List.Items[i]) })
	case v.Dict != nil:
		w.dict(key, v.Dict.Pairs)
	default:
		w.null(key)
	}
}

// dict puts pairs that are in the order of a file.
func (w *writer) dict(key string, pairs []*flowpb.Value_Pair) {
	end := w.open(tagDict)
	for i := len(pairs) - 1; i >= 0; i-- {
		w.value(noKey, pairs[i].Value)
		w.value(noKey, pairs[i].Key)
	}
	w.close(key, end)
}

// orTime returns t, or else a time that stands for it.
func orTime(t *float64, instead float64) *float64 {
	if t == nil {
		return &instead
	}
	return t
}
