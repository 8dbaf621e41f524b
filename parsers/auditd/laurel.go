package auditd

import (
	"bytes"

	"tideline/parsers/internal/jsonfields"
)

// readLaurel reads an event of laurel (man laurel-about(7)): one object with a
// member per record type, and lists of arguments already put together.
func readLaurel(b *builder) error {
	id := b.top.Get("ID").Text()
	s, _ := parseStamp(id)
	if s.has&hasTime == 0 {
		return nil
	}
	if err := b.open(s, textOf(b.top.Get("NODE")), false); err != nil {
		return err
	}
	for key, m := range b.top.Members {
		switch {
		case string(key) == "ID", string(key) == "NODE":
		case string(key) == "CONTAINER_INFO", string(key) == "PARENT_INFO":
			// Said of the SYSCALL record below.
		case m.Kind() == jsonfields.Array:
			for one := range m.Items {
				b.laurelRecord(key, one)
			}
		default:
			b.laurelRecord(key, m)
		}
	}
	return nil
}

func textOf(v jsonfields.Value) []byte {
	if v.Kind() != jsonfields.String {
		return nil
	}
	return v.Text()
}

// laurelRecord adds one record.
func (b *builder) laurelRecord(kind []byte, v jsonfields.Value) {
	if v.Kind() != jsonfields.Object {
		return
	}
	r := b.record(bytes.Clone(kind))
	number := r.number
	for key, m := range v.Members {
		b.laurelField(number, string(key), m)
	}
	if number != typeSyscall {
		return
	}
	b.some("container.id", b.top.Get("CONTAINER_INFO").Get("ID"))
	parent := b.top.Get("PARENT_INFO")
	b.some("parent.comm", parent.Get("comm"))
	b.some("parent.exe", parent.Get("exe"))
}

// laurelField adds one field, in the names and spellings of the raw record.
func (b *builder) laurelField(kind rectype, key string, v jsonfields.Value) {
	switch {
	case key == "ARGV" && kind == typeProctitle:
		b.set("proctitle", bytes.Join(b.percent(v), []byte{' '}))
	case key == "ARGV" && kind == typeSyscall:
		for i, a := range texts(v) {
			b.set(string([]byte{'a', '0' + byte(i%10)}), bytes.TrimPrefix(a, []byte("0x")))
		}
	case key == "ARGV":
		b.arguments(b.percent(v))
	case key == "ARGV_STR":
		b.arguments(splitArguments(v.Text()))
	case key == "SADDR" && v.Kind() == jsonfields.Object:
		b.set("saddr", socketText(v))
	case key == "PID" && v.Kind() == jsonfields.Object:
		container := v.Get("container")
		b.some("container.id", container.Get("id"))
		b.some("container.name", container.Get("name"))
		b.some("container.image", container.Get("image"))
	case key == "PPID" && v.Kind() == jsonfields.Object:
		b.some("parent.comm", v.Get("comm"))
		b.some("parent.exe", v.Get("exe"))
	case key == "msg" && v.Kind() == jsonfields.String:
		b.nested(unpercent(v.Text()))
	case key == "arch":
		b.set(key, bytes.TrimPrefix(v.Text(), []byte("0x")))
	case v.Kind() == jsonfields.Null:
		b.set(key, []byte("(null)"))
	case v.Kind() == jsonfields.Array:
		for m := range v.Items {
			b.set(key, unpercent(m.Text()))
		}
	case v.Kind() == jsonfields.Object:
		b.set(key, v.Text())
	default:
		b.set(key, unpercent(v.Text()))
	}
}

// nested adds msg='...' of a record that user space wrote, of which laurel makes one
// text, and the fields in it.
func (b *builder) nested(text []byte) {
	b.set("msg", text)
	g := b.g
	at := g.fields[len(g.fields)-1].value
	l := lexer{g: g, names: b.d.rd.names, text: g.text(at), base: at.at, part: inner, free: -1}
	l.run(0, len(l.text))
	g.recs[len(g.recs)-1].last = int32(len(g.fields))
}

// percent are the members of a list with their codes taken off.
func (b *builder) percent(v jsonfields.Value) [][]byte {
	out := texts(v)
	for i := range out {
		out[i] = unpercent(out[i])
	}
	return out
}

// unpercent takes off the codes in which laurel writes bytes that are not
// UTF-8, "%" and "+".
func unpercent(s []byte) []byte {
	if bytes.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := nibbles[upper(s[i+1])], nibbles[upper(s[i+2])]
			if hi != notHex && lo != notHex {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

// splitArguments parts ARGV_STR: arguments by blanks, in which "+" stands for
// a blank of their own.
func splitArguments(s []byte) [][]byte {
	var out [][]byte
	for a := range bytes.SplitSeq(s, []byte(" ")) {
		out = append(out, unpercent(bytes.ReplaceAll(a, []byte("+"), []byte(" "))))
	}
	return out
}

// socketText writes an address object in the form of ENRICHED logs.
func socketText(v jsonfields.Value) []byte {
	family := v.Get("family").Text()
	switch string(family) {
	case "ipv4", "inet":
		family = []byte("inet")
	case "ipv6", "inet6":
		family = []byte("inet6")
	case "unix", "local":
		family = []byte("local")
	}
	out := append([]byte("{ saddr_fam="), family...)
	for _, part := range [][2]string{{" laddr=", "addr"}, {" lport=", "port"}, {" path=", "path"}} {
		if m := v.Get(part[1]); m.Kind() == jsonfields.String || m.Kind() == jsonfields.Number {
			out = append(append(out, part[0]...), unpercent(m.Text())...)
		}
	}
	return append(out, " }"...)
}
