package har

import "bytes"

// An object is a JSON object that is being written. What it is to have besides
// what is put into it is what stayed of the object that was read.
type object struct {
	w       *writer
	spec    []property
	stayed  []member
	written uint32 // bit i: that of spec[i]
	some    bool   // it has a member
}

// object begins an object. What stayed is a JSON object, or nothing.
func (w *writer) object(spec []property, stayed []byte) *object {
	w.b = append(w.b, '{')
	return &object{w: w, spec: spec, stayed: members(stayed)}
}

// end writes what stayed and what is required, and ends the object. So that
// the object is valid, a member of the wrong type is written under its name
// with an underscore, and null is left out.
func (o *object) end() {
	for i := range o.stayed {
		m := &o.stayed[i]
		p := o.property(string(m.key))
		switch {
		case m.passed:
		case p == nil:
			o.raw(string(m.key), m.value)
		case !o.has(p) && p.fits(m.value):
			o.put(p, m.value)
		case string(m.value) != "null":
			o.raw("_"+p.name, m.value)
		}
	}
	for i := range o.spec {
		if p := &o.spec[i]; p.required && !o.has(p) {
			o.missing(p)
		}
	}
	o.w.b = append(o.w.b, '}')
}

// missing writes that a property is not known.
func (o *object) missing(p *property) {
	o.key(p.name)
	b := &o.w.b
	switch p.kind {
	case aNumber, anInteger:
		if p.unknown != "" {
			*b = append(*b, p.unknown...)
		} else {
			*b = append(*b, "-1"...)
		}
	case aDate:
		*b = append(append(append(*b, '"'), epoch...), '"')
	case anObject:
		o.w.object(p.of, nil).end()
	case aList:
		*b = append(*b, "[]"...)
	default:
		*b = append(*b, `""`...)
	}
}

// property returns what the specification says of a name, or nil.
func (o *object) property(name string) *property {
	for i := range o.spec {
		if o.spec[i].name == name {
			return &o.spec[i]
		}
	}
	return nil
}

// has reports whether p was written.
func (o *object) has(p *property) bool {
	for i := range o.spec {
		if p == &o.spec[i] {
			return o.written>>i&1 == 1
		}
	}
	return false
}

// key begins a member. The name is as JSON has it.
func (o *object) key(name string) {
	for i := range o.spec {
		if o.spec[i].name == name {
			o.written |= 1 << i
		}
	}
	b := o.w.b
	if o.some {
		b = append(b, ',')
	}
	o.some = true
	o.w.b = append(appendJSON(append(b, '"'), []byte(name)), '"', ':')
}

// text writes a string, which is absent if it is nil.
func (o *object) text(name string, s []byte) {
	if s != nil {
		o.key(name)
		o.w.b = appendQuoted(o.w.b, s)
	}
}

// moved writes a property that moved into the flow; if it is absent, what
// stayed of that name, or that it is not known if it is required.
func (o *object) moved(name string, s []byte) {
	if s == nil {
		o.settle(name)
	} else {
		o.text(name, s)
	}
}

// settle writes the property of that name that stayed, or that it is not known
// if it is required.
func (o *object) settle(name string) {
	if p := o.property(name); !o.given(name) && p.required {
		o.missing(p)
	}
}

// number writes a number. One that is not finite is not known.
func (o *object) number(name string, f float64) {
	if !finite(f) {
		return
	}
	o.key(name)
	o.w.b = appendNumber(o.w.b, f)
}

// raw writes JSON, which is absent if it is nil.
func (o *object) raw(name string, value []byte) {
	if value != nil {
		o.key(name)
		o.w.b = appendJSON(o.w.b, value)
	}
}

// put writes a value that fits, so that all that is in it is valid.
func (o *object) put(p *property, value []byte) {
	switch {
	case p.of == nil, value[0] == 'n':
		o.raw(p.name, value)
	case p.kind == aList:
		o.key(p.name)
		all, _ := items(value)
		o.w.list(len(all), func(i int) { o.w.object(p.of, all[i]).end() })
	default:
		o.key(p.name)
		o.w.object(p.of, value).end()
	}
}

// list writes a list of n items.
func (w *writer) list(n int, item func(i int)) {
	w.b = append(w.b, '[')
	for i := range n {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		item(i)
	}
	w.b = append(w.b, ']')
}

// adopt makes JSON that was kept apart one of the members that stayed. What is
// no JSON is left out.
func (o *object) adopt(name string, value []byte) {
	if value = bytes.TrimSpace(value); isJSON(value) {
		o.stayed = append(o.stayed, member{key: []byte(name), value: value})
	}
}

// find returns the member of that name that stayed, or nil.
func (o *object) find(name string) *member {
	for i := range o.stayed {
		if m := &o.stayed[i]; string(m.key) == name && !m.passed {
			return m
		}
	}
	return nil
}

// given writes the property of that name if it stayed, and fits, and reports
// whether it did.
func (o *object) given(name string) bool {
	m, p := o.find(name), o.property(name)
	if m == nil || p == nil || !p.fits(m.value) {
		return false
	}
	m.passed = true
	o.put(p, m.value)
	return true
}

// take returns the object of that name that stayed, to be written with what
// moved out of it, or nil.
func (o *object) take(name string) []byte {
	if m := o.find(name); m != nil && m.value[0] == '{' {
		m.passed = true
		return m.value
	}
	return nil
}

// drop leaves out the member of that name that stayed.
func (o *object) drop(name string) {
	if m := o.find(name); m != nil {
		m.passed = true
	}
}
