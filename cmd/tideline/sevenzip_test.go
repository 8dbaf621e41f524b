package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/fixtures/hostile"
	"tideline/scanner/source"
)

// unpacked is what package source makes of data with the real opener: the text
// of all streams, and the codes of what was remarked.
func unpacked(t testing.TB, data []byte, o source.Options) (text string, codes []string, gaps bool) {
	t.Helper()
	o.Stdin, o.SevenZip = bytes.NewReader(data), openSevenZip
	visit := func(s *source.Stream) error {
		part, err := io.ReadAll(s)
		text += string(part)
		return err
	}
	done := func(m *source.Member) {
		for _, r := range m.Remarks {
			codes, gaps = append(codes, r.Code), gaps || r.Gap
		}
	}
	if err := source.Find(context.Background(), []string{"-"}, func(in source.Input) error {
		return in.Streams(context.Background(), o, visit, done)
	}, func(s source.Skipped) { t.Errorf("%s: %s", s.Path, s.Reason) }); err != nil {
		t.Fatal(err)
	}
	return text, codes, gaps
}

func TestSevenZip(t *testing.T) {
	text, codes, _ := unpacked(t, hostile.SevenZip("var/log/audit.log", []byte("text in a 7z\n")), source.Options{})
	if text != "text in a 7z\n" || len(codes) > 0 {
		t.Errorf("%q, %v", text, codes)
	}
}

// TestASevenZipOfAnotherMethod: what nothing here unpacks is not called damaged. The
// archive is of 7-Zip 16.02 (-m0=Deflate64).
func TestASevenZipOfAnotherMethod(t *testing.T) {
	data, err := hex.DecodeString("377abcaf271c000430d403530b000000000000005200000000000000aad4ed1a010600f9ff61756469740a0104060001" +
		"090b00070b010001030401090c0600080a01f4d79c1b00000501190c000000000000000000000000110d0061002e007400780074000000140a01005fc1ff62e080dd01150601002080a4810000")
	if err != nil {
		t.Fatal(err)
	}
	if text, codes, gaps := unpacked(t, data, source.Options{}); text != "" || !slices.Equal(codes, []string{source.CodeMethod}) || !gaps {
		t.Errorf("%q, %v", text, codes)
	}
}

func TestADamagedSevenZipIsAGap(t *testing.T) {
	data := hostile.SevenZip("a", []byte("text in a 7z\n"))
	for n := 8; n < len(data); n++ {
		if text, codes, gaps := unpacked(t, data[:n], source.Options{}); !gaps {
			t.Errorf("cut at %d: %q, %v", n, text, codes)
		}
	}
	for i := 8; i < len(data); i++ { // what is before are magic number and version
		bad := bytes.Clone(data)
		bad[i] ^= 0x55
		if text, codes, gaps := unpacked(t, bad, source.Options{}); !gaps && text != "text in a 7z\n" {
			t.Errorf("byte %d: %q, %v", i, text, codes)
		}
	}
}

// packer makes archives of two logs with the program 7z, where that is installed.
func packer(t *testing.T, log string) func(t *testing.T, flags ...string) []byte {
	t.Helper()
	tool, err := exec.LookPath("7z")
	if err != nil {
		if tool, err = exec.LookPath("7zr"); err != nil {
			t.Skip("no 7z here")
		}
	}
	dir := t.TempDir()
	first, second := filepath.Join(dir, "audit.log"), filepath.Join(dir, "audit.log.1")
	for _, name := range []string{first, second} {
		if err := os.WriteFile(name, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(t *testing.T, flags ...string) []byte {
		t.Helper()
		file := filepath.Join(t.TempDir(), "packed.7z")
		if out, err := exec.Command(tool, slices.Concat([]string{"a", "-bd"}, flags, []string{file, first, second})...).CombinedOutput(); err != nil {
			t.Skipf("7z %v: %v: %.200s", flags, err, out)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

// TestSevenZipOfTheTool reads what the program 7z writes, under a password too.
func TestSevenZipOfTheTool(t *testing.T) {
	want := strings.Repeat("a line of a log\n", 10000)
	both, pack := want+want, packer(t, want)
	for name, c := range map[string]struct {
		flags []string
		given []string
		want  string
		code  string
	}{
		"LZMA2":                  {nil, nil, both, ""},
		"LZMA":                   {[]string{"-m0=LZMA"}, nil, both, ""},
		"BZip2":                  {[]string{"-m0=BZip2"}, nil, both, ""},
		"Deflate":                {[]string{"-m0=Deflate"}, nil, both, ""},
		"two folders":            {[]string{"-ms=off", "-pinfected"}, nil, both, ""},
		"infected":               {[]string{"-pinfected"}, nil, both, ""},
		"a password given":       {[]string{"-phorse"}, []string{"cow", "horse"}, both, ""},
		"a password nobody has":  {[]string{"-phorse"}, nil, "", source.CodeEncrypted},
		"names under a password": {[]string{"-phorse", "-mhe=on"}, []string{"horse"}, "", source.CodeEncrypted},
	} {
		t.Run(name, func(t *testing.T) {
			text, codes, gaps := unpacked(t, pack(t, c.flags...), source.Options{Passwords: c.given})
			if text != c.want || gaps != (c.code != "") || c.code != "" && !slices.Contains(codes, c.code) {
				t.Errorf("%d of %d bytes, %v", len(text), len(c.want), codes)
			}
		})
	}
}

// TestADamagedSevenZipOfTheTool: what is before the damage is read, and the members
// behind it too where they are packed apart, under a password or not.
func TestADamagedSevenZipOfTheTool(t *testing.T) {
	var log strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&log, "line %d of a log %x\n", i, sha256.Sum256([]byte{byte(i), byte(i >> 8)})) // so that it stays long when packed
	}
	log.WriteString("the end\n")
	pack := packer(t, log.String())
	for name, c := range map[string]struct {
		flags []string
		given []string
		whole int // members that are whole
		codes []string
	}{
		"apart":                   {[]string{"-ms=off"}, nil, 1, []string{source.CodeArchDamaged}},
		"as one":                  {nil, nil, 0, []string{source.CodeArchDamaged, source.CodeArchDamaged}},
		"apart, under a password": {[]string{"-ms=off", "-phorse"}, []string{"cow", "horse"}, 1, []string{source.CodeArchDamaged}},
		"as one, under one":       {[]string{"-phorse"}, []string{"cow", "horse"}, 0, []string{source.CodeArchDamaged, source.CodeArchDamaged}},
		"without the password":    {[]string{"-phorse"}, []string{"cow"}, 0, []string{source.CodeEncrypted, source.CodeEncrypted}},
	} {
		t.Run(name, func(t *testing.T) {
			data := pack(t, c.flags...)
			data[len(data)*3/8] ^= 0x55 // in the first member, behind some of it
			text, codes, _ := unpacked(t, data, source.Options{Passwords: c.given})
			for i, code := range codes {
				if code == source.CodeMemberSum {
					codes[i] = source.CodeArchDamaged // the damage, another in each run under a cipher, unpacks to something
				}
			}
			if c.codes[0] == source.CodeEncrypted && slices.Contains(codes, source.CodeEncrypted) {
				codes = c.codes // one wrong password of 256 ends the first member without an error
			}
			if got := strings.Count(text, "the end\n"); got != c.whole || !slices.Equal(codes, c.codes) {
				t.Errorf("%d bytes, %d members whole, %v", len(text), got, codes)
			}
			if beginning := strings.HasPrefix(text, "line 0 of a log "); beginning == (c.codes[0] == source.CodeEncrypted) {
				t.Errorf("begins %.20q", text)
			}
		})
	}
}

func FuzzSevenZip(f *testing.F) {
	f.Add(hostile.SevenZip("a", []byte("text\n"))[32:])
	f.Fuzz(func(t *testing.T, data []byte) {
		// The header is sealed by a checksum, which hides all but the first byte
		// from a fuzzer: so it is made to fit.
		h := data[min(len(data), 5):]
		le := binary.LittleEndian
		start := le.AppendUint64(nil, 5)
		start = le.AppendUint64(start, uint64(len(h)))
		start = le.AppendUint32(start, crc32.ChecksumIEEE(h))
		all := slices.Concat([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start)), start, make([]byte, 5), h)
		unpacked(t, all, source.Options{MaxExpanded: 1 << 20, MaxMembers: 100})
	})
}
