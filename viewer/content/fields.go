package content

// fields is a YAML map that grows by names and values, which must be valid
// UTF-8. The values of a name that comes again form a list, at the place of the
// first.
//
// mitmproxy forgets an empty value if another of its name follows.
type fields struct {
	yaml  *yamlValue
	place map[string]int // of the value of a name among the items
}

func newFields() *fields { return &fields{yaml: yamlMap(), place: map[string]int{}} }

// add takes any value but a list.
func (f *fields) add(name string, value *yamlValue) {
	i, known := f.place[name]
	if !known {
		f.place[name] = len(f.yaml.items) + 1
		f.yaml.add(name, value)
		return
	}
	if first := f.yaml.items[i]; first.kind != yamlIsList {
		f.yaml.items[i] = yamlList(first)
	}
	list := f.yaml.items[i]
	list.items = append(list.items, value)
}

func (f *fields) addText(name, value string) { f.add(name, yamlString(value)) }
