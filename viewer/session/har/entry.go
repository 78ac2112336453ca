package har

import (
	"strconv"

	"flowpane/proto/flowpb"
)

// entry returns the flow of the entry that is next, in f, nil if there is
// nothing of one in it.
func (d *decoder) entry(f *frame) *flowpb.Flow {
	d.depth, d.again = 0, false
	d.server.reset()
	extra, ok := d.object("", func(key []byte) outcome {
		if d.firstKey == "" {
			d.firstKey = string(key)
		}
		return d.entryMember(f, key)
	})
	if !ok {
		d.skip()
	}
	switch {
	case d.err != nil:
		return nil
	case !ok:
		d.issue("it is " + typeOf(d.skipped) + ", not an object")
		return nil
	}
	f.har.Extra = d.keep(extra)
	switch {
	case f.flow.Request == nil && f.flow.Response == nil:
		d.issue("it has neither a request nor a response, and is not shown")
		return nil
	case f.flow.Request == nil:
		d.issue("request: there is none")
	}
	if !f.times() && f.har.Started != nil {
		d.issue("startedDateTime: " + strconv.Quote(string(f.har.Started[:min(len(f.har.Started), 40)])) + " is no time")
	}
	f.flow.ServerConn = d.server.connection(f)
	return &f.flow
}

func (d *decoder) entryMember(f *frame, key []byte) outcome {
	switch string(key) {
	case "request":
		return d.request(f)
	case "response":
		return d.response(f)
	case "startedDateTime":
		return d.string(&f.har.Started)
	case "time":
		return d.elapsed(f, key)
	case "timings":
		return d.timings(f)
	case "pageref":
		return d.string(&f.har.Pageref)
	case "serverIPAddress":
		return d.string(&f.har.ServerIpAddress)
	case "connection":
		return d.string(&f.har.Connection)
	case "comment":
		return d.string(&f.flow.Comment)
	case "cache":
		return d.json(key, &f.har.Cache)
	case "_initiator":
		return d.json(key, &f.har.Initiator)
	case "_priority":
		return d.json(key, &f.har.Priority)
	case "_resourceType":
		return d.json(key, &f.har.ResourceType)
	case "_flowId":
		return d.string(&f.flow.Id)
	case "_webSocketMessages":
		return d.messages(f)
	}
	return d.dialect(f, key)
}

// dialect reads members of single producers, which stay.
func (d *decoder) dialect(f *frame, key []byte) outcome {
	switch string(key) {
	case "_webSocketClose":
		d.webSocketClose(f, d.stay(key))
	case "_serverPort":
		d.server.peer.Port = port(d.stay(key))
	case "_securityDetails":
		d.securityDetails(d.stay(key))
	case "_clientAddress":
		if text, ok := d.textOf(d.stay(key)); ok {
			f.client().Host = d.keep(text)
		}
	case "_clientPort":
		if n := port(d.stay(key)); n != nil {
			f.client().Port = n
		}
	case "_error", "_failureText":
		d.failure(f, d.stay(key))
	default:
		return stays
	}
	return done
}

func port(value []byte) *int32 {
	n, ok := smallInt(value)
	if !ok || n > 65535 {
		return nil
	}
	return new(int32(n))
}

// elapsed moves the time that an entry took. A negative one says that it is
// unknown.
func (d *decoder) elapsed(f *frame, key []byte) outcome {
	n, word, ok := d.number()
	switch {
	case !ok:
		return odd
	case n >= 0:
		d.again = f.har.Time != nil
		f.har.Time = f.number(n)
	default:
		d.rests[d.depth-1].add(key, word)
	}
	return done
}

func (d *decoder) timings(f *frame) outcome {
	t := &f.timings
	again := f.har.Timings != nil && d.is('{')
	if again {
		*t = flowpb.HAR_Timings{}
	}
	left, ok := d.object("timings.", func(key []byte) outcome {
		switch string(key) {
		case "blocked":
			return d.duration(f, &t.Blocked)
		case "dns":
			return d.duration(f, &t.Dns)
		case "connect":
			return d.duration(f, &t.Connect)
		case "ssl":
			return d.duration(f, &t.Ssl)
		case "send":
			return d.duration(f, &t.Send)
		case "wait":
			return d.duration(f, &t.Wait)
		case "receive":
			return d.duration(f, &t.Receive)
		}
		return stays
	})
	if !ok {
		return odd
	}
	f.har.Timings, d.again = t, again
	d.leave("timings", left)
	return done
}

// duration moves a number; a negative one says that it is unknown.
func (d *decoder) duration(f *frame, to **float64) outcome {
	n, _, ok := d.number()
	if !ok {
		return odd
	}
	d.again = *to != nil
	if *to = nil; n >= 0 {
		*to = f.number(n)
	}
	return done
}

// securityDetails reads what browsers say of TLS.
func (d *decoder) securityDetails(details []byte) {
	d.members(details, func(key string, value []byte) {
		d.server.tls.TlsEstablished = new(true)
		if text, ok := d.textOf(value); ok && key == "protocol" {
			d.server.tls.TlsVersion = d.keep(text)
		}
	})
}

// failure reads why there is no response: a text, or an object with one.
func (d *decoder) failure(f *frame, value []byte) {
	if text, ok := d.textOf(value); ok && len(text) > 0 {
		f.flow.Error = &flowpb.Error{Msg: d.keep(text)}
	}
	d.members(value, func(key string, value []byte) {
		if text, ok := d.textOf(value); ok && key == "message" {
			f.flow.Error = &flowpb.Error{Msg: d.keep(text)}
		}
	})
}
