package source

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// TestAPasswordThatFitsByChance: one wrong password in 256 passes the check of
// the traditional cipher, and what it makes of the data may be a whole deflate
// stream. The checksum tells it from the right one, whichever is tried first.
func TestAPasswordThatFitsByChance(t *testing.T) {
	const length = 45 // of the packed member
	archive := foreignZips["zip 3.0, traditional encryption"]
	data, err := base64.StdEncoding.DecodeString(archive.data)
	if err != nil {
		t.Fatal(err)
	}
	at := zipLocalLen + len("audit.log")
	entry := &zipEntry{method: zipDeflate, crc: 0x5e4751d8}
	chance := ""
	for i := 0; chance == ""; i++ {
		password := fmt.Sprint("wrong", i)
		plain := bytes.Clone(data[at : at+length])
		newZipKeys(password).decrypt(plain)
		if plain[11] == data[11] && fitOf(entry, plain[12:], true) == readable {
			chance = password
		}
	}
	want := strings.Repeat("hello from a sealed archive\n", 4)
	r := readPipe(t, data, Options{Passwords: []string{chance, archive.password}})
	if r.text() != want || len(r.codes()) > 0 {
		t.Errorf("%q, then the right one: %q, %v", chance, r.text(), r.codes())
	}
	r = readPipe(t, data, Options{Passwords: []string{chance}})
	if !slices.Equal(r.codes(), []string{"in!audit.log arch.checksum!"}) {
		t.Errorf("%q alone: %q, %v", chance, r.text(), r.codes())
	}
}

// TestAPasswordThatFitsAStoredMemberByChance: of a member that is not compressed
// and larger than what is looked at no checksum tells which password fits, but
// the right one gives a log, or something that is unpacked.
func TestAPasswordThatFitsAStoredMemberByChance(t *testing.T) {
	text := bytes.Repeat([]byte("a line of a log\n"), lookout/8)
	noise := make([]byte, 2*lookout)
	rand.New(rand.NewSource(1)).Read(noise)
	for name, c := range map[string]struct{ stored, want []byte }{"text": {text, text}, "gzip": {gz(t, noise), noise}} {
		data := enciphered(t, c.stored, "right")
		window := data[zipLocalLen+len("log"):][:lookout]
		sum, chance := crc32.ChecksumIEEE(c.stored), ""
		for i := 0; chance == ""; i++ {
			password := fmt.Sprint("wrong", i)
			plain := bytes.Clone(window)
			newZipKeys(password).decrypt(plain)
			if plain[11] == byte(sum>>24) {
				chance = password
			}
		}
		r := readPipe(t, data, Options{Passwords: []string{chance, "right"}})
		if r.text() != string(c.want) || len(r.codes()) > 0 {
			t.Errorf("%s: %q, then the right one: %d bytes, %v", name, chance, len(r.text()), r.codes())
		}
	}
}

// enciphered is a zip with one member, stored as it is under a password.
func enciphered(t *testing.T, data []byte, password string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	sum, size := crc32.ChecksumIEEE(data), uint64(len(data))
	m, err := w.CreateRaw(&zip.FileHeader{Name: "log", Flags: flagEncrypted, CRC32: sum, CompressedSize64: size + 12, UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Concat([]byte("eleven more"), []byte{byte(sum >> 24)}, data)
	k := newZipKeys(password)
	for i, c := range all {
		x := k[2] | 2
		all[i] = c ^ byte(x*(x^1)>>8)
		k.update(c)
	}
	if _, err := m.Write(all); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHowWellAPasswordFits(t *testing.T) {
	text := bytes.Repeat([]byte("a line of a log\n"), 1000)
	whole := gz(t, text)
	whole = whole[10 : len(whole)-8] // without what gzip adds
	damaged := append(whole[:len(whole)-2:len(whole)-2], 0xff, 0xff)
	for name, c := range map[string]struct {
		method uint16
		plain  []byte
		crc    uint32
		want   passwordFit
	}{
		"whole":                {zipDeflate, whole, crc32.ChecksumIEEE(text), fitting},
		"no checksum":          {zipDeflate, whole, 0, fitting},
		"another checksum":     {zipDeflate, whole, 7, readable},
		"damaged late":         {zipDeflate, damaged, crc32.ChecksumIEEE(text), readable},
		"an empty block":       {zipDeflate, []byte{3, 0}, 7, readable},
		"no deflate":           {zipDeflate, []byte{7, 0}, 7, unfit},
		"stored":               {zipStored, text, crc32.ChecksumIEEE(text), fitting},
		"stored, another":      {zipStored, text, 7, readable},
		"bzip2, which is none": {12, text, 7, unfit},
	} {
		if got := fitOf(&zipEntry{method: c.method, crc: c.crc}, c.plain, true); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
