package store

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// TestSourceFields: every field of a source is stored, those too that somebody adds.
func TestSourceFields(t *testing.T) {
	src := testSource(1)
	fill(t, reflect.ValueOf(&src).Elem())
	for _, want := range []digest.Source{src, {ID: src.ID}} {
		got, err := decodeSource(sourceKey(src.ID), encodeSource(want))
		want.ID = src.ID
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
	}
}

// fill gives all fields a value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch at := v.Addr().Interface().(type) {
	case *digest.SourceID:
		return
	case *time.Time:
		*at = time.Date(1969, 5, 4, 3, 2, 1, 123456789, time.UTC)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.String:
		v.SetString("some text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(-1 << 40)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(255)
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}

// TestFieldsSkipWhatIsUnknown: a value may have fields that a later program has added.
func TestFieldsSkipWhatIsUnknown(t *testing.T) {
	f := newFields()
	f.text(sourceURL, "https://a.example/feed")
	f.number(1000, 7)
	f.text(1001, "x")
	f.flag(sourcePaused, true)
	src, err := decodeSource(sourceKey("a"), f)
	want := digest.Source{ID: "a", URL: "https://a.example/feed", Fetch: digest.Fetch{Paused: true}}
	if d := cmp.Diff(want, src); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// FuzzFields: no bytes make reading fail otherwise than with an error, and what was read is
// written the same.
func FuzzFields(f *testing.F) {
	full := testSource(1)
	full.Fetch = digest.Fetch{ETag: "x", Next: time.Unix(1, 2), Failures: 3, Moved: "y"}
	f.Add(encodeSource(full))
	f.Add([]byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		src, err := decodeSource(sourceKey("a"), raw)
		if err != nil {
			return
		}
		once := encodeSource(src)
		again, err := decodeSource(sourceKey("a"), once)
		if err != nil || !bytes.Equal(once, encodeSource(again)) {
			t.Errorf("%v: %x became %x", err, once, encodeSource(again))
		}
	})
}
