package mitm

import "flowpane/proto/flowpb"

func (d *decoder) dnsMessage(e element) *flowpb.DNSMessage {
	if e.absent() {
		return nil
	}
	m := new(flowpb.DNSMessage)
	var integral uint32
	p := d.pairs(e)
	for p.next() {
		switch v := p.value; string(p.key) {
		case "id":
			m.Id = d.int32(v)
		case "query":
			m.Query = d.bool(v)
		case "op_code":
			m.OpCode = d.int32(v)
		case "authoritative_answer":
			m.AuthoritativeAnswer = d.bool(v)
		case "truncation":
			m.Truncation = d.bool(v)
		case "recursion_desired":
			m.RecursionDesired = d.bool(v)
		case "recursion_available":
			m.RecursionAvailable = d.bool(v)
		case "reserved":
			m.Reserved = d.int32(v)
		case "response_code":
			m.ResponseCode = d.int32(v)
		case "questions":
			m.Questions = d.dnsQuestions(v)
		case "answers":
			m.Answers = d.dnsRecords(v)
		case "authorities":
			m.Authorities = d.dnsRecords(v)
		case "additionals":
			m.Additionals = d.dnsRecords(v)
		case "timestamp":
			m.Timestamp = d.time(v, &integral, 0)
		}
	}
	m.Integral = d.mask(integral)
	return m
}

func (d *decoder) dnsQuestions(e element) []*flowpb.DNSQuestion {
	var questions []*flowpb.DNSQuestion
	l := d.items(e)
	for l.next() {
		q := new(flowpb.DNSQuestion)
		p := d.pairs(l.value)
		for p.next() {
			switch v := p.value; string(p.key) {
			case "name":
				q.Name = d.data(v)
			case "type":
				q.Type = d.int32(v)
			case "class_":
				q.Class = d.int32(v)
			}
		}
		questions = append(questions, q)
	}
	return questions
}

func (d *decoder) dnsRecords(e element) []*flowpb.DNSRecord {
	var records []*flowpb.DNSRecord
	l := d.items(e)
	for l.next() {
		r := new(flowpb.DNSRecord)
		p := d.pairs(l.value)
		for p.next() {
			switch v := p.value; string(p.key) {
			case "name":
				r.Name = d.data(v)
			case "type":
				r.Type = d.int32(v)
			case "class_":
				r.Class = d.int32(v)
			case "ttl":
				r.Ttl = d.uint32(v)
			case "data":
				r.Data = d.data(v)
			}
		}
		records = append(records, r)
	}
	return records
}
