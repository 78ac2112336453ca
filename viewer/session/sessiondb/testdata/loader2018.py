"""Reads a session database as the Session addon of 2018 did, and prints what
it finds as JSON, a flow a line. It fails on whatever made that addon, or the
protobuf library under it, fail.

The schema is that of mitmproxy 5.0: field number to name and type, where a
type in brackets repeats and a dict is a message.
"""
import hashlib
import json
import sqlite3
import struct
import sys

HEADER = {1: ("name", "string"), 2: ("value", "string")}
ADDRESS = {1: ("host", "string"), 2: ("port", "int32")}
EXTENSION = {1: ("int", "int64"), 2: ("bytes", "bytes")}
REQUEST = {
    1: ("first_line_format", "string"), 2: ("method", "string"), 3: ("scheme", "string"), 4: ("host", "string"),
    5: ("port", "int32"), 6: ("path", "string"), 7: ("http_version", "string"), 8: ("headers", [HEADER]),
    9: ("content", "bytes"), 10: ("timestamp_start", "double"), 11: ("timestamp_end", "double"), 12: ("is_replay", "bool"),
}
RESPONSE = {
    1: ("http_version", "string"), 2: ("status_code", "int32"), 3: ("reason", "string"), 4: ("headers", [HEADER]),
    5: ("content", "bytes"), 6: ("timestamp_start", "double"), 7: ("timestamp_end", "double"), 8: ("is_replay", "bool"),
}
ERROR = {1: ("msg", "string"), 2: ("timestamp", "double")}
CLIENT = {
    1: ("id", "string"), 2: ("address", ADDRESS), 3: ("tls_established", "bool"), 4: ("clientcert", "string"),
    5: ("mitmcert", "string"), 6: ("timestamp_start", "double"), 7: ("timestamp_tls_setup", "double"),
    8: ("timestamp_end", "double"), 9: ("sni", "string"), 10: ("cipher_name", "string"),
    11: ("alpn_proto_negotiated", "bytes"), 12: ("tls_version", "string"), 13: ("tls_extensions", [EXTENSION]),
}
SERVER = {
    1: ("id", "string"), 2: ("address", ADDRESS), 3: ("ip_address", ADDRESS), 4: ("source_address", ADDRESS),
    5: ("tls_established", "bool"), 6: ("cert", "string"), 7: ("sni", "string"), 8: ("alpn_proto_negotiated", "bytes"),
    9: ("tls_version", "string"), 10: ("timestamp_start", "double"), 11: ("timestamp_tcp_setup", "double"),
    12: ("timestamp_tls_setup", "double"), 13: ("timestamp_end", "double"),
}
SERVER[14] = ("via", SERVER)
FLOW = {
    1: ("request", REQUEST), 2: ("response", RESPONSE), 3: ("error", ERROR), 4: ("client_conn", CLIENT),
    5: ("server_conn", SERVER), 6: ("intercepted", "bool"), 7: ("marked", "bool"), 8: ("mode", "string"), 9: ("id", "string"),
}
WIRE = {"int32": 0, "int64": 0, "bool": 0, "double": 1, "string": 2, "bytes": 2}


def varint(b, at):
    value = shift = 0
    while True:
        value |= (b[at] & 0x7F) << shift
        at += 1
        if b[at - 1] < 0x80:
            return value, at
        shift += 7
        assert shift < 70, "a varint of more than ten bytes"


def field(b, at):
    """Returns number, wire type and value of the field at an offset, and the next offset."""
    tag, at = varint(b, at)
    number, wire = tag >> 3, tag & 7
    assert number > 0, "field 0"
    if wire == 0:
        value, at = varint(b, at)
    elif wire == 1:
        value, at = b[at : at + 8], at + 8
    elif wire == 2:
        size, at = varint(b, at)
        value, at = b[at : at + size], at + size
    elif wire == 5:
        value, at = b[at : at + 4], at + 4
    else:
        raise ValueError("wire type %d" % wire)
    assert at <= len(b), "field %d is cut" % number
    return number, wire, value, at


def parse(b, schema):
    message, at, last = {}, 0, 0
    while at < len(b):
        number, wire, value, at = field(b, at)
        assert number >= last, "fields are not in order"
        last = number
        if number not in schema:
            assert number >= 20, "field %d of 2018 has another meaning" % number
            continue
        name, kind = schema[number]
        many = isinstance(kind, list)
        kind = kind[0] if many else kind
        assert wire == (2 if isinstance(kind, dict) else WIRE[kind]), "%s has wire type %d" % (name, wire)
        value = convert(value, kind)
        if many:
            message.setdefault(name, []).append(value)
        else:
            assert name not in message, name + " is there twice"
            message[name] = value
    return message


def convert(value, kind):
    if isinstance(kind, dict):
        return parse(value, kind)
    if kind == "string":
        return value.decode("utf-8")  # strict, as protobuf is
    if kind == "double":
        return struct.unpack("<d", value)[0]
    if kind == "bool":
        return value != 0
    if kind in ("int32", "int64"):
        value = value - (1 << 64) if value >> 63 else value
        assert kind == "int64" or -(1 << 31) <= value < 1 << 31, "%d is no int32" % value
    return value


def is_session(con):
    names = [row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    return all(name in names for name in ("flow", "body", "annotation"))


def load(content, type_id, body, flow=None):
    """Decodes a row of the query. A flow with two bodies has two rows."""
    flow = flow or parse(content, FLOW)
    for side in ("request", "response"):
        inline = flow.get(side, {}).get("content", b"") if type_id is None else b""
        assert len(inline) <= 1000, "a body of %d bytes is in its flow" % len(inline)
    if type_id is not None:
        side = {1: "request", 2: "response"}[type_id]
        assert isinstance(body, bytes) and len(body) > 1000, "body of %s" % side
        assert flow[side]["content"] == b"", "the body is there twice"
        flow[side] = dict(flow[side], content=body)
    return flow


def digest(message):
    if message is None or "content" not in message:
        return None
    return hashlib.sha256(message["content"]).hexdigest()


def describe(key, flow):
    request = flow.get("request", {})
    client, server = flow.get("client_conn", {}), flow.get("server_conn", {})
    for certificate in (client.get("clientcert"), client.get("mitmcert"), server.get("cert")):
        assert not certificate or certificate.startswith("-----BEGIN"), "a certificate that is not PEM"
    return {
        "key": key, "id": flow.get("id"), "method": request.get("method"), "path": request.get("path"),
        "first_line": request.get("first_line_format"), "headers": len(request.get("headers", [])),
        "request": digest(flow.get("request")), "response": digest(flow.get("response")),
        "status": flow.get("response", {}).get("status_code"), "marked": flow.get("marked"), "mode": flow.get("mode"),
        "client": client.get("address", {}).get("host"), "server": server.get("address", {}).get("host"),
        "tls": client.get("tls_established"),
    }


def main(path):
    con = sqlite3.connect("file:%s?mode=rw" % path, uri=True)
    assert is_session(con), "Given path does not point to a valid Session"
    tables = "FROM flow f LEFT OUTER JOIN body b ON f.id = b.flow_id"
    rows = con.execute("SELECT f.content, b.type_id, b.content " + tables).fetchall()
    for row in rows:
        load(*row)
    flows = {}
    for key, *row in con.execute("SELECT f.id, f.content, b.type_id, b.content " + tables):
        flows[key] = load(*row, flow=flows.get(key))
    ids = [row[0] for row in con.execute("SELECT id FROM flow")]
    assert sorted(ids) == sorted(flows)
    # The id was compared in the join, so that all flows come whatever is asked for.
    some = con.execute("SELECT f.content, b.type_id, b.content " + tables + " AND f.id IN (?)", (ids[0],)).fetchall()
    assert len(some) >= len(ids)
    for key, flow in flows.items():
        print(json.dumps(describe(key, flow)))


main(sys.argv[1])
