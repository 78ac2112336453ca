package mitm

import "slices"

// without returns d without keys.
func (d dict) without(keys ...string) dict {
	var out dict
	for i := 0; i < len(d); i += 2 {
		if !slices.Contains(keys, d[i].(string)) {
			out = append(out, d[i], d[i+1])
		}
	}
	return out
}

// get returns the value of a key, nil if there is none.
func (d dict) get(key string) any {
	for i := 0; i < len(d); i += 2 {
		if d[i] == key {
			return d[i+1]
		}
	}
	return nil
}

// renamed returns d with pairs of keys, the first renamed to the second.
func (d dict) renamed(keys ...string) dict {
	out := slices.Clone(d)
	for i := 0; i < len(out); i += 2 {
		if at := slices.Index(keys, out[i].(string)); at >= 0 && at%2 == 0 {
			out[i] = keys[at+1]
		}
	}
	return out
}

// in returns d with the dicts under keys changed, those that there are.
func (d dict) in(change func(dict) dict, keys ...string) dict {
	for _, key := range keys {
		if inner, ok := d.get(key).(dict); ok {
			d = d.with(key, change(inner))
		}
	}
	return d
}

// tuples are the formats that were no integers.
var tuples = map[int][]any{
	zero + 11: {0, 11, 3}, zero + 12: {0, 12}, zero + 13: {0, 13}, zero + 14: {0, 14}, zero + 15: {0, 15},
	zero + 16: {0, 16}, zero + 17: {0, 17}, zero + 18: {0, 18, 2}, zero + 19: {0, 19}, 1: {1, 0, 2}, 2: {2, 0, 2}, 3: {3, 0, 0},
}

// older returns a record of format 21 as it would have been written in an
// older format: the migrations backwards.
func older(d dict, format int) dict {
	for at := newest; at > format; at-- {
		if undo := undos[at]; undo != nil {
			d = undo(d)
		}
	}
	d = d.with("version", format)
	if tuple, ok := tuples[format]; ok {
		d = d.with("version", tuple)
	}
	if format <= zero+17 {
		return inBytes(d).(dict)
	}
	return d
}

// inBytes returns v as Python 2 wrote it, where all text is bytes.
func inBytes(v any) any {
	switch v := v.(type) {
	case string:
		return []byte(v)
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, inBytes(item))
		}
		return out
	case dict:
		out := dict{}
		for _, item := range v {
			out = append(out, inBytes(item))
		}
		return out
	}
	return v
}

// undos takes a record from a format to the one before.
var undos = map[int]func(dict) dict{
	20: func(d dict) dict {
		return d.in(func(c dict) dict { return c.with("state", 0) }, "client_conn", "server_conn")
	},
	19: func(d dict) dict {
		d = d.in(func(c dict) dict {
			return c.renamed("cipher", "cipher_name").without("transport_protocol").with("tls_established", c.get("tls"))
		}, "client_conn", "server_conn")
		d = d.in(func(c dict) dict { return c.renamed("peername", "address").with("tls_extensions", nil) }, "client_conn")
		return d.in(func(c dict) dict {
			return c.renamed("peername", "ip_address", "sockname", "source_address", "via", "via2").with("via", nil)
		}, "server_conn")
	},
	18: func(d dict) dict { return d.in(func(c dict) dict { return c.without("proxy_mode") }, "client_conn") },
	17: func(d dict) dict { return d.with("mode", "regular") },
	16: func(d dict) dict { return d.without("timestamp_created") },
	15: func(d dict) dict {
		return d.in(func(w dict) dict { return w.with("messages", shorter(w.get("messages").([]any))) }, "websocket")
	},
	14: func(d dict) dict { return d.without("comment") },
	13: func(d dict) dict { return d.with("marked", d.get("marked") != "") },
	12: func(d dict) dict { return d.without("websocket") },
	11: func(d dict) dict {
		return d.in(func(c dict) dict {
			return c.renamed("alpn", "alpn_proto_negotiated").with("alpn_offers", nil).with("cipher_list", nil)
		}, "client_conn", "server_conn")
	},
	10: func(d dict) dict {
		d = d.in(func(c dict) dict {
			var pem any
			if list := c.get("certificate_list").([]any); len(list) > 0 {
				pem = list[0]
			}
			return c.without("state", "error", "tls", "alpn_offers", "cipher_list", "certificate_list").with("pem", pem)
		}, "client_conn", "server_conn")
		d = d.in(func(c dict) dict { return c.without("sockname").renamed("pem", "clientcert") }, "client_conn")
		return d.in(func(c dict) dict { return c.without("cipher_name", "via2").renamed("pem", "cert") }, "server_conn")
	},
	9: func(d dict) dict {
		which := d.get("is_replay")
		d = d.in(func(q dict) dict {
			return q.without("authority").with("first_line_format", "relative").with("is_replay", which == "request")
		}, "request")
		return d.in(func(p dict) dict { return p.with("is_replay", which == "response") }, "response").without("is_replay")
	},
	8: func(d dict) dict {
		return d.in(func(m dict) dict { return m.without("trailers") }, "request", "response")
	},
	7: func(d dict) dict {
		return d.in(func(c dict) dict { return c.without("tls_extensions") }, "client_conn")
	},
	6: func(d dict) dict {
		return d.in(func(c dict) dict {
			return c.renamed("tls_established", "ssl_established", "timestamp_tls_setup", "timestamp_ssl_setup")
		}, "client_conn", "server_conn")
	},
	5: func(d dict) dict {
		return d.in(func(c dict) dict { return c.without("id") }, "client_conn", "server_conn")
	},
	3: func(d dict) dict {
		d = d.in(func(c dict) dict { return c.without("mitmcert") }, "client_conn")
		return d.in(func(c dict) dict { return c.without("tls_version") }, "server_conn")
	},
	2: func(d dict) dict {
		return d.in(func(c dict) dict {
			for _, key := range []string{"address", "source_address", "ip_address"} {
				if a := c.get(key); a != nil {
					c = c.with(key, dict{"use_ipv6", false, "address", a})
				}
			}
			return c
		}, "client_conn", "server_conn")
	},
	zero + 19: func(d dict) dict {
		d = d.in(func(c dict) dict { return c.without("sni", "alpn_proto_negotiated", "cipher_name", "tls_version") }, "client_conn")
		d = d.in(func(c dict) dict { return c.without("alpn_proto_negotiated") }, "server_conn")
		return d.in(func(q dict) dict { return q.with("stickyauth", false) }, "request").without("mode", "metadata")
	},
	zero + 18: func(d dict) dict {
		return d.in(func(c dict) dict { return c.renamed("ip_address", "peer_address") }, "server_conn").without("marked")
	},
	zero + 17: func(d dict) dict { return d.in(func(c dict) dict { return c.without("peer_address") }, "server_conn") },
	zero + 16: func(d dict) dict {
		d = d.in(func(m dict) dict { return m.renamed("content", "body", "reason", "msg") }, "request", "response")
		return d.in(func(q dict) dict { return q.with("form_out", "relative") }, "request")
	},
	zero + 14: func(d dict) dict {
		d = d.in(func(m dict) dict {
			return m.renamed("first_line_format", "form_in", "http_version", "httpversion", "status_code", "code", "body", "content").
				with("httpversion", []any{1, 1})
		}, "request", "response")
		return d.in(func(c dict) dict { return c.with("state", []any{}).without("via") }, "server_conn")
	},
}

// shorter returns tuples without their last item.
func shorter(tuples []any) []any {
	var out []any
	for _, tuple := range tuples {
		tuple := tuple.([]any)
		out = append(out, tuple[:len(tuple)-1])
	}
	return out
}

// timelessDict is an HTTP flow of format 21 that says no more than any format
// can.
func timelessDict(id string) dict {
	d := httpDict(id, []byte("question"), []byte("An answer that is long enough to be left in the file it comes from."))
	d = d.with("comment", "").with("timestamp_created", 5.5).with("is_replay", "request").without("backup")
	d = d.in(func(m dict) dict { return m.with("trailers", nil) }, "request", "response")
	d = d.in(func(c dict) dict {
		return c.with("alpn", nil).with("alpn_offers", []any{}).with("cipher", nil).with("cipher_list", []any{}).with("tls_version", nil).
			with("error", nil).with("transport_protocol", "tcp").with("certificate_list", []any{[]byte("PEM")})
	}, "client_conn", "server_conn")
	d = d.in(func(c dict) dict { return c.with("sockname", []any{"", 0}).with("timestamp_tls_setup", 2.5) }, "client_conn")
	return d.in(func(c dict) dict {
		return c.with("via", nil).with("peername", nil).with("sockname", []any{"10.0.0.2", 6000})
	}, "server_conn")
}

// timelessTCP is timelessDict for a TCP flow, which formats since 0.17 have.
func timelessTCP(id string) dict {
	from := timelessDict("")
	return tcpDict(id, "hello", "a message that is long enough to be left in the file it comes from").
		with("marked", "").with("timestamp_created", from.get("client_conn").(dict).get("timestamp_start")).without("backup").
		with("client_conn", from.get("client_conn")).with("server_conn", from.get("server_conn"))
}

// timelessSocket is timelessDict for a WebSocket, as one record of format 21.
func timelessSocket(id string) dict {
	return timelessDict(id).with("websocket", dict{
		"timestamp_end", nil, "close_reason", "bye", "close_code", 1000, "closed_by_client", true,
		"messages", []any{[]any{1, true, []byte("hi"), 7.5, false, false}, []any{2, false, []byte("a message that is long enough to be left in its file."), 8, true, false}},
	})
}

// olderSocket returns a WebSocket as the records of an older format.
func olderSocket(d dict, format int) string {
	if format > lastApart {
		return tnet(older(d, format))
	}
	w := d.get("websocket").(dict)
	h := d.with("metadata", dict{"websocket", true})
	c := d.without("request", "response", "websocket").with("type", "websocket").with("id", "of "+d.get("id").(string)).
		with("metadata", dict{"websocket_handshake", d.get("id")}).
		with("messages", shorter(w.get("messages").([]any))).with("close_sender", "client").with("close_code", 1000).with("close_reason", "bye")
	return tnet(older(h, format)) + tnet(older(c, format))
}
