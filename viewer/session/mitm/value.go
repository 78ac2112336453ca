package mitm

import (
	"flowpane/proto/flowpb"
)

// value returns e as it is, whatever it is, in the order of the file. It is
// nil if e is not there, and a Value without anything for a null.
func (d *decoder) value(e element) *flowpb.Value {
	if e.tag == 0 {
		return nil
	}
	v := d.values.put(flowpb.Value{})
	switch e.tag {
	case tagNull:
	case tagBytes:
		v.Bytes = d.data(e)
	case tagText:
		v.Text = d.data(e)
	case tagInt:
		if !isInt(e.payload) {
			d.fail(errInt)
		}
		v.Integer = d.bytes.keep(e.payload)
	case tagFloat:
		v.Number, _ = d.number(e)
	case tagBool:
		v.Boolean = d.bool(e)
	case tagList:
		v.List = d.valueList(e)
	case tagDict:
		v.Dict = d.valueDict(e)
	default:
		d.fail(unknownTag(e.tag))
	}
	return v
}

func (d *decoder) valueList(e element) *flowpb.Value_List {
	list := new(flowpb.Value_List)
	if !d.enter() {
		return list
	}
	l := d.items(e)
	for l.next() {
		list.Items = append(list.Items, d.value(l.value))
	}
	d.depth--
	return list
}

// valueDict keeps keys that are not text, and repeated ones, which a map would
// lose.
func (d *decoder) valueDict(e element) *flowpb.Value_Dict {
	dict := d.dicts.put(flowpb.Value_Dict{})
	if !d.enter() {
		return dict
	}
	rest, offset := e.payload, e.offset
	var key, value element
	for len(rest) > 0 && d.err == nil {
		key, rest, offset = d.scan(rest, offset)
		if len(rest) == 0 {
			d.fail(errKey)
			break
		}
		value, rest, offset = d.scan(rest, offset)
		dict.Pairs = append(dict.Pairs, d.pairList.put(flowpb.Value_Pair{Key: d.value(key), Value: d.value(value)}))
	}
	d.depth--
	return dict
}

// enter counts a level of nesting, which the caller leaves by d.depth--. It
// fails at maxDepth.
func (d *decoder) enter() bool {
	if d.depth == maxDepth {
		d.fail(errDepth)
		return false
	}
	d.depth++
	return true
}

// lookup returns the value of a key in a metadata dict, nil if it has none.
// Where a key repeats, the last counts.
func lookup(v *flowpb.Value, key string) *flowpb.Value {
	var found *flowpb.Value
	if v == nil || v.Dict == nil {
		return nil
	}
	for _, p := range v.Dict.Pairs {
		if string(p.Key.Text) == key || string(p.Key.Bytes) == key {
			found = p.Value
		}
	}
	return found
}
