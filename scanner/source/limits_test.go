package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestTheExpandedLimitStopsBombs(t *testing.T) {
	zeros := make([]byte, 8<<20)
	for name, data := range map[string][]byte{
		"gzip":         gz(t, zeros),
		"gzip of gzip": gz(t, gz(t, zeros)),
		"zstd":         zst(t, zeros),
		"tgz":          gz(t, tarOf(t, file{"a", []byte("first\n")}, file{"b", zeros}, file{"c", []byte("last\n")})),
		"zip":          zipOf(t, file{"a", []byte("first\n")}, file{"b", zeros}),
	} {
		t.Run(name, func(t *testing.T) {
			var n int64
			var members []Member
			in := Input{Path: "in", Size: -1}
			err := in.Streams(context.Background(), Options{MaxExpanded: 1 << 20, Stdin: bytes.NewReader(data)}, func(s *Stream) error {
				m, err := io.Copy(io.Discard, s)
				n += m
				return err
			}, func(m *Member) { members = append(members, *m) })
			r := reading{members: members}
			if err != nil || n > 1<<20 || !r.has(CodeExpanded) {
				t.Errorf("%d bytes, %v, %v", n, r.codes(), err)
			}
			if last := members[len(members)-1]; last.Size != int64(len(data)) {
				t.Errorf("only %d of %d bytes are in the digest", last.Size, len(data))
			}
		})
	}
}

func TestTheRatioOnlyMakesANote(t *testing.T) {
	data := gz(t, make([]byte, 1<<20))
	r := readPipe(t, data, Options{MaxRatio: 100})
	if len(r.text()) != 1<<20 || !slices.Equal(r.codes(), []string{"in comp.ratio"}) {
		t.Errorf("%d bytes, %v", len(r.text()), r.codes())
	}
}

func TestTheMemberLimit(t *testing.T) {
	var files []file
	for i := range 20 {
		files = append(files, file{fmt.Sprint("f", i), []byte("x\n")})
	}
	for name, data := range map[string][]byte{"tar": tarOf(t, files...), "zip": zipOf(t, files...)} {
		r := readPipe(t, data, Options{MaxMembers: 5})
		if len(r.streams) != 5 || !slices.Equal(r.codes(), []string{"in limit.members!"}) {
			t.Errorf("%s: %d members, %v", name, len(r.streams), r.codes())
		}
	}
}

func TestTheDepthLimit(t *testing.T) {
	data := []byte("deep\n")
	for range 5 {
		data = tarOf(t, file{"t", data})
	}
	if r := readPipe(t, data, Options{MaxDepth: 5}); r.text() != "deep\n" || r.gaps() {
		t.Errorf("as deep as allowed: %v", r.codes())
	}
	if r := readPipe(t, data, Options{MaxDepth: 4}); r.text() != "" || !r.has(CodeDepth) {
		t.Errorf("deeper than allowed: %v", r.codes())
	}
	data = []byte("deep\n")
	for range 5 {
		data = gz(t, data)
	}
	if r := readPipe(t, data, Options{MaxDepth: 4}); !r.has(CodeDepth) {
		t.Errorf("too many codecs: %v", r.codes())
	}
}

func TestAWindowBeyondTheLimitIsNamed(t *testing.T) {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(128<<20), zstd.WithEncoderConcurrency(1), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	// The writer asks for its whole window only when the data is streamed.
	for range 64 {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	ok, text := packText(zst)(t, 'A')
	r := readPipe(t, slices.Concat(b.Bytes(), ok), Options{})
	if r.text() != text || !slices.Equal(r.codes(), []string{"in comp.window_limit!"}) {
		t.Errorf("%d bytes, %v", len(r.text()), r.codes())
	}
	if reason := r.members[0].Remarks[0]; !strings.Contains(reason.Lift, fmt.Sprint(128<<20)) {
		t.Errorf("the value needed is not named: %+v", reason)
	}
}

// TestWhatCannotBeDecodedIsNotCalledDamaged: an undamaged copy of such data would help
// nobody.
func TestWhatCannotBeDecodedIsNotCalledDamaged(t *testing.T) {
	words := []byte("words that the dictionary has, and the frame has not")
	w, err := zstd.NewWriter(nil, zstd.WithEncoderDictRaw(77, words))
	if err != nil {
		t.Fatal(err)
	}
	filtered := bytes.Clone(xzPack(t, []byte("text\n")))
	size := (int(filtered[12]) + 1) * 4
	header := filtered[12 : 12+size]
	header[bytes.Index(header, []byte{0x21, 0x01})] = 0x04 // x86
	binary.LittleEndian.PutUint32(header[size-4:], crc32.ChecksumIEEE(header[:size-4]))
	for name, c := range map[string]struct {
		data         []byte
		reason, lift string
	}{
		"a dictionary": {w.EncodeAll(words, nil), "cannot be decoded (\"zstd: it was compressed with a dictionary, of the id 77\")", "with that dictionary"},
		"a filter":     {filtered, "cannot be decoded (\"xz: a filter other than LZMA2\")", "decompress it by hand"},
	} {
		r := readPipe(t, c.data, Options{})
		if !slices.Equal(r.codes(), []string{"in comp.damaged!"}) {
			t.Fatalf("%s: %q, %v", name, r.text(), r.codes())
		}
		if got := r.members[0].Remarks[0]; !strings.Contains(got.Reason, c.reason) || !strings.Contains(got.Lift, c.lift) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAnXzDictionaryBeyondTheLimitIsNamed(t *testing.T) {
	data := bytes.Clone(xzPack(t, []byte("text\n")))
	// The block header follows the stream header: its last byte of properties
	// is the size of the dictionary, 40 being 4 GiB.
	size := (int(data[12]) + 1) * 4
	header := data[12 : 12+size]
	i := bytes.Index(header, []byte{0x21, 0x01})
	header[i+2] = 40
	binary.LittleEndian.PutUint32(header[size-4:], crc32.ChecksumIEEE(header[:size-4]))
	r := readPipe(t, data, Options{})
	if !slices.Equal(r.codes(), []string{"in comp.window_limit!"}) {
		t.Errorf("%q, %v", r.text(), r.codes())
	}
}

func TestWindowsOfNestedLayersAreAddedUp(t *testing.T) {
	w := &walk{}
	for i := range 3 {
		if got := w.reserve(0, maxWindow); got != (i < 2) {
			t.Fatalf("window %d: %v; %d are held", i, got, w.history)
		}
	}
	if w.reserve(maxWindow, 0); !w.reserve(0, maxWindow) || w.history != maxHistory {
		t.Errorf("a window that was given back is not free: %d are held", w.history)
	}
	data := xzPack(t, xzPack(t, zst(t, gz(t, []byte("text\n")))))
	if r := readPipe(t, slices.Concat(data, data), Options{}); r.text() != "text\ntext\n" || r.gaps() {
		t.Errorf("%q, %v", r.text(), r.codes())
	}
}

func TestUnreadableContainersAreNamed(t *testing.T) {
	for name, head := range map[string]string{
		"rpm": "\xed\xab\xee\xdb", "compress (.Z)": "\x1f\x9d\x90",
		"EWF (E01)": "EVF\x09\x0d\x0a\xff\x00\x01\x01", "AD1": "ADSEGMENTEDFILE\x00", "vhdx": "vhdxfileM\x00", "vdi": strings.Repeat("v", 64) + "\x7f\x10\xda\xbe\x01",
		"PGP message": "\x8c\x0d\x04\x09\x03\x02",
	} {
		data := []byte(head + strings.Repeat("x", 1000))
		r := readPipe(t, data, Options{})
		if !slices.Equal(r.codes(), []string{"in arch.unsupported!"}) || len(r.streams) != 0 || r.members[0].Size != int64(len(data)) {
			t.Errorf("%s: %v", name, r.codes())
		}
		if lift := r.members[0].Remarks[0].Lift; strings.HasPrefix(lift, "decrypt") != (name == "PGP message") {
			t.Errorf("%s: %s", name, lift)
		}
		if !slices.Contains(r.members[0].Codecs, name) {
			t.Errorf("%s: codecs %v", name, r.members[0].Codecs)
		}
	}
}

func TestALogOfJulyTheFirstIsNoArchive(t *testing.T) {
	line := "070701 12:00:00 a line\n"
	if r := readPipe(t, []byte(strings.Repeat(line, 10)), Options{}); len(r.streams) != 1 || len(r.codes()) != 0 {
		t.Errorf("%v", r.codes())
	}
}

func TestRemarksOfOneMemberAreBounded(t *testing.T) {
	good, _ := packText(gz)(t, 'A')
	bad := bytes.Clone(good)
	bad[len(bad)-8] ^= 1
	r := readPipe(t, bytes.Repeat(bad, 1000), Options{})
	list := r.members[0].Remarks
	if len(list) != maxRemarks || !strings.Contains(list[maxRemarks-1].Reason, "900 more") {
		t.Errorf("%d remarks, the last: %+v", len(list), list[len(list)-1])
	}
}

func TestProgressAddsUpToTheSize(t *testing.T) {
	for name, data := range map[string][]byte{
		"tgz": gz(t, tarOf(t, three()...)), "zip": zipOf(t, three()...), "text": []byte("text\n"),
	} {
		var sum atomic.Int64
		readFile(t, data, Options{Progress: func(n int64) { sum.Add(n) }})
		if sum.Load() != int64(len(data)) {
			t.Errorf("%s: %d of %d bytes", name, sum.Load(), len(data))
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, p := range packers {
		data, _ := p.pack(f, 'A')
		f.Add(data)
		f.Add(slices.Concat(data, data[:len(data)/2], data))
	}
	f.Add(zlibPack(f, []byte("text\n")))
	f.Add(gz(f, tarOf(f, three()...)))
	f.Add(zipOf(f, file{"a", gz(f, []byte("text\n"))}))
	f.Add(arOf(file{"a", gz(f, []byte("text\n"))}, file{"of-more-than-fifteen-bytes", []byte("text\n")}))
	f.Add(cpioOf(false, cpioFiles()...))
	f.Add(cpioOf(true, cpioFiles()...))
	f.Add([]byte("7z\xbc\xaf\x27\x1c\x00\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{MaxExpanded: 1 << 20, MaxMembers: 100, MaxDepth: 3}
		a, b := readPipe(t, data, o), readPipe(t, data, o)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("two readings differ:\n%v\n%v", a, b)
		}
		last := a.members[len(a.members)-1]
		if last.Path != "in" || last.Size != int64(len(data)) {
			t.Errorf("the input has %d bytes; the ledger says %+v", len(data), last)
		}
	})
}
