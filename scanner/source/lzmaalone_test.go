package source

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"
)

func TestLZMAAlone(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "record %d of many: %x\n", i, i*i*7919)
	}
	text := b.String()
	for name, c := range map[string]lzma.WriterConfig{
		"with an end mark":  {EOSMarker: true},
		"with its length":   {SizeInHeader: true, Size: int64(len(text))},
		"with both of them": {SizeInHeader: true, Size: int64(len(text)), EOSMarker: true},
	} {
		c.DictCap = 1 << 16
		packed := packWith(t, []byte(text), func(w io.Writer) (io.WriteCloser, error) { return c.NewWriter(w) })
		r := readPipe(t, packed, Options{})
		if r.text() != text || len(r.codes()) != 0 || r.streams[0].codecs != "lzma" {
			t.Errorf("%s: %d bytes, %v", name, len(r.text()), r.codes())
		}
		r = readPipe(t, packed[:len(packed)/2], Options{})
		if got := r.text(); len(got) < len(text)/3 || !strings.HasPrefix(text, got) || !slices.Equal(r.codes(), []string{"in comp.truncated!"}) {
			t.Errorf("%s, cut: %d bytes, %v", name, len(got), r.codes())
		}
		bad := bytes.Clone(packed)
		bad[len(bad)/2] ^= 0x55
		if r = readPipe(t, bad, Options{}); !r.gaps() || r.streams[0].text[:len(text)/3] != text[:len(text)/3] {
			t.Errorf("%s, damaged: %d bytes, %v", name, len(r.text()), r.codes())
		}
		r = readPipe(t, append(packed, "plain text\n"...), Options{})
		if r.text() != text+"plain text\n" || !slices.Equal(r.codes(), []string{"in comp.trailing"}) {
			t.Errorf("%s, with text behind it: %d bytes, %v", name, len(r.text()), r.codes())
		}
	}
}
