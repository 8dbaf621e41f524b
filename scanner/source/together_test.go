package source

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// bgzf packs data in members of so many bytes each, and the empty one at the end
// that bgzip writes.
func bgzf(t testing.TB, data []byte, each int) []byte {
	t.Helper()
	var out bytes.Buffer
	for len(data) > 0 {
		n := min(each, len(data))
		out.Write(bgzfMember(t, data[:n]))
		data = data[n:]
	}
	out.Write(bgzfMember(t, nil))
	return out.Bytes()
}

func bgzfMember(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x06\x00BC\x02\x00\x00\x00")
	w, err := flate.NewWriter(&b, 6)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	m := binary.LittleEndian.AppendUint32(b.Bytes(), crc32.ChecksumIEEE(data))
	m = binary.LittleEndian.AppendUint32(m, uint32(len(data)))
	binary.LittleEndian.PutUint16(m[16:], uint16(len(m)-1))
	return m
}

// frames packs data in zstd frames of so many bytes each, which say so.
func frames(t testing.TB, data []byte, each int, checksum bool) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(checksum))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var out []byte
	for len(data) > 0 {
		n := min(each, len(data))
		out = w.EncodeAll(data[:n], out)
		data = data[n:]
	}
	return out
}

// togetherInputs are files whose members say how long they are.
func togetherInputs(t testing.TB) map[string][]byte {
	text := longText(9, 700<<10)
	return map[string][]byte{
		"bgzf":       bgzf(t, text, 0xff00),
		"small bgzf": bgzf(t, text[:100<<10], 3000),
		"zstd":       frames(t, text, 50_000, true),
		"zstd, bare": frames(t, text, 30_000, false),
		"mixed":      bytes.Join([][]byte{bgzf(t, text[:200<<10], 9000), gz(t, text[:90<<10]), bgzf(t, text[:200<<10], 9000)}, nil),
		"skippable":  bytes.Join([][]byte{frames(t, text[:200<<10], 9000, true), []byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), frames(t, text[:200<<10], 9000, true)}, nil),
		"padded":     append(bgzf(t, text[:200<<10], 9000), make([]byte, 700)...),
		"trailing":   append(frames(t, text[:200<<10], 9000, true), text[:50<<10]...),
		"tar":        tarOf(t, file{"a.bgzf", bgzf(t, text, 0xff00)}, file{"b.zst", frames(t, text, 50_000, true)}),
	}
}

// alike reads data with idle cores and without, and compares all that is told.
func alike(t *testing.T, what string, data []byte, o Options) {
	t.Helper()
	want := fmt.Sprint(readPipe(t, data, o))
	o.Cores = NewCores(4)
	if got := fmt.Sprint(readPipe(t, data, o)); got != want {
		t.Errorf("%s: something else was delivered or told", what)
	}
	if n := o.Cores.busy.Load(); n != 0 {
		t.Errorf("%s: %d cores are busy at the end", what, n)
	}
}

func TestMembersDecodedTogetherGiveTheSame(t *testing.T) {
	for name, data := range togetherInputs(t) {
		alike(t, name, data, Options{})
		for _, most := range []int64{1, 9000, 9001, 18_001, 150_000} {
			alike(t, fmt.Sprintf("%s, at most %d bytes", name, most), data, Options{MaxExpanded: most})
		}
	}
}

func TestDamageToMembersDecodedTogetherIsToldTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for name, data := range togetherInputs(t) {
		for range 25 {
			at := r.Intn(len(data))
			damaged := bytes.Clone(data)
			switch r.Intn(4) {
			case 0:
				damaged = damaged[:at]
			case 1:
				damaged = append(damaged[:at], damaged[min(len(data), at+1+r.Intn(500)):]...)
			default:
				damaged[at] ^= 1 << r.Intn(8)
			}
			alike(t, fmt.Sprintf("%s, damaged at %d", name, at), damaged, Options{})
		}
	}
}

// A header that lies must not move a byte.
func TestLyingLengthsAreNotBelieved(t *testing.T) {
	text := longText(5, 120<<10)
	whole := bgzf(t, text, 2000)
	var starts []int
	for at := 0; at < len(whole); {
		starts = append(starts, at)
		at += int(binary.LittleEndian.Uint16(whole[at+16:])) + 1
	}
	r := rand.New(rand.NewSource(2))
	for range 60 {
		lying := bytes.Clone(whole)
		i := r.Intn(len(starts) - 2)
		size := lying[starts[i]+16:]
		next := int(binary.LittleEndian.Uint16(size)) + 1
		switch r.Intn(6) {
		case 0:
			binary.LittleEndian.PutUint16(size, uint16(next)) // one too many
		case 1:
			binary.LittleEndian.PutUint16(size, uint16(next-2)) // one too few
		case 2:
			binary.LittleEndian.PutUint16(size, uint16(starts[i+2]-starts[i]-1)) // two members
		case 3:
			binary.LittleEndian.PutUint16(size, uint16(r.Intn(1<<16)))
		case 4:
			binary.LittleEndian.PutUint32(lying[starts[i+1]-4:], uint32(r.Intn(1<<17))) // of the text
		case 5:
			lying[starts[i]+14]++ // of the extra field
		}
		alike(t, fmt.Sprint("member ", i), lying, Options{})
	}
}

// The tests above would hold if nothing was ever decoded together.
func TestMembersAreDecodedTogether(t *testing.T) {
	inputs := togetherInputs(t)
	for name, kind := range map[string]*codecKind{"bgzf": gzipKind, "small bgzf": gzipKind, "zstd": zstdKind, "zstd, bare": zstdKind} {
		w := &walk{o: Options{Cores: NewCores(4)}.withDefaults()}
		tp := newTape(bytes.NewReader(inputs[name]))
		l := w.layer(tp, kind, func(Remark) {})
		if len(l.decoded) < leastTogether {
			t.Errorf("%s: %d members were decoded together", name, len(l.decoded))
		}
		l.close()
		tp.release()
	}
	if _, ok := bgzfExtent(gz(t, longText(1, 1000))); ok {
		t.Error("gzip without the extra field is guessed to have one")
	}
}

func FuzzTogether(f *testing.F) {
	text := longText(3, 1500) // small: each input is decoded twice, by several goroutines
	f.Add(bgzf(f, text, 300))
	f.Add(frames(f, text, 300, true))
	f.Add(append(bgzf(f, text[:900], 200), gz(f, text[:500])...))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{MaxExpanded: 64 << 10}
		want := fmt.Sprint(readPipe(t, data, o))
		o.Cores = NewCores(3)
		if fmt.Sprint(readPipe(t, data, o)) != want {
			t.Error("something else was delivered or told")
		}
	})
}
