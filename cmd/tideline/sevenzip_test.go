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

// deflated64 is an archive of 7-Zip 16.02 (-m0=Deflate64); its only coder is in the clear.
const deflated64 = "377abcaf271c000430d403530b000000000000005200000000000000aad4ed1a010600f9ff61756469740a0104060001" +
	"090b00070b010001030401090c0600080a01f4d79c1b00000501190c000000000000000000000000110d0061002e007400780074000000140a01005fc1ff62e080dd01150601002080a4810000"

func TestASevenZipOfDeflate64(t *testing.T) {
	if text, codes, _ := unpacked(t, unhex(t, deflated64), source.Options{}); text != "audit\n" || len(codes) > 0 {
		t.Errorf("%q, %v", text, codes)
	}
}

// reseal makes the checksums of a 7z archive fit its header.
func reseal(data []byte) {
	le := binary.LittleEndian
	le.PutUint32(data[28:], crc32.ChecksumIEEE(data[32+le.Uint64(data[12:]):]))
	le.PutUint32(data[8:], crc32.ChecksumIEEE(data[12:32]))
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	data, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestASevenZipOfAnotherMethod: what nothing here unpacks is not called damaged.
func TestASevenZipOfAnotherMethod(t *testing.T) {
	data := bytes.Replace(unhex(t, deflated64), []byte{0x03, 0x04, 0x01, 0x09}, []byte{0x03, 0x04, 0x01, 0x7f}, 1)
	reseal(data)
	if text, codes, gaps := unpacked(t, data, source.Options{}); text != "" || !slices.Equal(codes, []string{source.CodeMethod}) || !gaps {
		t.Errorf("%q, %v", text, codes)
	}
}

// Archives of 7-Zip 16.02 whose names are under the password, too (-mhe=on -pinfected): the
// header of the first is enciphered only, that of the second is also packed.
var namesSealed = map[string]string{
	"one member": "377abcaf271c0004e46d911f90000000000000002e000000000000009c8ce0ba412912f62b81985c954d281ade5050db03121f2aea7c74690df9d8d33e2c6deaacb2274a093b679f070aa05e090cc041cebf57af71f97dcb60d38d178cffe046e4a1827e72ea5ad161e941ff07ed97fee5cc817547049f7320dfd06a52a77a209aca146b87f20e842b61363f13271db48d1a64b85a89f3f37f24a51d4f62139b4ff3a17b65419e2a4c2e72851b3e76b417063001096000070b0100012406f1070112530f9aa682a39132c0b7498e9ad4defd81a20c5e0a01cda8236d0000",
	"four":       "377abcaf271c00046602e1b0c0000000000000003e000000000000001b65ab4215197aaf32817d4a69af21fd37f7572ba4e0c16dad7c700dfe0b80b0228b5166c31d208ac9767c1d1f2faa7865a06659388d43fe877f96924eef3554653cbf67bee66afec0d8916ea5248b88c667cebda298abdf03d24eb8a850a8be2d900d109cc36dac7eb200f72163983a150ce93b3a3e37522a6fc01408160d614df45133ab669c4b4487f350b42657c42cc1b9073c41d7c7a626fa41ceeb0b0d652fc58048ea2df0dde6ed0ccbec0d45ad5dc01f948ab965246b8fd5ba2f2a9aca1d06de1706300109809000070b0100022406f1070112530f0027848d218e7f85367377d362b1e9d323030101055d0010000001000c8086813e0a013a050e1e0000",
}

// TestASevenZipWithSealedNames: the password opens it, and damage is told.
func TestASevenZipWithSealedNames(t *testing.T) {
	const line = "hello from a sealed archive\n"
	for name, packed := range namesSealed {
		data := unhex(t, packed)
		text, codes, _ := unpacked(t, data, source.Options{Passwords: []string{"horse"}})
		if text != strings.Repeat(line, 4) || len(codes) > 0 {
			t.Errorf("%s: %q, %v", name, text, codes)
		}
		for i := 32; i < len(data); i += 7 {
			bad := bytes.Clone(data)
			bad[i] ^= 0x55
			if text, codes, gaps := unpacked(t, bad, source.Options{}); !gaps && text != strings.Repeat(line, 4) {
				t.Errorf("%s, byte %d: %q, %v", name, i, text, codes)
			}
		}
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

// TestASevenZipThatAsksForTime: the rounds that make a key are its choice, up to a limit.
func TestASevenZipThatAsksForTime(t *testing.T) {
	data := unhex(t, namesSealed["one member"])
	at := bytes.LastIndex(data, []byte{0x24, 0x06, 0xf1, 0x07, 0x01, 0x12}) + 6
	data[at] += 4 // 2^23 rounds
	reseal(data)
	if text, codes, gaps := unpacked(t, data, source.Options{}); text != "" || !slices.Equal(codes, []string{source.CodeUnsupported}) || !gaps {
		t.Errorf("%q, %v", text, codes)
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
		"Deflate64":              {[]string{"-m0=Deflate64"}, nil, both, ""},
		"two folders":            {[]string{"-ms=off", "-pinfected"}, nil, both, ""},
		"infected":               {[]string{"-pinfected"}, nil, both, ""},
		"a password given":       {[]string{"-phorse"}, []string{"cow", "horse"}, both, ""},
		"a password nobody has":  {[]string{"-phorse"}, nil, "", source.CodeEncrypted},
		"names under a password": {[]string{"-phorse", "-mhe=on"}, []string{"cow", "horse"}, both, ""},
		"names under another":    {[]string{"-phorse", "-mhe=on"}, []string{"cow"}, "", source.CodeEncrypted},
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
