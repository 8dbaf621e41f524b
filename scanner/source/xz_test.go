package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"
)

// xzOf makes a stream of LZMA2 chunks that are stored, one block a text. The
// blocks say how long they are.
func xzOf(flag byte, texts ...string) []byte {
	le := binary.LittleEndian
	sealed := func(p []byte) []byte { return le.AppendUint32(p, crc32.ChecksumIEEE(p)) }
	out := append([]byte("\xfd7zXZ\x00"), sealed([]byte{0, flag})...)
	index := binary.AppendUvarint([]byte{0}, uint64(len(texts)))
	for _, text := range texts {
		data := append([]byte{1, byte((len(text) - 1) >> 8), byte(len(text) - 1)}, text...)
		data = append(data, 0)
		head := binary.AppendUvarint([]byte{3, 0xc0}, uint64(len(data)))
		head = binary.AppendUvarint(head, uint64(len(text)))
		head = append(head, 0x21, 1, 0)
		head = sealed(append(head, make([]byte, 12-len(head))...))
		sum, n := xzSum(flag)
		check := make([]byte, n)
		if sum != nil {
			sum.Write([]byte(text))
			check = xzSumBytes(n, sum.Sum(nil))
		}
		index = binary.AppendUvarint(index, uint64(len(head)+len(data)+len(check)))
		index = binary.AppendUvarint(index, uint64(len(text)))
		out = slices.Concat(out, head, data, make([]byte, -len(data)&3), check)
	}
	index = sealed(append(index, make([]byte, -len(index)&3)...))
	foot := append(le.AppendUint32(nil, uint32(len(index)/4-1)), 0, flag)
	foot = append(le.AppendUint32(nil, crc32.ChecksumIEEE(foot)), foot...)
	return slices.Concat(out, index, foot, []byte("YZ"))
}

func TestXzChecksumsOfEveryKind(t *testing.T) {
	for flag := range byte(16) {
		data := xzOf(flag, "one\n", "two, a little longer\n", "three\n")
		r := readPipe(t, data, Options{})
		if r.text() != "one\ntwo, a little longer\nthree\n" || len(r.codes()) != 0 {
			t.Errorf("%d: %q, %v", flag, r.text(), r.codes())
		}
		bad := bytes.Replace(data, []byte("two"), []byte("TWO"), 1)
		r = readPipe(t, bad, Options{})
		sum, _ := xzSum(flag)
		if !strings.HasSuffix(r.text(), "three\n") || r.has(CodeChecksum) != (sum != nil) {
			t.Errorf("%d, damaged: %q, %v", flag, r.text(), r.codes())
		}
	}
}

func TestXzIsSealedByItsIndexAndFooter(t *testing.T) {
	data := xzOf(1, "one\n", "two\n")
	from := bytes.Index(data, []byte("two\n"))
	for i := from + 4; i < len(data); i++ {
		bad := bytes.Clone(data)
		bad[i] ^= 0x11
		r := readPipe(t, bad, Options{})
		if !strings.HasPrefix(r.text(), "one\ntwo\n") || !r.gaps() {
			t.Errorf("byte %d of %d: %q, %v", i, len(data), r.text(), r.codes())
		}
	}
}

func TestACutChunkOfXzIsDecodedAsFarAsItGoes(t *testing.T) {
	var b strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&b, "record %d of many: %x\n", i, i*i*7919)
	}
	packed := packWith(t, []byte(b.String()), func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) })
	last := 0
	for n := 100; n < len(packed)-40; n += 499 {
		r := readPipe(t, packed[:n], Options{})
		if got := r.text(); !strings.HasPrefix(b.String(), got) || len(got) < last || !slices.Equal(r.codes(), []string{"in comp.truncated!"}) {
			t.Fatalf("cut at %d of %d: %d bytes, %v", n, len(packed), len(got), r.codes())
		}
		last = len(r.text())
	}
	if last < b.Len()/2 {
		t.Errorf("cut near the end, %d bytes of %d are delivered", last, b.Len())
	}
}

func TestXzGoesOnBehindABlockThatCannotBeDecoded(t *testing.T) {
	data := xzOf(4, "one\n", "two\n", "three\n", "four\n")
	at := bytes.Index(data, []byte("two\n"))
	bad := bytes.Clone(data)
	bad[at-3] = 0x7f // what kind of chunk it is
	r := readPipe(t, bad, Options{})
	if r.text() != "one\nthree\nfour\n" || !slices.Equal(r.codes(), []string{"in comp.damaged!"}) {
		t.Errorf("%q, %v", r.text(), r.codes())
	}
	if r := readPipe(t, bad[:at+2], Options{}); r.text() != "one\n" || !r.gaps() {
		t.Errorf("cut behind it: %q, %v", r.text(), r.codes())
	}
}
