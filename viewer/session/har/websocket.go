package har

import (
	"strconv"

	"flowpane/proto/flowpb"
)

// webSocketClose reads how HTTP Toolkit says that a conversation ended.
func (d *decoder) webSocketClose(f *frame, value []byte) {
	d.members(value, func(key string, value []byte) {
		text, isText := d.textOf(value)
		code, isCode := smallInt(value)
		switch {
		case key == "code" && isCode:
			f.webSocket().CloseCode = new(int64(code))
		case key == "reason" && isText:
			f.webSocket().CloseReason = d.keep(text)
		}
	})
}

// msAbove tells milliseconds since 1970, which Playwright writes, from seconds.
const msAbove = 1e11

func (d *decoder) messages(f *frame) outcome {
	if !d.is('[') {
		return odd
	}
	d.pos++
	w := f.webSocket()
	again := w.Messages != nil
	w.Messages = nil
	i := 0
	for first := true; d.another(&first, ']'); {
		i++
		where := "_webSocketMessages: message " + strconv.Itoa(i)
		if d.is('{') {
			w.Messages = append(w.Messages, d.message(where))
			continue
		}
		d.skip()
		d.isOdd(where, d.skipped)
	}
	d.again = again
	return done
}

func (d *decoder) message(where string) *flowpb.WebSocketMessage {
	m := new(flowpb.WebSocketMessage)
	data := d.texts[0].reset()
	left, _ := d.object(where+": ", func(key []byte) outcome {
		switch string(key) {
		case "type":
			if !d.is('"') {
				return odd
			}
			// Chrome has messages of type "error", which nobody sent.
			if text, _ := d.textOf(d.stay(key)); string(text) == "send" || string(text) == "receive" {
				d.again = m.FromClient != nil
				m.FromClient = new(string(text) == "send")
				d.rests[d.depth-1].undo()
			}
			return done
		case "data":
			d.again = data.length > 0 && d.is('"')
			return d.body(data)
		}
		return d.messageNumber(m, key)
	})
	if left != nil {
		d.issue(where + ": there is no place for " + string(left[:min(len(left), 80)]))
	}
	const binary = 2
	data.base64, data.utf8, data.where = m.GetType() == binary, true, where+": data"
	m.Content, m.Body = d.bodyOf(data, new(reference), nil)
	return m
}

// messageNumber reads the members that are numbers.
func (d *decoder) messageNumber(m *flowpb.WebSocketMessage, key []byte) outcome {
	isTime := string(key) == "time"
	if !isTime && string(key) != "opcode" {
		return stays
	}
	n, word, ok := d.number()
	if !ok {
		return stays
	}
	if isTime && n > msAbove {
		n /= 1000
	}
	code, isCode := integer(n)
	switch {
	case isTime && n >= 0:
		d.again = m.Timestamp != nil
		m.Timestamp = &n
	case !isTime && isCode:
		d.again = m.Type != nil
		m.Type = &code
	case !isTime:
		d.rests[d.depth-1].add(key, word)
	}
	return done
}
