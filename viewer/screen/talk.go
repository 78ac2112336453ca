package screen

import (
	"context"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// messagesShown is how many messages of a conversation are listed at first, and
// how many more each time.
const messagesShown = 200

// What a person does with a conversation.
type (
	// MessagesFiltered: only messages that hold a text, and come from a side, are
	// wanted.
	MessagesFiltered struct {
		Text string
		Side viewerpb.Side
	}
	// StreamToggled: the messages are wanted as one stream, or as a list again.
	StreamToggled struct{}
	// MoreMessagesAsked: more of a long list of messages is wanted.
	MoreMessagesAsked struct{}
	// MessageClicked: a message of a conversation was pressed.
	MessageClicked struct{ Index int }

	messagesCame struct {
		ask  *viewerpb.ListMessages
		list *viewerpb.MessageList
		err  error
	}
)

// A Talk is a conversation: messages of a WebSocket, of TCP or of UDP.
type Talk struct {
	Shown   bool
	Summary string
	// Text and Side are what is wanted of it.
	Text string
	Side viewerpb.Side
	// Stream: the messages are shown as one body, and not listed.
	Stream   bool
	Messages []Message
	// More is the label of a button for more messages, or empty.
	More string
}

// A Message is a message of a conversation.
type Message struct {
	Index      int
	FromClient bool
	// Open: the body shown is that of this message.
	Open bool
	// Label is what a person hears of it; Time, Size and Note are short.
	Label, Time, Size, Note string
	Preview                 string
}

// talk is the conversation that the tab shows.
type talk struct {
	text    string
	side    viewerpb.Side
	stream  bool
	list    []*viewerpb.Message
	matched uint32
	total   uint32
	here    bool // the list has come
	failure string
}

// talks reports whether the tab shows a conversation.
func (d *detail) talks() bool {
	return d.flow != nil && (d.tab == "websocket" || d.tab == "messages")
}

func (s *Screen) updateTalk(do *commands, msg Msg) {
	d := &s.detail
	switch m := msg.(type) {
	case MessagesFiltered:
		d.talk.text, d.talk.side = m.Text, m.Side
		d.message, d.inside = 0, nil
		s.loadTalk(do)
		s.loadBody(do)
	case StreamToggled:
		d.talk.stream = !d.talk.stream
		d.message, d.view, d.inside = 0, "", nil
		d.serial++
		s.loadBody(do)
	case MoreMessagesAsked:
		s.askMessages(do, len(d.talk.list))
	case MessageClicked:
		if d.message == m.Index+1 {
			d.message = 0 // a second press closes it
		} else {
			d.message = m.Index + 1
		}
		d.view, d.inside = "", nil
		d.serial++
		s.loadBody(do)
		s.record(do, false)
	case messagesCame:
		s.messagesCame(m)
	}
}

// loadTalk fetches the messages of the tab, if it shows some.
func (s *Screen) loadTalk(do *commands) {
	if do.stop(slotMessages); s.detail.talks() {
		s.askMessages(do, 0)
	}
}

func (s *Screen) askMessages(do *commands, from int) {
	d := &s.detail
	ask := &viewerpb.ListMessages{Key: d.key, Find: d.talk.text, Side: d.talk.side, From: uint32(from), Count: messagesShown}
	do.add(Call{slotMessages, func(ctx context.Context, engine api.API, post func(Msg)) {
		list, err := engine.Messages(ctx, ask)
		post(messagesCame{ask, list, err})
	}})
}

func (s *Screen) messagesCame(m messagesCame) {
	t := &s.detail.talk
	s.detail.serial++
	if t.failure = ""; m.err != nil {
		t.failure = m.err.Error()
		return
	}
	if m.ask.From == 0 {
		t.list = nil
	}
	t.list = append(slices.Clone(t.list), m.list.Messages...)
	t.matched, t.total, t.here = m.list.Matched, m.list.Total, true
}

// talkState is what the tab shows of a conversation.
func (s *Screen) talkState() Talk {
	d := &s.detail
	t := &d.talk
	st := Talk{Shown: true, Text: t.text, Side: t.side, Stream: t.stream, Summary: t.summary()}
	if closed := d.flow.GetWebsocket(); d.tab == "websocket" && closed != nil && t.here {
		if st.Summary += ". " + closed.Closed; closed.Closed == "" {
			st.Summary += "The conversation was still open."
		}
	}
	if t.stream {
		return st
	}
	for _, m := range t.list {
		st.Messages = append(st.Messages, s.message(m))
	}
	if n := uint32(len(t.list)); n < t.matched {
		st.More = "Show more (" + formatCount(uint64(n)) + " of " + formatPlural(uint64(t.matched), "message") + " shown)"
	}
	return st
}

func (t *talk) summary() string {
	switch {
	case t.failure != "":
		return t.failure
	case !t.here:
		return "Reading messages…"
	case t.total == 0:
		return "No messages"
	case t.matched < t.total || t.text != "":
		return formatCount(uint64(t.matched)) + " of " + formatPlural(uint64(t.total), "message")
	}
	return formatPlural(uint64(t.total), "message")
}

func (s *Screen) message(m *viewerpb.Message) Message {
	out := Message{
		Index: int(m.Index), FromClient: m.FromClient, Open: int(m.Index) == s.detail.message-1,
		Time: formatClock(m.Time, s.zone(m.Time)), Size: formatSize(m.Size), Preview: m.Preview,
	}
	var notes []string
	if m.Type != "" && m.Type != "text" {
		notes = append(notes, m.Type)
	}
	if m.Dropped {
		notes = append(notes, "dropped")
	}
	if m.Injected {
		notes = append(notes, "injected")
	}
	out.Note = strings.Join(notes, ", ")
	side := "server"
	if m.FromClient {
		side = "client"
	}
	out.Label = "Message " + formatCount(uint64(m.Index)+1) + " from " + side
	return out
}
