package scanner

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"
)

// Items on their way through a temporary run are written by the fields of their
// type, as far as JSON would write them (exported, and not tagged "-"), in
// binary: what is written is read again by the same process, moments later, and
// JSON took most of the time of concluding. What comes back is what went in, nil
// and empty told apart. Types are looked at when a run is opened, and a new field
// needs no mention here.
//
// Supported are structs, strings, integers, booleans, time.Time (in UTC), and
// pointers to, slices of and maps by string of these.
type runCodec struct {
	codec
	buf []byte
}

// A codec appends a value, and takes it off again.
type codec struct {
	put func(dst []byte, v reflect.Value) []byte
	get func(src *runSource, v reflect.Value)
}

// A runSource is one item while it is read.
type runSource struct {
	buf   []byte
	short bool // more was asked for than there is
	names *runNames
}

// Names of rules, actors and places come again and again: one copy of each that
// was met lately is enough.
type runNames [1 << nameBits]string

const (
	nameBits = 12
	maxName  = 192 // bytes: the path of a request to the Docker API holds an id
)

func newRunCodec[T any]() *runCodec {
	return &runCodec{codec: codecOf(reflect.TypeFor[T]())}
}

// write writes an item with its length in front.
func (c *runCodec) write(w *bufio.Writer, item any) error {
	c.buf = c.put(c.buf[:0], reflect.ValueOf(item).Elem())
	var head [binary.MaxVarintLen64]byte
	if _, err := w.Write(binary.AppendUvarint(head[:0], uint64(len(c.buf)))); err != nil {
		return err
	}
	_, err := w.Write(c.buf)
	return err
}

// read reads an item into what item points to, which is zero; io.EOF where there
// is none.
func (c *runCodec) read(r *bufio.Reader, src *runSource, item any) error {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return err
	}
	if uint64(cap(c.buf)) < n {
		c.buf = make([]byte, n)
	}
	src.buf, src.short = c.buf[:n], false
	if _, err := io.ReadFull(r, src.buf); err != nil {
		return fmt.Errorf("the item is cut: %w", err)
	}
	c.get(src, reflect.ValueOf(item).Elem())
	if src.short || len(src.buf) > 0 {
		return errors.New("the item is not as it was written")
	}
	return nil
}

func (s *runSource) uvarint() uint64 {
	x, n := binary.Uvarint(s.buf)
	if n <= 0 {
		s.short, s.buf = true, nil
		return 0
	}
	s.buf = s.buf[n:]
	return x
}

func (s *runSource) varint() int64 {
	x := s.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

// length is the length of what has one, and whether it is there at all.
func (s *runSource) length() (n int, there bool) {
	x := s.uvarint()
	if x == 0 || x > uint64(len(s.buf))+1 { // everything takes a byte at least
		s.short = s.short || x > 0
		return 0, false
	}
	return int(x - 1), true
}

func (s *runSource) bytes(n int) []byte {
	if n > len(s.buf) {
		s.short, s.buf = true, nil
		return nil
	}
	b := s.buf[:n]
	s.buf = s.buf[n:]
	return b
}

func (s *runSource) text() string {
	b := s.bytes(int(min(s.uvarint(), 1<<40)))
	if len(b) > maxName || len(b) == 0 {
		return string(b)
	}
	h := uint64(len(b))
	for _, c := range b {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	name := &s.names[h>>(64-nameBits)]
	if *name != string(b) {
		*name = string(b)
	}
	return *name
}

var timeType = reflect.TypeFor[time.Time]()

// codecOf panics on a type that it does not know: items are ours.
func codecOf(t reflect.Type) codec {
	if t == timeType {
		return codec{putTime, getTime}
	}
	switch t.Kind() {
	case reflect.Bool:
		return codec{
			func(dst []byte, v reflect.Value) []byte { return append(dst, b2i(v.Bool())) },
			func(s *runSource, v reflect.Value) { v.SetBool(s.uvarint() == 1) },
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return codec{
			func(dst []byte, v reflect.Value) []byte { return binary.AppendVarint(dst, v.Int()) },
			func(s *runSource, v reflect.Value) { v.SetInt(s.varint()) },
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return codec{
			func(dst []byte, v reflect.Value) []byte { return binary.AppendUvarint(dst, v.Uint()) },
			func(s *runSource, v reflect.Value) { v.SetUint(s.uvarint()) },
		}
	case reflect.String:
		return codec{
			func(dst []byte, v reflect.Value) []byte {
				return append(binary.AppendUvarint(dst, uint64(v.Len())), v.String()...)
			},
			func(s *runSource, v reflect.Value) { v.SetString(s.text()) },
		}
	case reflect.Struct:
		return structCodec(t)
	case reflect.Pointer:
		return pointerCodec(t)
	case reflect.Slice:
		return sliceCodec(t)
	case reflect.Map:
		return mapCodec(t)
	}
	panic("scanner: items of temporary runs cannot have a " + t.String())
}

func b2i(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func putTime(dst []byte, v reflect.Value) []byte {
	t := v.Interface().(time.Time)
	if t.IsZero() {
		return append(dst, 0)
	}
	return binary.AppendVarint(binary.AppendUvarint(dst, uint64(t.Nanosecond())+1), t.Unix())
}

func getTime(s *runSource, v reflect.Value) {
	if nanos := s.uvarint(); nanos > 0 {
		v.Set(reflect.ValueOf(time.Unix(s.varint(), int64(nanos-1)).UTC()))
	}
}

func structCodec(t reflect.Type) codec {
	type member struct {
		codec
		at int
	}
	var members []member
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
			members = append(members, member{codecOf(f.Type), i})
		}
	}
	return codec{
		func(dst []byte, v reflect.Value) []byte {
			for i := range members {
				dst = members[i].put(dst, v.Field(members[i].at))
			}
			return dst
		},
		func(s *runSource, v reflect.Value) {
			for i := range members {
				members[i].get(s, v.Field(members[i].at))
			}
		},
	}
}

func pointerCodec(t reflect.Type) codec {
	to := codecOf(t.Elem())
	return codec{
		func(dst []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(dst, 0)
			}
			return to.put(append(dst, 1), v.Elem())
		},
		func(s *runSource, v reflect.Value) {
			if s.uvarint() == 1 {
				v.Set(reflect.New(t.Elem()))
				to.get(s, v.Elem())
			}
		},
	}
}

func sliceCodec(t reflect.Type) codec {
	of := codecOf(t.Elem())
	return codec{
		func(dst []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(dst, 0)
			}
			dst = binary.AppendUvarint(dst, uint64(v.Len())+1)
			if t.Elem().Kind() == reflect.Uint8 {
				return append(dst, v.Bytes()...)
			}
			for i := range v.Len() {
				dst = of.put(dst, v.Index(i))
			}
			return dst
		},
		func(s *runSource, v reflect.Value) {
			n, there := s.length()
			if !there {
				return
			}
			v.Set(reflect.MakeSlice(t, n, n))
			if t.Elem().Kind() == reflect.Uint8 {
				copy(v.Bytes(), s.bytes(n))
				return
			}
			for i := range n {
				of.get(s, v.Index(i))
			}
		},
	}
}

func mapCodec(t reflect.Type) codec {
	key, value := codecOf(t.Key()), codecOf(t.Elem())
	return codec{
		func(dst []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(dst, 0)
			}
			dst = binary.AppendUvarint(dst, uint64(v.Len())+1)
			for it := v.MapRange(); it.Next(); {
				dst = value.put(key.put(dst, it.Key()), it.Value())
			}
			return dst
		},
		func(s *runSource, v reflect.Value) {
			n, there := s.length()
			if !there {
				return
			}
			m := reflect.MakeMapWithSize(t, n)
			for range n {
				k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
				key.get(s, k)
				value.get(s, x)
				m.SetMapIndex(k, x)
			}
			v.Set(m)
		},
	}
}
