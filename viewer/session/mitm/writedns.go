package mitm

import "flowpane/proto/flowpb"

// orQuery returns m, or what stands for a request that is missing.
func orQuery(m *flowpb.DNSMessage) *flowpb.DNSMessage {
	if m == nil {
		return &flowpb.DNSMessage{Query: new(true)}
	}
	return m
}

func (w *writer) dnsMessage(key string, m *flowpb.DNSMessage) {
	if m == nil {
		w.null(key)
		return
	}
	end := w.open(tagDict)
	w.int("id", int64(m.GetId()))
	w.bool("query", m.GetQuery())
	w.int("op_code", int64(m.GetOpCode()))
	w.bool("authoritative_answer", m.GetAuthoritativeAnswer())
	w.bool("truncation", m.GetTruncation())
	w.bool("recursion_desired", m.GetRecursionDesired())
	w.bool("recursion_available", m.GetRecursionAvailable())
	w.int("reserved", int64(m.GetReserved()))
	w.int("response_code", int64(m.GetResponseCode()))
	w.dnsQuestions(m.Questions)
	w.dnsRecords("answers", m.Answers)
	w.dnsRecords("authorities", m.Authorities)
	w.dnsRecords("additionals", m.Additionals)
	w.time("timestamp", m.Timestamp, m.GetIntegral()&1 != 0)
	w.close(key, end)
}

func (w *writer) dnsQuestions(questions []*flowpb.DNSQuestion) {
	w.list("questions", len(questions), func(i int) {
		q := questions[i]
		end := w.open(tagDict)
		w.text("name", q.Name)
		w.int("type", int64(q.GetType()))
		w.int("class_", int64(q.GetClass()))
		w.close(noKey, end)
	})
}

func (w *writer) dnsRecords(key string, records []*flowpb.DNSRecord) {
	w.list(key, len(records), func(i int) {
		r := records[i]
		end := w.open(tagDict)
		w.text("name", r.Name)
		w.int("type", int64(r.GetType()))
		w.int("class_", int64(r.GetClass()))
		w.int("ttl", int64(r.GetTtl()))
		w.bytes("data", r.Data)
		w.close(noKey, end)
	})
}
