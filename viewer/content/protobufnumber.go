package content

import (
	"math"
	"strconv"
	"strings"
)

// A numberForm is one way to read the bits of a number.
type numberForm struct{ name, text string }

// numberYAML returns a number in its shortest form, and the others in a
// comment.
func (f *protobufField) numberYAML() *yamlValue {
	v := &yamlValue{}
	var forms []numberForm
	switch f.wire {
	case wireFixed32:
		v.tag = "!fixed32"
		forms = fixedForms(f.value, 32)
	case wireFixed64:
		v.tag = "!fixed64"
		forms = fixedForms(f.value, 64)
	default:
		forms = varintForms(f.value)
	}
	main := 0
	for i, form := range forms {
		if len(form.text) < len(forms[main].text) && !strings.HasPrefix(form.name, "!") {
			main = i
		}
	}
	v.text = forms[main].text
	for i, form := range forms {
		if i == main {
			continue
		}
		if v.comment != "" {
			v.comment += ", "
		}
		v.comment += form.name + ": " + form.text
	}
	return v
}

// varintForms: where the highest bit is set the number may be negative, and
// else zigzag may have been used for one.
func varintForms(n uint64) []numberForm {
	forms := []numberForm{{"u64", strconv.FormatUint(n, 10)}}
	if int64(n) < 0 {
		return append(forms, numberForm{"i64", strconv.FormatInt(int64(n), 10)})
	}
	return append(forms, numberForm{"!sint", strconv.FormatInt(unzigzag(n), 10)})
}

// unzigzag returns the number that zigzag encodes as n.
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// fixedForms: a float that would be next to zero, infinite or no number is
// none.
func fixedForms(n uint64, bits int) []numberForm {
	size := strconv.Itoa(bits)
	float, signed := math.Float64frombits(n), int64(n)
	if bits == 32 {
		float, signed = float64(math.Float32frombits(uint32(n))), int64(int32(n))
	}
	forms := []numberForm{{"u" + size, strconv.FormatUint(n, 10)}}
	if magnitude := math.Abs(float); magnitude > 1e-7 && !math.IsInf(float, 0) {
		text := strconv.FormatFloat(float, 'f', -1, bits)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		forms = append(forms, numberForm{"f" + size, text})
	}
	if signed < 0 {
		forms = append(forms, numberForm{"i" + size, strconv.FormatInt(signed, 10)})
	}
	return forms
}
