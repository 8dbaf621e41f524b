package source

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestRefereeReadsTheSame reads sound and damaged gzip with both decoders: what
// is read, and where members end, must not differ.
func TestRefereeReadsTheSame(t *testing.T) {
	text := bytes.Repeat([]byte("type=SYSCALL msg=audit(1773014400.062:10002): arch=c000003e syscall=42\n"), 4000)
	one := gz(t, text)
	cases := map[string][]byte{
		"one":      one,
		"two":      append(bytes.Clone(one), gz(t, []byte("second\n"))...),
		"trailing": append(bytes.Clone(one), "something else"...),
		"checksum": func() []byte { b := bytes.Clone(one); b[len(b)-6] ^= 1; return b }(),
	}
	for name, data := range cases {
		var out, marks [2]string
		for i, inflate := range []string{InflateOwn, InflateKlauspost} {
			path := filepath.Join(t.TempDir(), "log.gz")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			err := Find(context.Background(), []string{path}, func(in Input) error {
				return in.Streams(context.Background(), Options{Inflate: inflate}, func(s *Stream) error {
					b, err := io.ReadAll(s)
					out[i] += string(b)
					return err
				}, func(m *Member) {
					for _, r := range m.Remarks {
						marks[i] += r.Code + " "
					}
				})
			}, func(Skipped) {})
			if err != nil {
				t.Fatal(err)
			}
		}
		if out[0] != out[1] || marks[0] != marks[1] {
			t.Errorf("%s: %d bytes, %q; klauspost: %d bytes, %q", name, len(out[0]), marks[0], len(out[1]), marks[1])
		}
		if len(out[0]) < len(text) {
			t.Errorf("%s: %d bytes", name, len(out[0]))
		}
	}
}
