package source

import (
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/pierrec/lz4/v4"
)

// bzMembers are twelve lines each, packed by bzip2 -1: Go cannot write it.
var bzMembers = map[byte]string{
	'A': "QlpoMTFBWSZTWTB+fdMAAE9dgAAQQAB/4CAAGydQECAAhBKaalDyDNUDQJIk08oABkw60k2pbKDF9mbrhYRxzJnoI32oI8BFZ1PbUyoczHQQoLvVKw6wrWgV+XmZCKH6PoJvAUvDQ9gT4aklZBQCejsWBXBSCoCYFcBOCqC/F3JFOFCQMH590w==",
	'M': "QlpoMTFBWSZTWT3C8/EAAE9dgAAQQAB/4AACGydQECAAhBKaalDyDNUDQJIk08oABkw60k2pbKDF9mbrhYRxzJnoI32oI8BFZ1PbUyoczHQQoLvVKw6wrWgV+XmZCKH6PoJvAUvDQ9gT4aklZBQCejsWBXBSCoCYFcBOCqC/F3JFOFCQPcLz8Q==",
	'Z': "QlpoMTFBWSZTWaoIzMQAAE9bgAAQQAB/4AAQGydQECAAhBKaalDyDNUDQJIk08oABkw60k2pbKDF9mbrhYRxzJnoI32oI8BFZ1PbUyoczHQQoLvVKw6wrWgV+XmZCKH6PoJvAUvDQ9gT4aklZBQCejsWBXBSCoCYFcBOCqC/F3JFOFCQqgjMxA==",
}

// packers make one member of each codec whose members can be found again.
// They are given text of different letters that no flipped bit turns into each other and return what the member holds.
var packers = []struct {
	name string
	pack func(t testing.TB, letter byte) (packed []byte, text string)
}{
	{"gzip", packText(gz)},
	{"zstd", packText(zst)},
	{"xz", packText(xzPack)},
	{"lz4", packText(lz4Pack)},
	{"snappy", packText(snappyPack)},
	{"bzip2", func(t testing.TB, letter byte) ([]byte, string) {
		packed, err := base64.StdEncoding.DecodeString(bzMembers[letter])
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
		if err != nil {
			t.Fatal(err)
		}
		return packed, string(text)
	}},
}

func packText(pack func(testing.TB, []byte) []byte) func(testing.TB, byte) ([]byte, string) {
	return func(t testing.TB, letter byte) ([]byte, string) {
		var b strings.Builder
		for i := range 12 {
			fmt.Fprintf(&b, "member %c line %d %x\n", letter, i, i*i*7919)
		}
		return pack(t, []byte(b.String())), b.String()
	}
}

func TestEveryByteBeforeACutIsDelivered(t *testing.T) {
	for _, p := range packers {
		t.Run(p.name, func(t *testing.T) {
			packed, text := p.pack(t, 'A')
			for n := 1; n < len(packed); n++ {
				r := readPipe(t, packed[:n], Options{})
				if len(r.streams) != 1 || len(r.members) != 1 {
					t.Fatalf("cut at %d: %d streams, %d members", n, len(r.streams), len(r.members))
				}
				s := r.streams[0]
				if s.err != nil {
					t.Fatalf("cut at %d: the reader failed: %v", n, s.err)
				}
				if s.codecs != p.name {
					if s.text != string(packed[:n]) || n > 16 {
						t.Fatalf("cut at %d: taken for %q", n, s.codecs)
					}
					continue
				}
				// A cut between two chunks of snappy cannot be told from the end.
				if !strings.HasPrefix(text, s.text) || !r.gaps() && p.name != "snappy" {
					t.Fatalf("cut at %d: got %q, remarks %v", n, s.text, r.codes())
				}
			}
		})
	}
}

func TestSoundMembersAroundADamagedOneAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	for _, p := range packers {
		t.Run(p.name, func(t *testing.T) {
			a, textA := p.pack(t, 'A')
			b, textB := p.pack(t, 'M')
			c, textC := p.pack(t, 'Z')
			for i := range b {
				for _, flip := range []byte{0x01, 0x80, 0xff} {
					bad := bytes.Clone(b)
					bad[i] ^= flip
					r := readPipe(t, slices.Concat(a, bad, c), Options{})
					all := r.text()
					if !strings.Contains(all, textA) || !strings.Contains(all, textC) {
						t.Fatalf("byte %d ^ %#x: A %v, C %v: %v", i, flip, strings.Contains(all, textA), strings.Contains(all, textC), r.codes())
					}
					if !strings.Contains(all, textB) && len(r.codes()) == 0 {
						t.Fatalf("byte %d ^ %#x: B was lost and nothing said", i, flip)
					}
					if strings.Count(all, textC) > 1 || strings.Count(all, textA) > 1 {
						t.Fatalf("byte %d ^ %#x: a member was delivered twice", i, flip)
					}
				}
			}
		})
	}
}

func TestWhatFollowsAMissingStretchIsRead(t *testing.T) {
	a, textA := packText(gz)(t, 'A')
	b, _ := packText(gz)(t, 'M')
	c, textC := packText(gz)(t, 'Z')
	r := readPipe(t, slices.Concat(a, b[:len(b)/2], c), Options{})
	if text := r.streams[0].text; !strings.HasPrefix(text, textA) || !strings.HasSuffix(text, textC) {
		t.Errorf("%q", text)
	}
	if !r.has(CodeDamaged) && !r.has(CodeTruncated) {
		t.Errorf("remarks %v", r.codes())
	}
}

func TestWhatFollowsCompressedData(t *testing.T) {
	a, textA := packText(gz)(t, 'A')
	z, textZ := packText(zst)(t, 'Z')
	garbage := bytes.Repeat([]byte{0x9c, 0x01, 0xfe, 0x03}, 100)
	for _, c := range []struct {
		name  string
		tail  []byte
		text  string
		codes []string
	}{
		{"nothing", nil, textA, nil},
		{"zeros", make([]byte, 1000), textA, []string{"in comp.padding"}},
		{"member", a, textA + textA, nil},
		{"zeros and a member", slices.Concat(make([]byte, 512), a), textA + textA, []string{"in comp.padding"}},
		{"text", []byte("plain text\n"), textA + "plain text\n", []string{"in comp.trailing"}},
		{"another codec", z, textA + textZ, []string{"in comp.trailing"}},
		{"text and a member", slices.Concat([]byte("plain text\n"), a), textA + "plain text\n" + textA,
			[]string{"in comp.trailing", "in comp.trailing"}},
		{"garbage", garbage, textA + string(garbage), []string{"in comp.trailing"}},
		{"garbage and a member", slices.Concat(garbage, a), textA + textA, []string{"in comp.damaged!"}},
		{"a member without its first byte", a[1:], textA + string(a[1:]), []string{"in comp.trailing"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readPipe(t, slices.Concat(a, c.tail), Options{})
			if r.text() != c.text || !slices.Equal(r.codes(), c.codes) {
				t.Errorf("got %q, remarks %v\nwant %q, %v", r.text(), r.codes(), c.text, c.codes)
			}
		})
	}
}

func TestWhatFollowsALegacyLZ4Frame(t *testing.T) {
	text := bytes.Repeat([]byte("a line of an old kernel's log\n"), 50)
	block := make([]byte, len(text))
	n, err := lz4.CompressBlock(text, block, nil)
	if err != nil {
		t.Fatal(err)
	}
	frame := binary.LittleEndian.AppendUint32([]byte("\x02\x21\x4c\x18"), uint32(n))
	frame = append(frame, block[:n]...)
	r := readPipe(t, slices.Concat(frame, []byte("plain text\n"), lz4Pack(t, text)), Options{})
	if r.text() != string(text)+"plain text\n"+string(text) || r.gaps() {
		t.Errorf("got %d bytes, %v", len(r.text()), r.codes())
	}
}

func TestAFalseMagicNumberIsReadAsItIs(t *testing.T) {
	for _, data := range []string{"\x1f\x8b\x09 not gzip\n", "\x1f\x8bqwertz\n", "PK\x03\x04 not zip\n", "BZh9 is text\n", "(\xb5/\xfd\x0f\x0f"} {
		r := readPipe(t, []byte(data), Options{})
		if r.text() != data || r.gaps() {
			t.Errorf("%q: got %q, %v", data, r.text(), r.codes())
		}
		if want := data[:2] != "BZ"; r.has(CodeNotMarked) != want {
			t.Errorf("%q: remarks %v", data, r.codes())
		}
	}
}

// A sourceFault fails at its n-th call.
type sourceFault struct {
	r io.Reader
	n int
}

var errFault = errors.New("injected fault")

func (f *sourceFault) Read(p []byte) (int, error) {
	if f.n--; f.n < 0 {
		return 0, errFault
	}
	return f.r.Read(p[:min(len(p), 100)])
}

func TestAFailingSourceIsAGapWhereverItFails(t *testing.T) {
	text := []byte(strings.Repeat("some text of some length\n", 50))
	inputs := map[string][]byte{
		"plain": text,
		"tgz":   gz(t, tarOf(t, file{"a", text}, file{"b", gz(t, text)})),
		"zip":   zipOf(t, file{"a", text}, file{"b", zst(t, text)}),
	}
	for _, p := range packers {
		inputs[p.name], _ = p.pack(t, 'A')
	}
	for name, data := range inputs {
		for n := range len(data)/100 + 1 {
			o := Options{Stdin: &sourceFault{bytes.NewReader(data), n}}
			r := readInput(t, Input{Path: "in", Size: -1}, o)
			if len(r.members) == 0 || !r.has(CodeRead) {
				t.Errorf("%s failing at call %d: remarks %v", name, n, r.codes())
			}
			for _, s := range r.streams {
				if s.err != nil && !errors.Is(s.err, errFault) {
					t.Errorf("%s failing at call %d: %s ended with %v", name, n, s.path, s.err)
				}
			}
		}
	}
}

func TestOneByteAtATimeReadsTheSame(t *testing.T) {
	text := []byte("one line\n")
	data := gz(t, tarOf(t, file{"a", zst(t, text)}, file{"b.zip", zipOf(t, file{"c", text})}))
	want := readPipe(t, data, Options{})
	got := readInput(t, Input{Path: "in", Size: -1}, Options{Stdin: &oneByte{bytes.NewReader(data)}})
	if fmt.Sprint(want) != fmt.Sprint(got) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

type oneByte struct{ r io.Reader }

func (o *oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:1]) }

func TestACancelledContextEndsTheReading(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := Options{Stdin: bytes.NewReader(gz(t, tarOf(t, file{"a", []byte("x")}, file{"b", []byte("y")})))}
	err := Input{Path: "in"}.Streams(ctx, o, func(*Stream) error { cancel(); return nil }, func(*Member) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWhatVisitLeavesIsReadForIt(t *testing.T) {
	data := gz(t, []byte(strings.Repeat("long\n", 1<<16)))
	want := readPipe(t, data, Options{}).members
	var got []Member
	err := Input{Path: "in"}.Streams(context.Background(), Options{Stdin: bytes.NewReader(data)},
		func(*Stream) error { return nil }, func(m *Member) { got = append(got, *m) })
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v %v, want %v", got, err, want)
	}
}

func TestAnErrorOfVisitEndsTheReading(t *testing.T) {
	data := tarOf(t, file{"a", []byte("x")}, file{"b", []byte("y")})
	n := 0
	err := Input{Path: "in"}.Streams(context.Background(), Options{Stdin: bytes.NewReader(data)},
		func(*Stream) error { n++; return errFault }, func(*Member) {})
	if !errors.Is(err, errFault) || n != 1 {
		t.Errorf("got %v after %d streams", err, n)
	}
}

// TestACutIsCalledACut: wherever a file ends too early, that is what is said of it,
// however many bytes of a code that is not whole are left.
func TestACutIsCalledACut(t *testing.T) {
	var text []byte
	for i := range 2000 {
		text = fmt.Appendf(text, "%d line %x\n", i, i*i*7919)
	}
	whole := gz(t, text)
	for n := len(whole) - 1; n > len(whole)-400; n-- {
		if r := readPipe(t, whole[:n], Options{}); !r.has(CodeTruncated) || r.has(CodeDamaged) {
			t.Fatalf("cut at %d of %d bytes: %+v", n, len(whole), r.members)
		}
	}
}
