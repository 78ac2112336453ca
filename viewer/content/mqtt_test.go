package content

import "testing"

func TestMQTT(t *testing.T) {
	const connect = "Client Id: cid\nWill Topic: None\nWill Message: None\nUser Name: None\nPassword: None\n"
	for _, test := range []struct{ name, in, want string }{
		// mitmproxy's own texts.
		{"ping", "\xc0\x00", "[PINGREQ]"},
		{"pong", "\xd0\x00", "[PINGRESP]"},
		{"SUBACK", "\x90\x00", "Packet type SUBACK is not supported yet!"},
		{"UNSUBSCRIBE", "\xa0\x00", "Packet type UNSUBSCRIBE is not supported yet!"},
		{"SUBSCRIBE", "\x82\x0a\x00\x01\x00\x05a/b/c\x00", "[SUBSCRIBE] sent topic filters: 'a/b/c'"},
		{"PUBLISH", "\x30\x09\x00\x03a/bhey!", "[PUBLISH] 'hey!' to topic 'a/b'"},
		{"PUBLISH, acknowledged", "\x32\x0b\x00\x03a/b\x00\x07hey!", "[PUBLISH] 'hey!' to topic 'a/b'"},
		{"CONNECT", "\x10\x0f\x00\x04MQTT\x04\x02\x00\x3c\x00\x03cid", "[CONNECT]\n\n" + connect},
		{"length", "\xc0\xff\xff\xff\xff", "[byte 1: the data ends too soon]"},

		{"CONNECT 3.1", "\x10\x11\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x03cid", "[CONNECT]\n\n" + connect},
		{"CONNECT 5", "\x10\x15\x00\x04MQTT\x05\x02\x00\x3c\x05\x11\x00\x00\x00\x0a\x00\x03cid", "[CONNECT]\n\n" + connect},
		{"CONNECT, all", "\x10\x19\x00\x04MQTT\x04\xc4\x00\x3c\x00\x01a\x00\x01b\x00\x01\xff\x00\x01c\x00\x01d",
			"[CONNECT]\n\nClient Id: a\nWill Topic: b\nWill Message: \\xff\nUser Name: c\nPassword: d\n"},
		{"CONNECT 5, all", "\x10\x1d\x00\x04MQTT\x05\xc4\x00\x3c\x00\x00\x01a\x02\x01\x00\x00\x01b\x00\x01w\x00\x01c\x00\x01d",
			"[CONNECT]\n\nClient Id: a\nWill Topic: b\nWill Message: w\nUser Name: c\nPassword: d\n"},
		{"two filters", "\x82\x0a\x00\x01\x00\x01a\x00\x00\x01b\x01", "[SUBSCRIBE] sent topic filters: 'a', 'b'"},
		{"two packets", "\xc0\x00\x30\x05\x00\x01\\\x0a\xff", "[PINGREQ]\n[PUBLISH] '\\n\\xff' to topic '\\\\'"},
		{"reserved", "\xf0\x00", "Packet type reserved is not supported yet!"},

		{"empty", "", "[there is no packet]"},
		{"no length", "\xc0", "[byte 1: the data ends too soon]"},
		{"long length", "\xc0\x80\x80\x80\x80\x01", "[byte 1: a length is too large]"},
		{"cut off", "\x30\x09\x00\x03a/b", "[byte 2: the data ends too soon]"},
		{"topic", "\x30\x03\x00\x03a", "[byte 4: the data ends too soon]"},
		{"filter", "\x82\x05\x00\x01\x00\x01a", "[byte 7: the data ends too soon]"},
		{"CONNECT with more", "\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x03cid!", "[byte 17: there is more than was announced]"},
		{"CONNECT with less", "\x10\x0f\x00\x04MQTT\x04\x82\x00\x3c\x00\x03cid", "[byte 17: the data ends too soon]"},
	} {
		if got := shown(mqttView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
