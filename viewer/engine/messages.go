package engine

import (
	"bytes"
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
	"flowpane/viewer/content"
	"flowpane/viewer/filter"
	"flowpane/viewer/flow"
)

// message is one message of a conversation, of whatever protocol.
type message struct {
	fromClient, dropped, injected bool
	kind                          string
	time                          *float64
	content                       []byte
	ref                           *flowpb.Body
}

func conversation(f *flowpb.Flow) []message {
	var list []message
	for _, m := range f.GetWebsocket().GetMessages() {
		kind := "binary"
		if m.GetType() == 1 {
			kind = "text"
		}
		list = append(list, message{m.GetFromClient(), m.GetDropped(), m.GetInjected(), kind, m.Timestamp, m.Content, m.Body})
	}
	for _, m := range f.Messages {
		list = append(list, message{fromClient: m.GetFromClient(), time: m.Timestamp, content: m.Content, ref: m.Body})
	}
	return list
}

// Messages implements api.API. To look for a text takes the time to read all
// messages, of each the first maxSearched bytes.
func (e *Engine) Messages(ctx context.Context, list *viewerpb.ListMessages) (*viewerpb.MessageList, error) {
	defer e.config.quiet.begin()()
	o, _ := e.session()
	f, err := o.find(list.Key)
	if err != nil {
		return nil, err
	}
	var marks *filter.Marks
	if list.Find != "" {
		if marks, err = filter.MarksOf(list.Find, false); err != nil {
			return nil, err
		}
	}
	all := conversation(f)
	reply := &viewerpb.MessageList{Total: uint32(len(all))}
	pace := &paced{Context: ctx, yield: e.config.Yield, last: time.Now()}
	for i, m := range all {
		if pace.Err() != nil {
			return nil, pace.Err()
		}
		if !m.from(list.Side) || marks != nil && !o.holds(m, marks) {
			continue
		}
		if reply.Matched >= list.From && len(reply.Messages) < int(min(list.Count, maxMessages)) {
			reply.Messages = append(reply.Messages, o.summary(i, m))
		}
		reply.Matched++
	}
	return reply, nil
}

// from reports whether a message is from a side.
func (m message) from(side viewerpb.Side) bool {
	return side == viewerpb.Side_BOTH || m.fromClient == (side == viewerpb.Side_CLIENT)
}

// holds reports whether a message holds what marks mark. One that cannot be read
// does not.
func (o *open) holds(m message, marks *filter.Marks) bool {
	for range marks.In(text(o.beginning(m, maxSearched))) {
		return true
	}
	return false
}

// beginning returns the first bytes of a message, as far as they can be read.
func (o *open) beginning(m message, limit int) []byte {
	if m.content != nil || m.ref == nil {
		return m.content[:min(len(m.content), limit)]
	}
	src, err := o.referred(m.ref)
	if err != nil {
		return nil
	}
	b := make([]byte, min(src.Size(), int64(limit)))
	n, _ := src.ReadAt(b, 0)
	return b[:n]
}

func (o *open) summary(i int, m message) *viewerpb.Message {
	size := uint64(len(m.content))
	if m.content == nil {
		size = m.ref.GetLength()
	}
	return &viewerpb.Message{
		FromClient: m.fromClient, Type: m.kind, Time: nanos(m.time), Size: size, Index: uint32(i),
		Dropped: m.dropped, Injected: m.injected, Preview: o.preview(m),
	}
}

// preview returns the beginning of a message. One that cannot be read shows
// why in its place.
func (o *open) preview(m message) string {
	if m.content == nil && m.ref != nil {
		if _, err := o.referred(m.ref); err != nil {
			return err.Error()
		}
	}
	return printable(o.beginning(m, previewSize))
}

// stream returns the messages of a side, one behind the other. Of both sides
// each begins with a line of its own, and what is no text is shown as a hex dump.
func (o *open) stream(all []message, side viewerpb.Side, limit int) (data []byte, note string) {
	var b bytes.Buffer
	for i, m := range all {
		if !m.from(side) {
			continue
		}
		if b.Len() > limit {
			return b.Bytes(), fmt.Sprintf("the first %d of %d messages: filter them to see others", i, len(all))
		}
		raw := o.beginning(m, limit)
		if side != viewerpb.Side_BOTH {
			b.Write(raw)
			continue
		}
		sender := "▼ server"
		if m.fromClient {
			sender = "▲ client"
		}
		fmt.Fprintf(&b, "%s, message %d, %s, %d bytes\n", sender, i+1, clock(m.time), len(raw))
		if !utf8.Valid(raw) {
			_, dump, _ := content.Render(context.Background(), "hex", content.Metadata{}, raw)
			raw = []byte(dump.Text)
		}
		b.Write(raw)
		b.WriteString("\n\n")
	}
	return b.Bytes(), ""
}

func clock(at *float64) string {
	if at == nil {
		return "at an unknown time"
	}
	return time.Unix(0, flow.Nanos(*at)).UTC().Format("15:04:05.000 UTC")
}
