package store

import (
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Values that are read and written all the time are not JSON but messages in the wire format
// of protocol buffers: `protoc --decode_raw` shows one. Fields that are zero are left out.
// Who reads skips the fields it does not know.

// fields is such a value, to be written in order of the numbers.
type fields []byte

func newFields() fields { return make(fields, 0, 256) }

func (f *fields) number(field protowire.Number, n int64) {
	if n != 0 {
		*f = protowire.AppendVarint(protowire.AppendTag(*f, field, protowire.VarintType), uint64(n))
	}
}

func (f *fields) flag(field protowire.Number, on bool) {
	if on {
		f.number(field, 1)
	}
}

func (f *fields) text(field protowire.Number, s string) {
	if s != "" {
		*f = protowire.AppendString(protowire.AppendTag(*f, field, protowire.BytesType), s)
	}
}

// A time is a message of its own, as google.protobuf.Timestamp is.
const (
	timeSeconds protowire.Number = iota + 1 // since 1970
	timeNanos
)

func (f *fields) time(field protowire.Number, t time.Time) {
	if !t.IsZero() {
		both := fields(make([]byte, 0, 16))
		both.number(timeSeconds, t.Unix())
		both.number(timeNanos, int64(t.Nanosecond()))
		*f = protowire.AppendBytes(protowire.AppendTag(*f, field, protowire.BytesType), both)
	}
}

// field is one field of a value: a number, or a text.
type field struct {
	id     protowire.Number
	number int64
	text   string
}

// readFields gives the fields of a value to take, until it has enough.
func readFields(raw []byte, take func(field) (more bool)) error {
	all := string(raw) // its texts are parts of one
	for at := 0; at < len(raw); {
		id, kind, n := protowire.ConsumeTag(raw[at:])
		if n < 0 {
			return protowire.ParseError(n)
		}
		at += n
		f := field{id: id}
		switch kind {
		case protowire.VarintType:
			var number uint64
			number, n = protowire.ConsumeVarint(raw[at:])
			f.number = int64(number)
		case protowire.BytesType:
			var text []byte
			if text, n = protowire.ConsumeBytes(raw[at:]); n >= 0 {
				f.text = all[at+n-len(text) : at+n]
			}
		default:
			n = protowire.ConsumeFieldValue(id, kind, raw[at:])
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		if at += n; !take(f) {
			return nil
		}
	}
	return nil
}

// time is what fields.time wrote.
func (f field) time() time.Time {
	var seconds, nanos int64
	err := readFields([]byte(f.text), func(part field) bool {
		switch part.id {
		case timeSeconds:
			seconds = part.number
		case timeNanos:
			nanos = part.number
		}
		return true
	})
	if err != nil || nanos < 0 || nanos >= int64(time.Second) {
		return time.Time{} // it is damaged
	}
	return time.Unix(seconds, nanos).UTC()
}
