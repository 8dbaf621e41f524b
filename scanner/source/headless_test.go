package source

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestDamagedBeginnings: what is behind a damaged beginning is found, and where nothing is,
// the member says why it should be more than it looks like.
func TestDamagedBeginnings(t *testing.T) {
	noise := bytes.Repeat([]byte{0x93, 1, 0xfe, 0x7f, 0}, 200)
	lz := lz4Pack(t, []byte("text b\n"))
	text := strings.Repeat("text a\n", 9)
	far := tarOf(t, file{"big", bytes.Repeat(noise, 2*lookout/len(noise))}, file{"a", []byte(text)})
	copy(far, noise[:tarBlock])
	for _, c := range []struct {
		name, path string
		data       []byte
		text       string
		doubt      string // part of it; of any member
	}{
		{"noise", "x.bin", noise, string(noise), ""},
		{"noise that is called gzip", "x.gz", noise, string(noise), "name says gzip"},
		{"noise that is called zip", "x.ZIP", noise, string(noise), "name says zip"},
		{"noise that is called a journal", "system@0006.journal~", noise, string(noise), "name says journal"},
		{"noise that is called 7z", "x.7z", noise, string(noise), "name says 7z"},
		{"a journal", "x.journal", slices.Concat([]byte("LPKSHHRH"), noise), "LPKSHHRH" + string(noise), ""},
		{"zeros that are called gzip", "x.gz", make([]byte, 100), string(make([]byte, 100)), ""},
		{"text that is called xz", "x.xz", []byte(text), text, ""},
		{"zeros and text that are called xz", "x.xz", append(make([]byte, 2000), text...), string(make([]byte, 2000)) + text, ""},
		{"little that is called xz", "x.xz", noise[:20], string(noise[:20]), ""},
		{"noise in what is called gzip and is", "x.gz", gz(t, noise), string(noise), ""},
		{"begins like gzip", "x", slices.Concat([]byte("\x1f\x8b\x08\xff"), noise), "\x1f\x8b\x08\xff" + string(noise), "begins like gzip"},
		{"a member behind it", "x.gz", slices.Concat(noise, gz(t, []byte(text))), text, ""},
		{"lz4 in a file of another name", "x", slices.Concat(noise, lz), string(noise) + string(lz), ""},
		{"a zip behind it", "x.zip", slices.Concat(noise, zipOf(t, file{"a", []byte(text)})[:90]), string(noise) + text, "belong to no member"},
		{"a tar behind it", "x", slices.Concat(noise, tarOf(t, file{"a", []byte(text)})), string(noise) + text, "belong to no member"},
		{"a tar far behind it", "x.tar", far, string(far[:len(far)-2048]) + text, "belong to no member"},
		{"a tar far behind it, in gzip", "x.tgz", gz(t, far), string(far[:len(far)-2048]) + text, "belong to no member"},
		{"lz4 beside members", "x", slices.Concat(tarOf(t, file{"a", []byte(text)}), noise, lz), text + "text b\n", ""},
		{"noise behind gzip", "x", slices.Concat(gz(t, []byte(text)), noise), text + string(noise), "belong to no member"},
	} {
		r := readInput(t, Input{Path: c.path, Size: -1}, Options{Stdin: bytes.NewReader(c.data)})
		doubt := ""
		for _, m := range r.members {
			doubt += m.Doubt
		}
		if r.text() != c.text || (doubt == "") != (c.doubt == "") || !strings.Contains(doubt, c.doubt) {
			t.Errorf("%s: %d of %d bytes, doubt %q, %v", c.name, len(r.text()), len(c.text), doubt, r.codes())
		}
	}
}
