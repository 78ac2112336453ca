package pbstream

import (
	"google.golang.org/protobuf/encoding/protowire"
)

// The wire types of the fields of the messages that a Flow begins with, by
// field number: v varint, d double or float, b length-delimited, a space where
// there is no such field.
const (
	flowTypes     = " mmmmmvvbb          vbbbmmdmmmmvvvvmvvmv"
	requestTypes  = " bbbbvbbmbddv       bmmv"
	responseTypes = " bvbmbddv           mmv"
	errorTypes    = " bd"
	clientTypes   = " bmvbbdddbbbbm      mbm"
	serverTypes   = " bmmmvbbbbddddm     mmb"
)

// maxLook is how many fields of a message are looked at.
const maxLook = 64

// manyFields is how many fields a message has that is a Flow whatever they say:
// methods and ids need not be words.
const manyFields = 6

// look returns nil if b looks like a Flow: all of it if it is whole, else the
// beginning of one.
func look(b []byte, whole bool) error {
	var request, id bool
	fields := 0
	err := walk(b, flowTypes, whole, func(field protowire.Number, data []byte, whole bool) error {
		fields++
		switch field {
		case 1:
			var err error
			request, err = lookRequest(data, whole)
			return err
		case 2:
			return walk(data, responseTypes, whole, nil)
		case 3:
			return walk(data, errorTypes, whole, nil)
		case 4:
			return walk(data, clientTypes, whole, nil)
		case 5:
			return walk(data, serverTypes, whole, nil)
		case 9:
			id = isWord(data, 64)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case request, id && fields > 1, fields >= manyFields:
		return nil
	}
	return errSayless
}

// lookRequest reports whether b has a method, and an address of some kind.
func lookRequest(b []byte, whole bool) (bool, error) {
	var method, address bool
	err := walk(b, requestTypes, whole, func(field protowire.Number, data []byte, _ bool) error {
		switch field {
		case 2:
			method = isWord(data, 32)
		case 3, 4, 6, 20:
			address = address || len(data) > 0
		}
		return nil
	})
	return method && address, err
}

// isWord reports whether b has from 1 to most characters of ASCII that are to
// be seen.
func isWord(b []byte, most int) bool {
	for _, c := range b {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= most
}

// walk calls visit with the fields of a message, of which b is the beginning
// unless it is whole, as far as maxLook. It fails at a field that types does
// not have.
func walk(b []byte, types string, whole bool, visit func(field protowire.Number, data []byte, whole bool) error) error {
	for n := 0; len(b) > 0 && n < maxLook; n++ {
		field, typ, size := protowire.ConsumeTag(b)
		if size < 0 {
			return cutAt(b, whole)
		}
		if !hasType(types, field, typ) {
			return errNoFlow
		}
		b = b[size:]
		var data []byte
		complete := true
		if typ == protowire.BytesType {
			length, size := protowire.ConsumeVarint(b)
			if size < 0 {
				return cutAt(b, whole)
			}
			data = b[size:]
			if complete = length <= uint64(len(data)); !complete && whole {
				return errNoFlow
			}
			data = data[:min(length, uint64(len(data)))]
			b = b[size+len(data):]
		} else if size := protowire.ConsumeFieldValue(field, typ, b); size >= 0 {
			b = b[size:]
		} else {
			return cutAt(b, whole)
		}
		if visit == nil {
			continue
		}
		if err := visit(field, data, complete); err != nil {
			return err
		}
	}
	return nil
}

// cutAt returns the error for b, which is no field: none if it may be the
// beginning of one.
func cutAt(b []byte, whole bool) error {
	if whole || len(b) >= protowire.SizeVarint(1<<63) {
		return errNoFlow
	}
	return nil
}

func hasType(types string, field protowire.Number, typ protowire.Type) bool {
	if int(field) >= len(types) {
		return false
	}
	switch types[field] {
	case 'v':
		return typ == protowire.VarintType
	case 'd':
		return typ == protowire.Fixed64Type || typ == protowire.Fixed32Type
	case 'b', 'm':
		return typ == protowire.BytesType
	}
	return false
}
