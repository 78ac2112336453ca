package content

import (
	"context"
	"errors"
)

// mqttView shows MQTT packets, up to version 5, in mitmproxy's words. That
// takes all data for one packet, of up to 2 MB, and knows version 3.1.1 only;
// here each packet of the data has its line.
//
// Source: https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
func mqttView() View {
	return View{
		Name:     "mqtt",
		Label:    "MQTT",
		About:    "MQTT packets",
		Whole:    true,
		Priority: func(Metadata, []byte) float64 { return 0 },
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			if len(data) == 0 {
				return Rendered{}, errors.New("there is no packet")
			}
			b := budget{ctx: ctx}
			var text output
			for c := (&cursor{data: data}); c.more(); {
				if err := b.spend(); err != nil {
					return Rendered{}, err
				}
				if text.len() > 0 {
					text.putByte('\n')
				}
				if err := writeMQTT(&text, c); err != nil {
					return Rendered{}, err
				}
			}
			return Rendered{Text: text.String()}, nil
		},
	}
}

// The packet types that are shown in detail.
const (
	mqttConnect   = 1
	mqttPublish   = 3
	mqttSubscribe = 8
	mqttPingReq   = 12
	mqttPingResp  = 13
)

// writeMQTT writes the next packet.
func writeMQTT(text *output, c *cursor) error {
	first, err := c.byte()
	if err != nil {
		return err
	}
	size, err := mqttLength(c)
	if err != nil {
		return err
	}
	start := c.at
	if _, err := c.take(size); err != nil {
		return err
	}
	packet := &cursor{data: c.data[:c.at], at: start}
	name := mqttName(first >> 4)
	switch first >> 4 {
	case mqttPingReq, mqttPingResp:
		text.put("[" + name + "]")
	case mqttConnect:
		text.put("[" + name + "]\n\n")
		return writeConnect(text, packet)
	case mqttPublish:
		text.put("[" + name + "] ")
		return writePublish(text, packet, first>>1&3)
	case mqttSubscribe:
		text.put("[" + name + "] sent topic filters: ")
		return writeSubscribe(text, packet)
	default:
		text.put("Packet type " + name + " is not supported yet!")
	}
	return nil
}

func mqttName(kind byte) string {
	return [16]string{
		"reserved", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP",
		"SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "reserved",
	}[kind]
}

// mqttLength reads a number of up to four bytes, 7 bits each.
// Source: https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html, 2.2.3
func mqttLength(c *cursor) (uint64, error) {
	start := *c
	n, err := readVarint(c)
	if err == nil && c.at-start.at > 4 {
		err = start.fail("a length is too large")
	}
	return n, err
}

// writePublish writes the payload and the topic.
func writePublish(text *output, c *cursor, qos byte) error {
	topic, err := c.sized(2)
	if err == nil && qos > 0 {
		_, err = c.take(2) // packet identifier
	}
	if err != nil {
		return err
	}
	text.put("'" + escapeBytes(c.rest()) + "' to topic '" + escapeBytes(topic) + "'")
	return nil
}

// writeSubscribe writes the topic filters.
func writeSubscribe(text *output, c *cursor) error {
	if _, err := c.take(2); err != nil { // packet identifier
		return err
	}
	for i := 0; c.more(); i++ {
		filter, err := c.sized(2)
		if err == nil {
			_, err = c.byte() // the quality of service asked for
		}
		if err != nil {
			return err
		}
		if i > 0 {
			text.put(", ")
		}
		text.put("'")
		text.put(string(filter))
		text.put("'")
	}
	return nil
}

// writeConnect writes who connects, and the message for when the connection
// breaks.
func writeConnect(text *output, c *cursor) error {
	if _, err := c.sized(2); err != nil { // protocol name
		return err
	}
	b, err := c.take(4) // version, flags, keep alive
	if err != nil {
		return err
	}
	const will, password, user = 1 << 2, 1 << 6, 1 << 7
	properties, flags := b[0] == 5, b[1]
	for _, field := range [...]struct {
		label      string
		present    bool
		properties bool // of version 5, before the field
		binary     bool
	}{
		{"Client Id: ", true, properties, false},
		{"Will Topic: ", flags&will != 0, properties, false},
		{"Will Message: ", flags&will != 0, false, true},
		{"User Name: ", flags&user != 0, false, false},
		{"Password: ", flags&password != 0, false, true},
	} {
		value := "None"
		if field.present {
			if value, err = connectField(c, field.properties, field.binary); err != nil {
				return err
			}
		}
		text.put(field.label + value + "\n")
	}
	if c.more() {
		return c.fail("there is more than was announced")
	}
	return nil
}

func connectField(c *cursor, properties, binary bool) (string, error) {
	if properties {
		n, err := mqttLength(c)
		if err == nil {
			_, err = c.take(n)
		}
		if err != nil {
			return "", err
		}
	}
	value, err := c.sized(2)
	if binary {
		return escapeBytes(value), err
	}
	return string(value), err
}
