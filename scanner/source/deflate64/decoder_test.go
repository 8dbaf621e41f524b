package deflate64

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// A packer writes blocks with the fixed codes, and keeps what they stand for.
type packer struct {
	out   []byte
	bits  uint64
	count uint
	text  []byte
}

// put writes the n lowest bits of v, lowest first.
func (p *packer) put(v int, n uint) {
	p.bits |= uint64(v) << p.count
	for p.count += n; p.count >= 8; p.count -= 8 {
		p.out = append(p.out, byte(p.bits))
		p.bits >>= 8
	}
}

// code writes the fixed code of a literal or length.
func (p *packer) code(symbol int) {
	switch {
	case symbol < 144:
		p.put(reversed(0x30+symbol, 8), 8)
	case symbol < 256:
		p.put(reversed(0x190+symbol-144, 9), 9)
	case symbol < 280:
		p.put(reversed(symbol-256, 7), 7)
	default:
		p.put(reversed(0xc0+symbol-280, 8), 8)
	}
}

func (p *packer) begin(last bool) {
	if last {
		p.put(1, 1)
	} else {
		p.put(0, 1)
	}
	p.put(1, 2)
}

func (p *packer) end() { p.code(endOfBlock) }

func (p *packer) literal(b byte) {
	p.code(int(b))
	p.text = append(p.text, b)
}

// repeat writes a match; long asks for the code that only Deflate64 has.
func (p *packer) repeat(length, back int, long bool) {
	i := len(lengths) - 1
	for ; !long && (i == len(lengths)-1 || lengths[i].base > length); i-- {
	}
	p.code(endOfBlock + 1 + i)
	p.put(length-lengths[i].base, lengths[i].bits)
	i = len(distances) - 1
	for ; distances[i].base > back; i-- {
	}
	p.put(reversed(i, 5), 5)
	p.put(back-distances[i].base, distances[i].bits)
	for range length {
		p.text = append(p.text, p.text[len(p.text)-back])
	}
}

// stored writes a block that is not packed.
func (p *packer) stored(text []byte) {
	p.put(0, 3)
	p.put(0, -p.count&7)
	p.put(len(text), 16)
	p.put(^len(text)&0xffff, 16)
	p.out = append(p.out, text...)
	p.text = append(p.text, text...)
}

func (p *packer) bytes() []byte {
	q := *p
	q.put(0, -q.count&7)
	return q.out
}

// sample is a stream of n random matches and literals, and what it stands for.
func sample(seed uint64, n int) (packed, text []byte) {
	random := rand.New(rand.NewPCG(seed, 64))
	var p packer
	for i := range n {
		p.begin(i == n-1)
		for range random.IntN(40) {
			p.literal(byte(random.Uint32()))
		}
		if have := len(p.text); have > 0 {
			back := 1 + random.IntN(min(have, windowSize))
			p.repeat(3+random.IntN(255), back, false)
			p.repeat(3+random.IntN(1<<16), 1+random.IntN(min(have, windowSize)), true)
			p.repeat(3, min(have, windowSize), true)
		}
		p.end()
		if random.IntN(3) == 0 && i < n-1 {
			p.stored(p.text[:random.IntN(min(len(p.text)+1, 1<<16))])
		}
	}
	return p.bytes(), p.text
}

func unpack(r io.Reader) (text []byte, unused int, err error) {
	var d Decoder
	d.Reset(r)
	text, err = io.ReadAll(&d)
	return text, d.Buffered(), err
}

// TestWhatOnlyDeflate64Has: long matches, from far back, in any pieces.
func TestWhatOnlyDeflate64Has(t *testing.T) {
	for seed := range uint64(8) {
		packed, text := sample(seed, 12)
		for name, r := range map[string]io.Reader{
			"whole":     bytes.NewReader(packed),
			"by byte":   iotest.OneByteReader(bytes.NewReader(packed)),
			"with data": iotest.DataErrReader(bytes.NewReader(packed)),
		} {
			got, unused, err := unpack(r)
			if err != nil || unused != 0 || !bytes.Equal(got, text) {
				t.Fatalf("seed %d, %s: %d bytes of %d, %d unused, %v", seed, name, len(got), len(text), unused, err)
			}
		}
		var d Decoder
		d.Reset(bytes.NewReader(packed))
		if err := iotest.TestReader(&d, text); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// TestItIsDeflateWhereNothingRepeatsForLong: there the two are the same, with codes made
// for each block.
func TestItIsDeflateWhereNothingRepeatsForLong(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var text []byte
	for i := 0; len(text) < 1<<20; i++ {
		text = fmt.Appendf(text, "%d audit: type=SYSCALL msg=%x success=yes\n", i, random.Uint64())
	}
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Write(text); err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("behind")
		got, unused, err := unpack(&b)
		if err != nil || unused+b.Len() != len("behind") || !bytes.Equal(got, text) {
			t.Errorf("level %d: %d bytes of %d, %d left, %v", level, len(got), len(text), unused+b.Len(), err)
		}
	}
}

// TestEveryByteBeforeTheEndIsDelivered: wherever the data are cut.
func TestEveryByteBeforeTheEndIsDelivered(t *testing.T) {
	packed, text := sample(3, 2)
	last := 0
	for n := range packed {
		got, _, err := unpack(bytes.NewReader(packed[:n]))
		if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(text, got) || len(got) < last {
			t.Fatalf("cut at %d: %d bytes behind %d, %v", n, len(got), last, err)
		}
		last = len(got)
	}
	if last < len(text)-1<<16 {
		t.Errorf("all but one byte gives %d bytes of %d", last, len(text))
	}
	broken := errors.New("the disk is broken")
	got, _, err := unpack(io.MultiReader(bytes.NewReader(packed[:20]), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(got) == 0 {
		t.Errorf("a source that fails: %d bytes, %v", len(got), err)
	}
}

// TestWhatCannotBe: damage is told as such.
func TestWhatCannotBe(t *testing.T) {
	var far, none packer
	far.begin(true)
	far.literal('a')
	far.text = make([]byte, 9) // the packer takes more to be there
	far.repeat(3, 5, false)
	none.begin(true)
	none.code(286)
	for name, packed := range map[string][]byte{
		"reserved type":       {0x07},
		"stored length":       {0x01, 1, 0, 1, 0},
		"match from nowhere":  far.bytes(),
		"code with no length": none.bytes(),
		"codes not complete":  {0x05, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		if got, _, err := unpack(bytes.NewReader(append(packed, make([]byte, 64)...))); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// FuzzDecoder: whatever is decoded comes the same in small pieces.
func FuzzDecoder(f *testing.F) {
	var p packer // small: the fuzzer tries to make whatever it finds smaller
	p.begin(false)
	p.literal('a')
	p.repeat(1<<16, 1, true)
	p.repeat(9, 1<<16-1, false)
	p.end()
	p.stored([]byte("b"))
	p.begin(true)
	p.end()
	f.Add(p.bytes())
	var dynamic bytes.Buffer
	w, err := flate.NewWriter(&dynamic, flate.HuffmanOnly)
	if err == nil {
		_, err = w.Write([]byte("a record and another record"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Add(dynamic.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 20
		var whole, pieces Decoder
		whole.Reset(bytes.NewReader(data))
		pieces.Reset(iotest.OneByteReader(bytes.NewReader(data)))
		want, err := io.ReadAll(io.LimitReader(&whole, most))
		got, errOfPieces := io.ReadAll(io.LimitReader(iotest.HalfReader(&pieces), most))
		if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(errOfPieces) {
			t.Fatalf("%d bytes, %v; in pieces %d, %v", len(want), err, len(got), errOfPieces)
		}
		if whole.Buffered() > len(data) {
			t.Errorf("%d bytes unused of %d", whole.Buffered(), len(data))
		}
	})
}
