package source

import (
	"archive/zip"
	"bytes"
	"crypto/aes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readFile reads data from a file, where a zip is read at random.
func readFile(t testing.TB, data []byte, o Options) reading {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return readInput(t, Input{Path: "in", Size: int64(len(data)), name: name}, o)
}

func TestZipReadsTheSameFromFileAndPipe(t *testing.T) {
	data := zipOf(t, three()...)
	a, b := readFile(t, data, Options{}), readPipe(t, data, Options{})
	if fmt.Sprint(a) != fmt.Sprint(b) || len(a.streams) != 3 || len(a.codes()) != 0 {
		t.Errorf("file %v\npipe %v", a, b)
	}
	if last := a.members[3]; last.Path != "in" || last.Size != int64(len(data)) {
		t.Errorf("the archive itself: %+v", last)
	}
}

func TestZipWithoutItsEnd(t *testing.T) {
	files := three()
	data := zipOf(t, files...)
	for n := 40; n < len(data); n++ {
		r := readPipe(t, data[:n], Options{})
		if !r.gaps() {
			t.Fatalf("cut at %d of %d: no gap: %v", n, len(data), r.codes())
		}
		if n > len(data)/2 && !strings.Contains(r.text(), string(files[0].data)) {
			t.Fatalf("cut at %d: the first member is lost", n)
		}
	}
}

func TestZipMembersAreFoundWhateverByteIsDamaged(t *testing.T) {
	files := three()
	data := zipOf(t, files...)
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 0x55
		r := readPipe(t, bad, Options{})
		lost := 0
		for _, f := range files {
			if !strings.Contains(r.text(), string(f.data)) {
				lost++
			}
		}
		if lost > 1 {
			t.Errorf("byte %d: %d members are lost: %v", i, lost, r.codes())
		}
		if lost > 0 && !r.gaps() {
			t.Errorf("byte %d: a member was lost and there is no gap: %v", i, r.codes())
		}
	}
}

// TestZipThatLostOrGainedBytes: what a member lost or gained puts all behind it out of
// place, and its directory; no other member may be lost by it.
func TestZipThatLostOrGainedBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	files := three()
	var sized bytes.Buffer // members that say how long they are
	w := zip.NewWriter(&sized)
	for _, f := range files {
		m, err := w.CreateRaw(&zip.FileHeader{Name: f.name, CRC32: crc32.ChecksumIEEE(f.data), CompressedSize64: uint64(len(f.data)), UncompressedSize64: uint64(len(f.data))})
		if err == nil {
			_, err = m.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"deflated": zipOf(t, files...), "stored": sized.Bytes()} {
		d, _, _ := findDirectory(bytes.NewReader(data), int64(len(data)))
		for i := int64(0); i < d.start-3; i++ {
			touched := 1 + bytes.Count(data[i:i+6], []byte("PK\x03\x04")) // may have lost their bytes
			for what, bad := range map[string][]byte{
				"gained": slices.Concat(data[:i], []byte("#-#"), data[i:]), "lost": slices.Concat(data[:i], data[i+3:]),
			} {
				r := readPipe(t, bad, Options{})
				lost := 0
				for _, f := range files {
					if !strings.Contains(r.text(), string(f.data)) {
						lost++
					}
				}
				if lost > touched || lost > 0 && !r.gaps() {
					t.Errorf("%s, %s at %d: %d members are lost: %v", name, what, i, lost, r.codes())
				}
			}
		}
	}
}

// hidden is a zip whose directory does not list its first member.
func hidden(t testing.TB) []byte {
	all := zipOf(t, file{"hidden", []byte("hidden text\n")}, file{"shown", []byte("shown text\n")})
	d, _, ok := findDirectory(bytes.NewReader(all), int64(len(all)))
	if !ok {
		t.Fatal("no directory")
	}
	first, _ := parseListed(all[d.start:])
	end := bytes.Clone(all[d.end-22:])
	binary.LittleEndian.PutUint16(end[8:], 1)
	binary.LittleEndian.PutUint16(end[10:], 1)
	binary.LittleEndian.PutUint32(end[12:], binary.LittleEndian.Uint32(end[12:])-uint32(first.length))
	return slices.Concat(all[:d.start], all[d.start+first.length:len(all)-22], end)
}

func TestZipShowsWhatItsDirectoryHides(t *testing.T) {
	r := readPipe(t, hidden(t), Options{})
	if r.text() != "hidden text\nshown text\n" || !slices.Equal(r.codes(), []string{"in!hidden arch.unlisted"}) {
		t.Errorf("got %q, %v", r.text(), r.codes())
	}
}

func TestZipSurroundings(t *testing.T) {
	data := zipOf(t, file{"a", []byte("text a\n")})
	for _, c := range []struct {
		name  string
		data  []byte
		text  string
		codes []string
	}{
		{"behind", slices.Concat(data, []byte("plain text\n")), "text a\nplain text\n", []string{"in arch.unnamed_bytes"}},
		{"zeros behind", slices.Concat(data, make([]byte, 4096)), "text a\n", []string{"in comp.padding"}},
		{"another behind", slices.Concat(data, zipOf(t, file{"b", []byte("text b\n")})), "text a\ntext b\n",
			[]string{"in!a arch.unlisted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readPipe(t, c.data, Options{})
			if r.text() != c.text || !slices.Equal(r.codes(), c.codes) {
				t.Errorf("got %q, %v", r.text(), r.codes())
			}
		})
	}
}

// Archives that other programs made. Each member is "hello from a sealed
// archive\n" four times.
var foreignZips = map[string]struct{ password, data string }{
	"zip 3.0, traditional encryption":                     {"secret", "UEsDBBQACQAIAF1GdV3YUUdeLQAAAHAAAAAJAAAAYXVkaXQubG9nUmi+yBCjwWKMmYeHYK8oxWHkLOynOwuEwm41wUFzVxrDUwsprct+LLLbfTVbUEsHCNhRR14tAAAAcAAAAFBLAQIeAxQACQAIAF1GdV3YUUdeLQAAAHAAAAAJAAAAAAAAAAEAAACkgQAAAABhdWRpdC5sb2dQSwUGAAAAAAEAAQA3AAAAZAAAAAAA"},
	"zip 3.0 on a pipe, zip64 and traditional encryption": {"infected", "UEsDBC0ACQAIAF1GdV3YUUde//////////8BABQALQEAEABwAAAAAAAAAC0AAAAAAAAAeZLyicy+QCHB0mKJqnje5YlIRk4xh49/oi8ZBSgWpHg7qeS6uXvJH2WQ1LKAUEsHCNhRR14tAAAAAAAAAHAAAAAAAAAAUEsBAh4DLQAJAAgAXUZ1XdhRR14tAAAAcAAAAAEAAAAAAAAAAQAAAIARAAAAAC1QSwYGLAAAAAAAAAAeAy0AAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAALwAAAAAAAAB4AAAAAAAAAFBLBgcAAAAApwAAAAAAAAABAAAAUEsFBgAAAAABAAEALwAAAHgAAAAAAA=="},
	"7-Zip 16.02, deflate64":                              {"", "UEsDBBUAAAAJANhRnl3YUUdeKAAAAHAAAAAJAAAAYXVkaXQubG9ntcnBCQAgDAPAv1NktaCRCpFCBed3Cu97ITsxKzeII1oDrB7rqv24B1BLAQI/AxUAAAAJANhRnl3YUUdeKAAAAHAAAAAJACQAAAAAAAAAIICkgQAAAABhdWRpdC5sb2cKACAAAAAAAAEAGAAAXGqZRpjdAQAAAAAAAAAAAAAAAAAAAABQSwUGAAAAAAEAAQBbAAAATwAAAAAA"},
	"lzma and bzip2":                                      {"", "UEsDBD8AAgAOAAAAIQDYUUdeMgAAAHAAAAABAAAAbAkEBQBdAACAAAA0GUnujekS5hQOv7kfW/rPdSZ7IixUuMeUnCyFrI6pWWzP//8MiAAAUEsDBC4AAAAMAAAAIQDYUUdeSgAAAHAAAAABAAAAYkJaaDkxQVkmU1mjHO7MAAAf0YAAEEAAL2aZACAAUKYAACqpozUbQ1MEkGiCDBY2dlFFHCDRs8MnxBJYkucMlH4u5IpwoSFGOd2YUEsBAj8DPwACAA4AAAAhANhRR14yAAAAcAAAAAEAAAAAAAAAAAAAAIABAAAAAGxQSwECLgMuAAAADAAAACEA2FFHXkoAAABwAAAAAQAAAAAAAAAAAAAAgAFRAAAAYlBLBQYAAAAAAgACAF4AAAC6AAAAAAA="},
}

// A program that writes or reads zips has their signatures among its constants.
func TestAProgramWithTheSignsOfAZipIsNone(t *testing.T) {
	constants := []byte("PK\x05\x06" + strings.Repeat("\x00", 18) + "PK\x03\x04\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 16) + "\x01\x00\x00\x00\x0f" +
		"PK\x01\x02\x14\x00\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 16) + "\x01\x00\x00\x00" + strings.Repeat("\x00", 14) + "\x1b")
	data := slices.Concat([]byte("\x7fELF\x02\x01\x01"), bytes.Repeat([]byte{0, 1, 2, 0x90}, 500), constants)
	for _, r := range []reading{readFile(t, data, Options{}), readPipe(t, data, Options{})} {
		if len(r.streams) != 1 || r.text() != string(data) || len(r.codes()) != 0 {
			t.Errorf("%d streams, %v", len(r.streams), r.codes())
		}
	}
}

func TestZipsOfOtherPrograms(t *testing.T) {
	want := strings.Repeat("hello from a sealed archive\n", 4)
	for name, z := range foreignZips {
		t.Run(name, func(t *testing.T) {
			data, err := base64.StdEncoding.DecodeString(z.data)
			if err != nil {
				t.Fatal(err)
			}
			for way, r := range map[string]reading{
				"directory": readPipe(t, data, Options{Passwords: []string{"wrong", z.password}}),
				"local":     readPipe(t, data[:len(data)-1], Options{Passwords: []string{"wrong", z.password}}),
			} {
				if len(r.streams) == 0 || strings.ReplaceAll(r.text(), want, "") != "" {
					t.Errorf("%s: got %v, %v", way, r.streams, r.codes())
				}
				if way == "directory" && len(r.codes()) != 0 {
					t.Errorf("%s: %v", way, r.codes())
				}
			}
			if z.password == "secret" {
				r := readPipe(t, data, Options{})
				if !r.has(CodeEncrypted) || r.text() != "" {
					t.Errorf("without the password: %q, %v", r.text(), r.codes())
				}
			}
		})
	}
}

// sealed makes a member as WinZip's AE-2 has it.
func sealed(t testing.TB, password string, strength byte, plain []byte) []byte {
	t.Helper()
	key := 8 * (int(strength) + 1)
	salt := bytes.Repeat([]byte{7}, key/2)
	k, err := pbkdf2.Key(sha1.New, password, salt, 1000, 2*key+2)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(k[:key])
	if err != nil {
		t.Fatal(err)
	}
	body := bytes.Clone(plain)
	for i := 0; i < len(body); i += 16 {
		var pad [16]byte
		binary.LittleEndian.PutUint64(pad[:], uint64(i/16+1))
		block.Encrypt(pad[:], pad[:])
		for j := i; j < min(i+16, len(body)); j++ {
			body[j] ^= pad[j-i]
		}
	}
	mac := hmac.New(sha1.New, k[key:2*key])
	mac.Write(body)
	packed := slices.Concat(salt, k[2*key:], body, mac.Sum(nil)[:10])

	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, err := w.CreateRaw(&zip.FileHeader{
		Name: "sealed.log", Method: 99, Flags: 1, CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(plain)),
		Extra: []byte{0x01, 0x99, 7, 0, 2, 0, 'A', 'E', strength, 0, 0},
	})
	if err == nil {
		_, err = m.Write(packed)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZipWithAES(t *testing.T) {
	plain := []byte(strings.Repeat("sealed text\n", 100))
	for strength := byte(1); strength <= 3; strength++ {
		data := sealed(t, "infected", strength, plain)
		if r := readPipe(t, data, Options{}); r.text() != string(plain) || len(r.codes()) != 0 {
			t.Errorf("strength %d: %q, %v", strength, r.text(), r.codes())
		}
		bad := bytes.Clone(data)
		bad[200] ^= 1
		if r := readPipe(t, bad, Options{}); !slices.Equal(r.codes(), []string{"in!sealed.log arch.checksum!"}) {
			t.Errorf("strength %d, damaged: %v", strength, r.codes())
		}
	}
	r := readPipe(t, sealed(t, "other", 3, plain), Options{})
	if !slices.Equal(r.codes(), []string{"in!sealed.log arch.encrypted!"}) || len(r.streams) != 0 {
		t.Errorf("unknown password: %v", r.codes())
	}
}

// TestZipWithAESThatEndsEarly: damaged data may seem to end before their end, and the
// code behind them, or at least the length, gives that away.
func TestZipWithAESThatEndsEarly(t *testing.T) {
	packed := bytes.Clone(zipOf(t, file{"x", []byte("short\n")}))
	packed = append(packed[zipLocalLen+1:], make([]byte, 200)...)
	data := sealed(t, "infected", 3, packed)
	at := bytes.Index(data, []byte("AE\x03"))
	dir := bytes.LastIndex(data, []byte("AE\x03"))
	data[at+3], data[dir+3] = zipDeflate, zipDeflate
	for name, bad := range map[string][]byte{"the code": slices.Concat(data[:200], []byte{^data[200]}, data[201:]), "the length": data} {
		binary.LittleEndian.PutUint32(bad[bytes.Index(bad, []byte("PK\x01\x02"))+24:], 1000)
		if r := readPipe(t, bad, Options{}); r.text() != "short\n" || !slices.Equal(r.codes(), []string{"in!sealed.log arch.checksum!"}) {
			t.Errorf("%s: %q, %v", name, r.text(), r.codes())
		}
	}
}

func TestZipHeadersThatDisagree(t *testing.T) {
	text := []byte("some text to be stored\n")
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "name", Method: zip.Store, CRC32: crc32.ChecksumIEEE(text), CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text))}
	m, err := w.CreateRaw(h)
	if err == nil {
		_, err = m.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		at    int // in the local header
		to    byte
		codes []string
	}{
		{"name", 30, 'N', []string{"in!name arch.mismatch"}},
		{"method", 8, 10, []string{"in!name arch.mismatch", "in!name arch.mismatch", "in!name arch.method!"}},
		{"signature", 0, 'X', []string{"in!name arch.damaged"}},
	} {
		bad := bytes.Clone(b.Bytes())
		bad[c.at] = c.to
		r := readPipe(t, bad, Options{})
		if r.text() != string(text) || !slices.Equal(r.codes(), c.codes) {
			t.Errorf("%s: %q %v", c.name, r.text(), r.codes())
		}
	}
}

func FuzzZip(f *testing.F) {
	f.Add(zipOf(f, three()...))
	f.Add(hidden(f))
	f.Add(sealed(f, "infected", 1, []byte("x")))
	for _, z := range foreignZips {
		if data, err := base64.StdEncoding.DecodeString(z.data); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := readPipe(t, append([]byte("PK\x03\x04"), data[min(4, len(data)):]...), Options{MaxExpanded: 1 << 20, MaxMembers: 100})
		if len(r.members) == 0 || r.members[len(r.members)-1].Path != "in" {
			t.Errorf("the input itself is not in the ledger: %v", r.members)
		}
	})
}

func TestContentUnderAZipsLinkOrFolderIsRead(t *testing.T) {
	const text = "type=USER_CMD a record\n"
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	link := func(name, content string, method uint16) {
		h := &zip.FileHeader{Name: name, Method: method}
		h.SetMode(os.ModeSymlink | 0o777)
		m, err := w.CreateHeader(h)
		if err == nil {
			_, err = m.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	link("link", "../var/log/pods/x.log", zip.Store)
	link("small", text, zip.Deflate)
	link("large", strings.Repeat(text, 1000), zip.Deflate)
	m, err := w.CreateRaw(&zip.FileHeader{Name: "folder_", CompressedSize64: 10 * uint64(len(text))})
	if err == nil {
		_, err = m.Write([]byte(strings.Repeat(text, 10)))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := readFile(t, bytes.ReplaceAll(b.Bytes(), []byte("folder_"), []byte("folder/")), Options{})
	got := map[string]int{}
	for _, s := range r.streams {
		got[s.path] = strings.Count(s.text, text)
	}
	if got["in!small"] != 1 || got["in!large"] != 1000 || got["in!folder/"] != 10 || len(got) != 3 {
		t.Errorf("records read: %v; remarks %v", got, r.codes())
	}
	if !slices.Contains(r.codes(), "in arch.link") {
		t.Errorf("the real link is not told: %v", r.codes())
	}
}
