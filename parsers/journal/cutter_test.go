package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	kzstd "github.com/klauspost/compress/zstd"
	plz4 "github.com/pierrec/lz4/v4"
	uxz "github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/journaltest"
)

// methods are the ways in which journald compresses.
var methods = map[string]struct {
	flag     byte
	compress func([]byte) []byte
}{
	"plain": {},
	"xz": {1, func(b []byte) []byte {
		var out bytes.Buffer
		w, err := uxz.WriterConfig{CheckSum: uxz.CRC64, DictCap: lzma.MinDictCap}.NewWriter(&out)
		if err == nil {
			_, err = w.Write(b)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			panic(err)
		}
		return out.Bytes()
	}},
	"lz4": {2, func(b []byte) []byte {
		out := make([]byte, 8+plz4.CompressBlockBound(len(b)))
		binary.LittleEndian.PutUint64(out, uint64(len(b)))
		n, err := plz4.CompressBlock(b, out[8:], nil)
		if err != nil {
			panic(err)
		}
		return out[:8+n]
	}},
	"zstd": {4, func(b []byte) []byte {
		w, err := kzstd.NewWriter(nil)
		if err != nil {
			panic(err)
		}
		return w.EncodeAll(b, nil)
	}},
}

// someEntries are of several programs, and share fields.
func someEntries() []journaltest.Entry {
	long := strings.Repeat("the same words again and again, so that they can be compressed; ", 20)
	return []journaltest.Entry{
		{Time: 1772359200000001, Fields: []string{"MESSAGE=first " + long, "_HOSTNAME=h", "SYSLOG_IDENTIFIER=dockerd", "PRIORITY=6"}},
		{Time: 1772359200000002, Fields: []string{"MESSAGE=second \"quoted\" \\ and\n\ta line " + long, "_HOSTNAME=h", "SYSLOG_IDENTIFIER=sshd"}},
		{Time: 1772359200000003, Fields: []string{"MESSAGE=third \xff\x00 not text " + long, "_HOSTNAME=h", "SYSLOG_IDENTIFIER=dockerd"}},
		{Time: 1772359200000004, Fields: []string{"MESSAGE=fourth " + long, "TAG=a", "TAG=b", "_HOSTNAME=h", "SYSLOG_IDENTIFIER=dockerd", "EMPTY="}},
	}
}

func modes(t *testing.T, f func(t *testing.T, o journaltest.Options)) {
	t.Helper()
	for name, m := range methods {
		for _, compact := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/compact=%v", name, compact), func(t *testing.T) {
				f(t, journaltest.Options{Compact: compact, Flag: m.flag, Compress: m.compress})
			})
		}
	}
}

// pieces reads a journal to its end and holds it to the accounts.
func pieces(t testing.TB, b []byte, o Options) []frame.Piece {
	t.Helper()
	c := New(bytes.NewReader(b), o)
	defer c.Close()
	var out []frame.Piece
	size := int64(0)
	for {
		var p frame.Piece
		if err := c.Next(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Size < 0 {
			t.Fatalf("a piece of %d bytes", p.Size)
		}
		size += p.Size
		p.Record.Data = bytes.Clone(p.Record.Data)
		p.Record.Raw = p.Record.Data
		out = append(out, p)
	}
	if size != int64(len(b)) {
		t.Fatalf("pieces of %d bytes, the file has %d: %v", size, len(b), codes(out))
	}
	return out
}

func codes(list []frame.Piece) []string {
	var out []string
	for _, p := range list {
		if p.Code != "" {
			out = append(out, p.Code)
		}
	}
	return out
}

// messages are the values of MESSAGE of the records, those that are no text in
// the notation of Go.
func messages(t testing.TB, list []frame.Piece) []string {
	t.Helper()
	var out []string
	for _, p := range list {
		if p.Kind != frame.Record {
			continue
		}
		var doc map[string]any
		if err := json.Unmarshal(p.Record.Data, &doc); err != nil {
			t.Fatalf("%v: %q", err, p.Record.Data)
		}
		out = append(out, fmt.Sprint(doc["MESSAGE"]))
	}
	return out
}

func gaps(list []frame.Piece) []string {
	var out []string
	for _, p := range list {
		if p.Kind == frame.Gap || p.Lost {
			out = append(out, p.Code)
		}
	}
	return out
}

func TestModes(t *testing.T) {
	modes(t, func(t *testing.T, o journaltest.Options) {
		o.Reserve = 4096
		entries := someEntries()
		b, objects := journaltest.Write(o, entries...)
		list := pieces(t, b, Options{})
		if got := codes(list); !slices.Equal(got, []string{"journal.transcoded", "journal.unused", "journal.index"}) {
			t.Errorf("remarks %v", got)
		}
		n := 0
		for _, p := range list {
			if p.Kind != frame.Record {
				continue
			}
			checkEntry(t, &p, &entries[n])
			at := objects[slices.IndexFunc(objects, func(o journaltest.Object) bool { return o.Type == journaltest.EntryType && o.Entry == n })]
			if pos := p.Record.Pos; pos.Line != int64(n+1) || pos.Offset != int64(at.Off) || align(pos.Length) != int64(at.Next-at.Off) {
				t.Errorf("entry %d: at %+v, want %+v", n, pos, at)
			}
			n++
		}
		if n != len(entries) {
			t.Errorf("%d entries, want %d", n, len(entries))
		}
	})
}

// checkEntry holds a record against what was written.
func checkEntry(t *testing.T, p *frame.Piece, want *journaltest.Entry) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(p.Record.Data, &got); err != nil {
		t.Fatal(err)
	}
	if got["__REALTIME_TIMESTAMP"] != fmt.Sprint(want.Time) || !strings.HasPrefix(fmt.Sprint(got["__CURSOR"]), "s=66656463") {
		t.Errorf("got %v", got)
	}
	expect := map[string][]any{}
	for _, f := range want.Fields {
		name, value, _ := strings.Cut(f, "=")
		var v any = value
		if strings.Contains(value, "\xff") {
			var list []any
			for i := range len(value) {
				list = append(list, float64(value[i]))
			}
			v = list
		}
		expect[name] = append(expect[name], v)
	}
	for name, values := range expect {
		var v any = values
		if len(values) == 1 {
			v = values[0]
		}
		if fmt.Sprint(got[name]) != fmt.Sprint(v) {
			t.Errorf("%s is %.200v, want %.200v", name, got[name], v)
		}
	}
	if len(got) != len(expect)+3 {
		t.Errorf("%d members, want %d and 3", len(got), len(expect))
	}
}

// TestLongFilesReadTheSame compares a file in memory with one that had no room
// there.
func TestLongFilesReadTheSame(t *testing.T) {
	var entries []journaltest.Entry
	for i := range 500 {
		entries = append(entries, journaltest.Entry{Time: uint64(i + 1), Fields: []string{fmt.Sprintf("MESSAGE=number %d %s", i, strings.Repeat("x", i%700)), "_HOSTNAME=h"}})
	}
	modes(t, func(t *testing.T, o journaltest.Options) {
		b, _ := journaltest.Write(o, entries...)
		a, z := pieces(t, b, Options{}), pieces(t, b, Options{Memory: 5000})
		if len(a) != len(z) {
			t.Fatalf("%d and %d pieces", len(a), len(z))
		}
		for i := range a {
			if fmt.Sprint(a[i]) != fmt.Sprint(z[i]) {
				t.Fatalf("piece %d: %.300v\nand %.300v", i, a[i], z[i])
			}
		}
	})
}

func TestWhoseEntriesAreOther(t *testing.T) {
	for fields, want := range map[string]string{
		"MESSAGE=x SYSLOG_IDENTIFIER=sshd":                    `entries of programs whose logs are not looked at, the first of "sshd"`,
		"MESSAGE=x _COMM=cron":                                `entries of programs whose logs are not looked at, the first of "cron"`,
		"MESSAGE=x SYSLOG_IDENTIFIER=dockerd":                 "",
		"MESSAGE=x SYSLOG_IDENTIFIER=docker.abc _COMM=docker": "",
		"MESSAGE=x SYSLOG_IDENTIFIER=web CONTAINER_NAME=web":  "",
		"MESSAGE=x _AUDIT_TYPE=1300":                          "",
	} {
		b, _ := journaltest.Write(journaltest.Options{}, journaltest.Entry{Time: 1, Fields: strings.Fields(fields)})
		for _, p := range pieces(t, b, Options{}) {
			if p.Kind == frame.Record && p.Other != want {
				t.Errorf("%s: %q, want %q", fields, p.Other, want)
			}
		}
	}
}

func TestIs(t *testing.T) {
	b, _ := journaltest.Write(journaltest.Options{})
	for in, want := range map[string]bool{string(b): true, string(b[:100]): false, "": false, magic: false, magic + strings.Repeat("text ", 100): false} {
		if Is([]byte(in)) != want {
			t.Errorf("Is(%.20q) is %v", in, !want)
		}
	}
}
