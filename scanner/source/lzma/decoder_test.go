package lzma

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/ulikunitz/xz/lzma"
)

const dict = 1 << 16

// text is a log of n bytes, with stretches that do not compress.
func text(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `{"kind":"Event","auditID":"%08x","verb":"get","stage":"ResponseComplete"}`+"\n", random.Uint32())
		if i%500 == 499 {
			noise := make([]byte, 1<<10)
			for j := range noise {
				noise[j] = byte(random.Uint32())
			}
			b.Write(noise)
		}
	}
	return b.Bytes()[:n]
}

// pack makes LZMA2 of data, with an end mark.
func pack(t testing.TB, data []byte, c lzma.Writer2Config) []byte {
	t.Helper()
	var b bytes.Buffer
	c.DictCap = dict
	w, err := c.NewWriter2(&b)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packAlone makes LZMA of data, with an end mark, and returns its properties.
func packAlone(t testing.TB, data []byte) ([5]byte, []byte) {
	t.Helper()
	var b bytes.Buffer
	w, err := lzma.WriterConfig{DictCap: dict, EOSMarker: true}.NewWriter(&b)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return [5]byte(b.Bytes()), b.Bytes()[13:]
}

func TestChunksOfEveryKindAreDecoded(t *testing.T) {
	noise := make([]byte, 300<<10)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "a byte": []byte("x"), "a run": bytes.Repeat([]byte("a"), 5<<20), "a log": text(3 << 20),
		"noise": noise, "noise in a log": append(append(text(1<<20), noise...), text(1<<20)...),
	} {
		for _, p := range []lzma.Properties{{LC: 3, LP: 0, PB: 2}, {LC: 0, LP: 4, PB: 4}, {LC: 1, LP: 3, PB: 0}} {
			d := new(Decoder)
			d.Reset(bytes.NewReader(pack(t, data, lzma.Writer2Config{Properties: &p})), dict)
			if got, err := io.ReadAll(d); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s, %v: %d bytes of %d, %v", name, p, len(got), len(data), err)
			}
		}
		props, packed := packAlone(t, data)
		d := new(Decoder)
		d.ResetAlone(bytes.NewReader(packed), props, -1)
		if got, err := io.ReadAll(d); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s, alone: %d bytes of %d, %v", name, len(got), len(data), err)
		}
		d.ResetAlone(bytes.NewReader(packed), props, int64(len(data)))
		if got, err := io.ReadAll(d); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s, alone, of known size: %d bytes of %d, %v", name, len(got), len(data), err)
		}
	}
}

func TestWhatStandsBeforeACutIsDelivered(t *testing.T) {
	data := text(300 << 10)
	packed := pack(t, data, lzma.Writer2Config{})
	props, alone := packAlone(t, data)
	d := new(Decoder)
	before := [2]int{}
	for cut := 0; cut < len(alone); cut += 97 {
		for i, c := range [][]byte{packed[:min(cut, len(packed)-1)], alone[:cut]} {
			if i == 0 {
				d.Reset(bytes.NewReader(c), dict)
			} else {
				d.ResetAlone(bytes.NewReader(c), props, -1)
			}
			got, err := io.ReadAll(d)
			if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(data, got) {
				t.Fatalf("cut at %d: %d bytes, %v", cut, len(got), err)
			}
			if len(got) < before[i] {
				t.Fatalf("cut at %d: %d bytes; of less, %d", cut, len(got), before[i])
			}
			before[i] = len(got)
		}
	}
	if least := len(data) - 2<<10; before[0] < least || before[1] < least {
		t.Errorf("cut at the end: %d bytes of %d", before, len(data))
	}
}

func TestDamageIsNoticedWhereTheLibraryDoes(t *testing.T) {
	data := text(40 << 10)
	packed := pack(t, data, lzma.Writer2Config{})
	d := new(Decoder)
	for i := 0; i < len(packed); i += 5 {
		bad := bytes.Clone(packed)
		bad[i] ^= byte(1 << (i % 8))
		d.Reset(bytes.NewReader(bad), dict)
		got, noticed := io.ReadAll(d)
		other, err := lzma.Reader2Config{DictCap: dict}.NewReader2(bytes.NewReader(bad))
		if err != nil {
			continue
		}
		want, wrong := io.ReadAll(other)
		if wrong != nil && noticed == nil {
			t.Fatalf("byte %d: no damage, the library says %v", i, wrong)
		}
		if !bytes.HasPrefix(got, want) || wrong == nil && !bytes.Equal(got, want) {
			t.Fatalf("byte %d: %d bytes, the library gives %d and says %v", i, len(got), len(want), wrong)
		}
	}
}

func TestAFailingSourceIsTold(t *testing.T) {
	failed := errors.New("failed")
	packed := pack(t, text(200<<10), lzma.Writer2Config{})
	for _, cut := range []int{0, 3, len(packed) / 2, len(packed) - 1} {
		d := new(Decoder)
		d.Reset(io.MultiReader(iotest.OneByteReader(bytes.NewReader(packed[:cut])), iotest.ErrReader(failed)), dict)
		if _, err := io.ReadAll(d); !errors.Is(err, failed) {
			t.Errorf("after %d bytes: %v", cut, err)
		}
	}
}

func TestMemoryFollowsTheData(t *testing.T) {
	packed := pack(t, text(10<<10), lzma.Writer2Config{})
	d := new(Decoder)
	d.Reset(bytes.NewReader(packed), 1<<40)
	if _, err := io.ReadAll(d); err != nil || len(d.window) > minWindow {
		t.Errorf("a window of %d bytes, %v", len(d.window), err)
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(pack(f, text(3<<10), lzma.Writer2Config{}), uint8(7))
	f.Add([]byte{1, 0, 1, 'a', 'b', 0xe0, 0, 9, 0, 9, 0x5d, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		whole, pieces := new(Decoder), new(Decoder)
		whole.Reset(bytes.NewReader(data), minDict)
		want, err := io.ReadAll(io.LimitReader(whole, 1<<20))
		pieces.Reset(iotest.HalfReader(bytes.NewReader(data)), minDict)
		var got []byte
		buf := make([]byte, 1+int(step))
		var other error
		for other == nil && len(got) < len(want) {
			n := 0
			n, other = pieces.Read(buf[:min(len(buf), len(want)-len(got))])
			got = append(got, buf[:n]...)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%d bytes at once, %v; %d in pieces, %v", len(want), err, len(got), other)
		}
	})
}

// FuzzAlone: whatever stands in the header and behind it, there are no more bytes than
// the header says, and no others in pieces than at once.
func FuzzAlone(f *testing.F) {
	properties, packed := packAlone(f, text(1<<10))
	f.Add(append(properties[:], packed...), int64(1<<10))
	f.Add(append(properties[:], packed...), int64(0))
	f.Add(append(properties[:], packed...), int64(-1))
	f.Fuzz(func(t *testing.T, data []byte, size int64) {
		if len(data) < len(properties) || size < -1 {
			return
		}
		read := func(src io.Reader) []byte {
			d := new(Decoder)
			d.ResetAlone(src, [5]byte(data), size)
			out, _ := io.ReadAll(io.LimitReader(d, 1<<20)) // what the error is does not matter here
			return out
		}
		behind := data[len(properties):]
		want, got := read(bytes.NewReader(behind)), read(iotest.OneByteReader(bytes.NewReader(behind)))
		if !bytes.Equal(got, want) || size >= 0 && int64(len(want)) > size {
			t.Fatalf("%d bytes at once, %d byte by byte, of %d", len(want), len(got), size)
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	data := text(4 << 20)
	packed := pack(b, data, lzma.Writer2Config{})
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		d := new(Decoder)
		for b.Loop() {
			d.Reset(bytes.NewReader(packed), dict)
			if _, err := io.Copy(io.Discard, d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			r, err := lzma.Reader2Config{DictCap: dict}.NewReader2(bytes.NewReader(packed))
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
