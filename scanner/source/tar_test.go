package source

import (
	"archive/tar"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// three is an archive of three members that differ, and their texts.
func three() []file {
	return []file{
		{"a.log", []byte(strings.Repeat("first member\n", 60))},
		{"dir/b.log", []byte(strings.Repeat("second member\n", 60))},
		{"c.log", []byte(strings.Repeat("third member\n", 60))},
	}
}

func TestTarMembersAreFoundBehindABadHeader(t *testing.T) {
	files := three()
	data := tarOf(t, files...)
	second := 512 + 1024
	for i := range 512 {
		bad := bytes.Clone(data)
		bad[second+i] ^= 0x55
		r := readPipe(t, bad, Options{})
		for _, f := range files {
			if !strings.Contains(r.text(), string(f.data)) {
				t.Fatalf("byte %d: %s is lost: %v", i, f.name, r.codes())
			}
		}
		// The byte behind the checksum's digits says nothing.
		if i != 155 && len(r.codes()) == 0 && r.streams[1].path == "in!"+files[1].name {
			t.Fatalf("byte %d: nothing said", i)
		}
	}
}

func TestTarIsReadToTheRealEnd(t *testing.T) {
	files := three()
	one, two := tarOf(t, files[0]), tarOf(t, files[1])
	for _, c := range []struct {
		name  string
		data  []byte
		want  string
		codes []string
	}{
		{"concatenated behind the end marker", slices.Concat(one, two), "a.log dir/b.log", nil},
		{"no end marker", one[:512+1024], "a.log", []string{"in arch.no_end"}},
		{"one zero block", one[:512+1024+512], "a.log", nil},
		{"text behind it", slices.Concat(one, []byte("plain text\n")), "a.log unnamed-at-10240",
			[]string{"in arch.unnamed_bytes"}},
		{"text between", slices.Concat(one, []byte("plain text\n"), two), "a.log unnamed-at-10240 dir/b.log",
			[]string{"in arch.unnamed_bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name[:4] == "text" {
				c.want = strings.ReplaceAll(c.want, "10240", fmt.Sprint(len(one)))
			}
			r := readPipe(t, c.data, Options{})
			var names []string
			for _, s := range r.streams {
				names = append(names, strings.TrimPrefix(s.path, "in!"))
			}
			if got := strings.Join(names, " "); got != c.want || !slices.Equal(r.codes(), c.codes) {
				t.Errorf("members %q, want %q; remarks %v", got, c.want, r.codes())
			}
		})
	}
}

func TestATruncatedTarGivesWhatItHas(t *testing.T) {
	files := three()
	data := tarOf(t, files...)
	body := 512 + 1024 + 512
	for n := body + 1; n < body+len(files[1].data); n += 37 {
		r := readPipe(t, data[:n], Options{})
		want := string(files[0].data) + string(files[1].data[:n-body])
		if r.text() != want || !r.has(CodeCut) {
			t.Fatalf("cut at %d: %v", n, r.codes())
		}
	}
}

func TestTarAfterALostStretchOfItsGzip(t *testing.T) {
	files := three()
	data := tarOf(t, files...)
	// The middle gzip member holds the end of the first file and the second
	// header; what follows begins in the middle of a block.
	a, b, c := gz(t, data[:700]), gz(t, data[700:1700]), gz(t, data[1700:])
	b[len(b)/2] ^= 0xff
	r := readPipe(t, slices.Concat(a, b, c), Options{})
	if !strings.Contains(r.text(), string(files[2].data)) || !strings.HasPrefix(r.text(), string(data[512:700])) {
		t.Errorf("third member lost: %v", r.codes())
	}
	if !r.gaps() {
		t.Errorf("the damage between them is no gap: %v", r.codes())
	}
}

// A member of which a stretch is lost ends there: what comes next in the stream is not at
// its place, and need not be the member's.
func TestATarMemberEndsWhereAStretchIsLost(t *testing.T) {
	first, third := strings.Repeat("a", 2*tarBlock), strings.Repeat("c", 2*tarBlock)
	data := tarOf(t, file{"first", []byte(first)}, file{"second", bytes.Repeat([]byte("b"), 20*tarBlock)}, file{"third", []byte(third)})
	const from, to = 6 * tarBlock, 22 * tarBlock // within the second
	lost := gz(t, data[from:to])
	r := readPipe(t, slices.Concat(gz(t, data[:from]), lost[:len(lost)/2], gz(t, data[to:])), Options{})
	texts := map[string]string{}
	for _, s := range r.streams {
		texts[s.path] += s.text
	}
	if texts["in!first"] != first || texts["in!third"] != third {
		t.Errorf("the first and the third are not whole: %v", r.codes())
	}
	if b := texts["in!second"]; strings.Trim(b, "b") != "" || len(b) < 2*tarBlock || !r.gaps() {
		t.Errorf("the second has %d bytes, some of them %.20q; %v", len(b), strings.Trim(b, "b"), r.codes())
	}
}

func TestTarDialects(t *testing.T) {
	long := strings.Repeat("deep/", 60) + "audit.log"
	for name, h := range map[string]tar.Header{
		"ustar prefix": {Name: strings.Repeat("deep/", 20) + "audit.log", Format: tar.FormatUSTAR},
		"gnu":          {Name: long, Format: tar.FormatGNU},
		"pax":          {Name: long, Format: tar.FormatPAX},
		"pax utf-8":    {Name: "größe/審.log", Format: tar.FormatPAX},
		"unsafe":       {Name: "../../etc/passwd", Format: tar.FormatUSTAR},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			h.Size, h.Mode = 2, 0o600
			if err := w.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(w, "x\n")
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			r := readPipe(t, b.Bytes(), Options{})
			if len(r.streams) != 1 || r.streams[0].path != "in!"+h.Name || r.text() != "x\n" {
				t.Errorf("got %v", r.streams)
			}
			if want := name == "unsafe"; r.has(CodeUnsafeName) != want || r.gaps() {
				t.Errorf("remarks %v", r.codes())
			}
		})
	}
}

// TestTarSizeOfAnAttribute: of a member of more than eight gigabytes the size is an
// attribute, and what its header says is not.
func TestTarSizeOfAnAttribute(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	const text = "a line of a log\n" // 16 bytes
	h := tar.Header{Name: "big.log", Mode: 0o600, Size: int64(len(text)), Format: tar.FormatPAX, PAXRecords: map[string]string{"a.bc": "16"}}
	if err := w.WriteHeader(&h); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data := bytes.Replace(b.Bytes(), []byte("11 a.bc=16\n"), []byte("11 size=16\n"), 1)
	header := data[1024:1536]
	copy(header[124:136], "00000000000\x00")
	copy(header[148:156], "        ")
	sum := 0
	for _, c := range header {
		sum += int(c)
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
	r := readPipe(t, data, Options{})
	if len(r.streams) != 1 || r.streams[0].path != "in!big.log" || r.text() != text || len(r.codes()) > 0 {
		t.Errorf("got %v, remarks %v", r.streams, r.codes())
	}
}

func TestTarLinksAndDevicesAreCounted(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []tar.Header{
		{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/shadow"},
		{Name: "h", Typeflag: tar.TypeLink, Linkname: "l"},
		{Name: "d/", Typeflag: tar.TypeDir},
		{Name: "fifo", Typeflag: tar.TypeFifo},
	} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := readPipe(t, b.Bytes(), Options{})
	if want := []string{"in arch.link", "in arch.special"}; !slices.Equal(r.codes(), want) || len(r.streams) != 0 {
		t.Errorf("got %v, %v", r.codes(), r.streams)
	}
}

// sparseTar is a GNU sparse file of the old form: a terabyte of which two
// lines are data.
func sparseTar() []byte {
	h := make([]byte, 512)
	copy(h, "sparse.log")
	copy(h[100:], "0000600\x00")
	copy(h[124:], fmt.Sprintf("%011o\x00", 1024))
	h[156] = 'S'
	copy(h[257:], "ustar  \x00")
	copy(h[386:], fmt.Sprintf("%011o\x00%011o\x00", 0, 512))
	copy(h[410:], fmt.Sprintf("%011o\x00%011o\x00", 1<<32, 512))
	h[482] = 0
	copy(h[483:], "\x80\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00")
	copy(h[148:], "        ")
	sum := 0
	for _, b := range h {
		sum += int(b)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	data := slices.Concat(h, bytes.Repeat([]byte("one\n"), 128), bytes.Repeat([]byte("two\n"), 128), make([]byte, 1024))
	return data
}

func TestHolesAreLeftOut(t *testing.T) {
	r := readPipe(t, sparseTar(), Options{})
	if want := strings.Repeat("one\n", 128) + strings.Repeat("two\n", 128); r.text() != want || !r.has(CodeSparse) || r.gaps() {
		t.Errorf("got %d bytes, %v", len(r.text()), r.codes())
	}
}

func FuzzTar(f *testing.F) {
	f.Add(tarOf(f, three()...))
	f.Add(sparseTar())
	f.Add(tarOf(f, file{strings.Repeat("long/", 60) + "x", []byte("x")}))
	f.Fuzz(func(t *testing.T, data []byte) {
		// In front of it stands a member that must be found whatever follows.
		first := tarOf(t, file{"sentinel", []byte("sentinel\n")})[:1024]
		r := readPipe(t, append(first, data...), Options{MaxExpanded: 1 << 20, MaxMembers: 100})
		if len(r.streams) == 0 || r.streams[0].text != "sentinel\n" {
			t.Errorf("the first member is lost")
		}
	})
}

// tarBlockOf is a header of the GNU dialect and its data.
func tarBlockOf(name string, flag byte, data string) []byte {
	h := make([]byte, 512)
	copy(h, name)
	copy(h[100:], "0000600\x00")
	copy(h[124:], fmt.Sprintf("%011o\x00", len(data)))
	h[156] = flag
	copy(h[257:], "ustar  \x00")
	copy(h[148:], "        ")
	sum := 0
	for _, b := range h {
		sum += int(b)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	return append(append(h, data...), make([]byte, -len(data)&511)...)
}

func TestWhatATarHeaderHoldsBesidesNamesIsRead(t *testing.T) {
	record := strings.Repeat("type=USER_CMD a record\n", 300)
	for _, c := range []struct{ name, meta, flag, want string }{
		{"records for attributes", record, "x", record},
		{"behind attributes", "12 path=new\n" + record, "x", record},
		{"for all members", record, "g", record},
		{"behind a long name", "new\x00" + record, "L", "\x00" + record},
		{"for a long name", record, "L", record},
		{"for the name of a link", record, "K", record},
		{"attributes", "12 path=new\n", "x", ""},
		{"a long name, filled up", "new\x00\x00\x00", "L", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := slices.Concat(tarBlockOf("meta", c.flag[0], c.meta), tarBlockOf("old", '0', "text\n"), make([]byte, 1024))
			r := readPipe(t, data, Options{})
			if r.text() != c.want+"text\n" {
				t.Errorf("read %.60q, want %.60q and the member; %v", r.text(), c.want, r.codes())
			}
			if r.has(CodeUnnamed) != (c.want != "") {
				t.Errorf("remarks %v", r.codes())
			}
		})
	}
}
