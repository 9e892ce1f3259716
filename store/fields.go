package store

import (
	"encoding/binary"
	"errors"
	"time"
)

// Values that are read and written all the time are not JSON but a list of numbered fields:
// the byte fieldsFormat, then for each field its number with what it is (uvarint: twice the
// number, plus one if it is text), then the number (varint) or the length of the text
// (uvarint) and the text. Fields that are zero are left out. Who reads skips the fields it
// does not know.
const fieldsFormat = 1

// fields is such a value, to be written in order of the numbers.
type fields []byte

func newFields() fields { return append(make(fields, 0, 256), fieldsFormat) }

func (f *fields) number(field uint64, n int64) {
	if n != 0 {
		*f = binary.AppendVarint(binary.AppendUvarint(*f, field<<1), n)
	}
}

func (f *fields) flag(field uint64, on bool) {
	if on {
		f.number(field, 1)
	}
}

func (f *fields) text(field uint64, s string) {
	if s != "" {
		*f = binary.AppendUvarint(binary.AppendUvarint(*f, field<<1|1), uint64(len(s)))
		*f = append(*f, s...)
	}
}

// time writes a time as a text of two numbers, seconds since 1970 and nanoseconds.
func (f *fields) time(field uint64, t time.Time) {
	if !t.IsZero() {
		var both [2 * binary.MaxVarintLen64]byte
		n := binary.PutVarint(both[:], t.Unix())
		n += binary.PutUvarint(both[n:], uint64(t.Nanosecond()))
		f.text(field, string(both[:n]))
	}
}

// field is one field of a value: a number, or a text.
type field struct {
	id     uint64
	number int64
	text   string
}

var errFields = errors.New("not a list of fields")

// read gives the fields of a value to take, until it has enough.
func readFields(raw []byte, take func(field) (more bool)) error {
	if len(raw) == 0 || raw[0] != fieldsFormat {
		return errFields
	}
	all := string(raw) // its texts are parts of one
	for at := 1; at < len(raw); {
		head, n := binary.Uvarint(raw[at:])
		if at += n; n <= 0 {
			return errFields
		}
		f := field{id: head >> 1}
		if head&1 == 0 {
			f.number, n = binary.Varint(raw[at:])
			if at += n; n <= 0 {
				return errFields
			}
		} else {
			length, n := binary.Uvarint(raw[at:])
			if at += n; n <= 0 || length > uint64(len(raw)-at) {
				return errFields
			}
			f.text = all[at : at+int(length)]
			at += int(length)
		}
		if !take(f) {
			return nil
		}
	}
	return nil
}

// time reads what fields.time wrote; zero if it is damaged.
func (f field) time() time.Time {
	raw := []byte(f.text)
	seconds, n := binary.Varint(raw)
	if n <= 0 {
		return time.Time{}
	}
	nanos, m := binary.Uvarint(raw[n:])
	if m <= 0 || nanos >= uint64(time.Second) {
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}
