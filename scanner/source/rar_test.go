package source

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
)

// A rarFile is a member of an archive that tests make. Members are stored: how they are
// packed is the library's affair.
type rarFile struct {
	name, text string
	password   string
	rounds     byte // of the key, as a power of two
	wrong      bool // its checksum is another file's
	more       bool // it goes on in the next volume
}

func (f *rarFile) sum() uint32 {
	if f.wrong {
		return 1
	}
	return crc32.ChecksumIEEE([]byte(f.text))
}

// rar50 writes the format of RAR 5.
func rar50(t *testing.T, files ...rarFile) []byte {
	t.Helper()
	more := uint64(0)
	if files[len(files)-1].more {
		more = 1
	}
	out := append([]byte(rar50Magic), rar50Header(1, 0, vint(more), nil, 0)...)
	for i := range files {
		f := &files[i]
		data, extra := []byte(f.text), []byte(nil)
		if f.password != "" {
			data, extra = seal50(t, f)
		}
		size := uint64(len(f.text))
		if f.more {
			size *= 2
		}
		body := slices.Concat(vint(4), vint(size), vint(0x20), binary.LittleEndian.AppendUint32(nil, f.sum()),
			vint(0), vint(1), vint(uint64(len(f.name))), []byte(f.name))
		flags := uint64(2)
		if f.more {
			flags |= 0x10
		}
		out = append(append(out, rar50Header(2, flags, body, extra, len(data))...), data...)
	}
	return append(out, rar50Header(5, 0, vint(more), nil, 0)...)
}

func rar50Header(kind, flags uint64, body, extra []byte, data int) []byte {
	head := vint(kind)
	if extra != nil {
		flags |= 1
	}
	head = append(head, vint(flags)...)
	if extra != nil {
		head = append(head, vint(uint64(len(extra)))...)
	}
	if flags&2 != 0 {
		head = append(head, vint(uint64(data))...)
	}
	head = slices.Concat(head, body, extra)
	sized := append(vint(uint64(len(head))), head...)
	return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(sized)), sized...)
}

func vint(n uint64) []byte { return binary.AppendUvarint(nil, n) }

// seal50 enciphers a member, and makes the record that tells how.
func seal50(t *testing.T, f *rarFile) (data, extra []byte) {
	t.Helper()
	salt, iv := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16)
	derive := func(more int) []byte {
		key, err := pbkdf2.Key(sha256.New, f.password, salt, 1<<min(f.rounds, 10)+more, 32)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	data = append([]byte(f.text), make([]byte, (16-len(f.text)%16)%16)...)
	block, err := aes.NewCipher(derive(0))
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
	check := make([]byte, 8)
	for i, c := range derive(32) {
		check[i&7] ^= c
	}
	sum := sha256.Sum256(check)
	record := slices.Concat(vint(1), vint(0), vint(1), []byte{f.rounds}, salt, iv, check, sum[:4])
	return data, append(vint(uint64(len(record))), record...)
}

// rar15 writes the format before that one, of which the end was no block at first.
func rar15(end bool, files ...rarFile) []byte {
	out := append([]byte(rar15Magic), rar15Header(0x73, 0, make([]byte, 6))...)
	for i := range files {
		f := &files[i]
		le := binary.LittleEndian
		body := le.AppendUint32(le.AppendUint32(nil, uint32(len(f.text))), uint32(len(f.text)))
		body = le.AppendUint32(append(body, 3), f.sum())
		body = le.AppendUint16(append(le.AppendUint32(body, 0), 20, 0x30), uint16(len(f.name)))
		body = append(le.AppendUint32(body, 0o100644), f.name...)
		out = append(append(out, rar15Header(0x74, 0x8000, body)...), f.text...)
	}
	if end {
		out = append(out, rar15Header(0x7b, 0x4000, nil)...)
	}
	return out
}

func rar15Header(kind byte, flags uint16, body []byte) []byte {
	head := binary.LittleEndian.AppendUint16([]byte{kind}, flags)
	head = append(binary.LittleEndian.AppendUint16(head, uint16(7+len(body))), body...)
	return append(binary.LittleEndian.AppendUint16(nil, uint16(crc32.ChecksumIEEE(head))), head...)
}

var twoLogs = []rarFile{{name: "a/one.log", text: "first\n"}, {name: "b.log", text: strings.Repeat("second\n", 1000)}}

func TestRAR(t *testing.T) {
	want := twoLogs[0].text + twoLogs[1].text
	for name, data := range map[string][]byte{
		"of RAR 5": rar50(t, twoLogs...), "of RAR 4": rar15(true, twoLogs...), "of RAR 2": rar15(false, twoLogs...), "in gzip": gz(t, rar50(t, twoLogs...)),
	} {
		r := readPipe(t, data, Options{})
		if r.text() != want || len(r.codes()) != 0 {
			t.Errorf("%s: %q, %v", name, r.text(), r.codes())
		}
		if at := slices.IndexFunc(r.members, func(m Member) bool { return strings.HasSuffix(m.Path, "!a/one.log") }); at < 0 || !slices.Contains(r.members[at].Codecs, "rar") {
			t.Errorf("%s: members %+v", name, r.members)
		}
	}
}

// TestDamagedRAR: what is whole is read, and what is not is a gap.
func TestDamagedRAR(t *testing.T) {
	whole := rar50(t, twoLogs...)
	old := rar15(true, twoLogs...)
	flipped := bytes.Clone(whole)
	flipped[bytes.Index(flipped, []byte("first"))] ^= 1
	header := bytes.Clone(whole)
	header[bytes.Index(header, []byte("b.log"))] ^= 1
	wrong := twoLogs[0]
	wrong.wrong = true
	volume := twoLogs[1]
	volume.more = true
	for _, c := range []struct {
		name, text, codes string
		data              []byte
	}{
		{"a bit of a member", "girst\nsecond\n", "in!a/one.log arch.checksum!", flipped},
		{"a checksum", "first\n", "in!a/one.log arch.checksum!", rar50(t, wrong)},
		{"a header", "first\n", "in arch.damaged!", header},
		{"the end of a member", "first\nsecond\ns", "in!b.log arch.damaged! in arch.truncated!", whole[:len(whole)-8-55]},
		{"the end of an old one", "first\nsecond\ns", "in!b.log arch.damaged!", old[:len(old)-7-55]},
		{"the last block", "first\nsecond\n", "in arch.truncated!", whole[:len(whole)-8]},
		{"all but the signature", "", "in arch.truncated!", whole[:8]},
		{"text behind it", "first\nsecond\ntext\n", "in arch.unnamed_bytes", append(bytes.Clone(whole), "text\n"...)},
		{"text behind an old one", "first\nsecond\ntext\n", "in arch.unnamed_bytes", append(bytes.Clone(old), "text\n"...)},
		{"zeros behind it", "first\nsecond\n", "in comp.padding", append(bytes.Clone(whole), make([]byte, 100)...)},
		{"a volume", "first\nsecond\n", "in!b.log arch.unsupported!", rar50(t, twoLogs[0], volume)},
	} {
		r := readPipe(t, c.data, Options{})
		text := r.text()
		for strings.Contains(text, "second\nsecond\n") { // once is enough
			text = strings.ReplaceAll(text, "second\nsecond\n", "second\n")
		}
		if text != c.text || strings.Join(r.codes(), " ") != c.codes {
			t.Errorf("%s: %.60q, %v; want %q, %s", c.name, text, r.codes(), c.text, c.codes)
		}
	}
}

func TestSealedRAR(t *testing.T) {
	secret := rarFile{name: "s.log", text: "hidden\n", password: "opensesame", rounds: 4}
	other := rarFile{name: "o.log", text: "other\n", password: "else", rounds: 4}
	slow := secret
	slow.rounds = maxRarRounds + 1
	infected := secret
	infected.password = "infected"
	for _, c := range []struct {
		name, text, codes string
		data              []byte
		passwords         []string
	}{
		{"with its password", "first\nhidden\n", "", rar50(t, twoLogs[0], secret), []string{"x", "opensesame"}},
		{"with a wrong one", "first\n", "in!s.log arch.encrypted!", rar50(t, twoLogs[0], secret), []string{"x"}},
		{"with none", "first\n", "in!s.log arch.encrypted!", rar50(t, secret, twoLogs[0]), nil},
		{"as malware is", "hidden\n", "", rar50(t, infected), nil},
		{"with two of them", "hidden\n", "in!o.log arch.encrypted!", rar50(t, secret, other), []string{"opensesame"}},
		{"a key that takes a minute", "first\n", "in!s.log arch.encrypted!", rar50(t, slow, twoLogs[0]), []string{"opensesame"}},
	} {
		r := readPipe(t, c.data, Options{Passwords: c.passwords})
		if r.text() != c.text || strings.Join(r.codes(), " ") != c.codes {
			t.Errorf("%s: %q, %v; want %q, %s", c.name, r.text(), r.codes(), c.text, c.codes)
		}
	}
}

// TestRARCutAnywhere: of a cut archive no byte is made up, and that something is missing is
// told, wherever the cut is.
func TestRARCutAnywhere(t *testing.T) {
	for name, data := range map[string][]byte{"RAR 5": rar50(t, twoLogs[0], rarFile{name: "z", text: "last\n"}), "RAR 4": rar15(true, twoLogs[0], rarFile{name: "z", text: "last\n"})} {
		for n := len(rar50Magic); n < len(data); n++ {
			r := readPipe(t, data[:n], Options{})
			if !strings.HasPrefix("first\nlast\n", r.text()) {
				t.Fatalf("%s, cut at %d: %q", name, n, r.text())
			}
			if name == "RAR 5" && len(r.codes()) == 0 {
				t.Fatalf("%s, cut at %d: nothing is told", name, n)
			}
		}
	}
}

func FuzzRAR(f *testing.F) {
	f.Add(rar15(true, twoLogs[0], rarFile{name: "z", text: "last\n"})[len(rar15Magic):])
	f.Add(rar50(&testing.T{}, twoLogs[0], rarFile{name: "z", text: "last\n"})[len(rar50Magic):])
	f.Add([]byte("\x00\x00\x00\x00\xff\xff\x7f\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, magic := range []string{rar15Magic, rar50Magic} {
			s := rarBlocks(bytes.NewReader(append([]byte(magic), data...)), int64(len(data)+len(magic)))
			if s.end < 0 || s.end > int64(len(data)+len(magic)+maxRarHeader) {
				t.Fatalf("ends at %d of %d", s.end, len(data))
			}
			readPipe(t, append([]byte(magic), data...), Options{MaxExpanded: 1 << 20})
		}
	})
}
