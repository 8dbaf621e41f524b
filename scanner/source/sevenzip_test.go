package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// sevenZipOf is a 7z archive of one member, stored as it is; 7zFormat.txt of
// the LZMA SDK 23.01.
func sevenZipOf(name string, data []byte) []byte { return sevenZipWith(name, data, []byte{1}) }

// sevenZipWith is sevenZipOf with the number of files as the header has it.
func sevenZipWith(name string, data, files []byte) []byte {
	le := binary.LittleEndian
	var names []byte
	for _, u := range append(utf16.Encode([]rune(name)), 0) {
		names = le.AppendUint16(names, u)
	}
	var h []byte
	h = append(h, 0x01, 0x04)                                                                    // header, main streams
	h = append(h, 0x06, 0, 1, 0x09, byte(len(data)), 0)                                          // one packed stream
	h = append(h, 0x07, 0x0b, 1, 0, 1, 0x01, 0x00, 0x0c, byte(len(data)))                        // one folder: copy
	h = append(append(h, 0x0a, 1), le.AppendUint32(nil, crc32.ChecksumIEEE(data))...)            // its checksum
	h = append(h, 0, 0)                                                                          // end of folders, of streams
	h = append(append(append(append(h, 0x05), files...), 0x11, byte(1+len(names)), 0), names...) // files: names
	h = append(h, 0, 0)                                                                          // end
	start := le.AppendUint64(nil, uint64(len(data)))                                             // next header: offset,
	start = le.AppendUint64(start, uint64(len(h)))                                               // length,
	start = le.AppendUint32(start, crc32.ChecksumIEEE(h))                                        // checksum
	signature := append([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start))...)
	return slices.Concat(signature, start, data, h)
}

// opens is an opener that finds one member in every archive, whatever it is.
func opens(name string, data []byte, crc uint32) SevenZipOpener {
	return func(io.ReaderAt, int64, string) ([]SevenZipMember, error) {
		return []SevenZipMember{
			{Name: "var", Dir: true},
			{Name: name, Size: uint64(len(data)), CRC32: crc, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(data)), nil
			}},
		}, nil
	}
}

func TestSevenZip(t *testing.T) {
	text := []byte("text in a 7z\n")
	data := sevenZipOf("var/log/audit.log", text)
	o := Options{SevenZip: opens("var/log/audit.log", text, crc32.ChecksumIEEE(text))}
	for name, in := range map[string][]byte{"bare": data, "in gzip": gz(t, data)} {
		r := readPipe(t, in, o)
		if len(r.streams) != 1 || r.streams[0].path != "in!var/log/audit.log" || r.text() != string(text) || len(r.codes()) != 0 {
			t.Errorf("%s: %v, %v", name, r.streams, r.codes())
		}
	}
}

// TestASevenZipBehindAProgram: an archive that unpacks itself is one, also if the program
// has the archive's first bytes in it.
func TestASevenZipBehindAProgram(t *testing.T) {
	text := []byte("text in a 7z\n")
	archive := sevenZipOf("var/log/audit.log", text)
	open := func(r io.ReaderAt, size int64, _ string) ([]SevenZipMember, error) {
		got := make([]byte, size)
		if n, _ := r.ReadAt(got, 0); !bytes.Equal(got[:n], archive) {
			return nil, errors.New("not the archive")
		}
		return opens("var/log/audit.log", text, crc32.ChecksumIEEE(text))(r, size, "")
	}
	for _, magic := range []string{"MZ", "\x7fELF"} {
		program := append([]byte(magic), bytes.Repeat([]byte{0x90, 0, 7}, 60<<10)...)
		copy(program[5000:], sevenZipMagic)
		data := append(program, archive...)
		o := Options{SevenZip: open}
		for name, r := range map[string]reading{"pipe": readPipe(t, data, o), "in gzip": readPipe(t, gz(t, data), o), "file": readFile(t, data, o)} {
			if len(r.streams) != 1 || !strings.HasSuffix(r.streams[0].path, "!var/log/audit.log") || r.text() != string(text) || len(r.codes()) != 0 {
				t.Errorf("%q, %s: %v, %v", magic, name, r.streams, r.codes())
			}
		}
	}
}

func TestASevenZipWithoutAnOpenerIsAGap(t *testing.T) {
	r := readPipe(t, sevenZipOf("a", []byte("text\n")), Options{})
	if !slices.Equal(r.codes(), []string{"in arch.unsupported!"}) {
		t.Errorf("%v", r.codes())
	}
}

func TestWhatTheSevenZipOpenerFindsIsChecked(t *testing.T) {
	text := []byte("text\n")
	broken := func(err error) SevenZipOpener {
		return func(io.ReaderAt, int64, string) ([]SevenZipMember, error) { return nil, err }
	}
	reads := func(r io.Reader) SevenZipOpener {
		return func(io.ReaderAt, int64, string) ([]SevenZipMember, error) {
			return []SevenZipMember{{Name: "m", Size: 9, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}}, nil
		}
	}
	for name, c := range map[string]struct {
		open SevenZipOpener
		want []string
	}{
		"another checksum":  {opens("m", text, 7), []string{"in!m arch.checksum!"}},
		"too short":         {reads(bytes.NewReader(text)), []string{"in!m arch.damaged!"}},
		"a wrong password":  {broken(fmt.Errorf("%w: x", ErrPassword)), []string{"in arch.encrypted!"}},
		"a wrong key":       {reads(iotest.ErrReader(ErrPassword)), []string{"in!m arch.encrypted!"}},
		"an unknown method": {broken(errors.New("method 9")), []string{"in arch.unsupported!"}},
		"a panic":           {func(io.ReaderAt, int64, string) ([]SevenZipMember, error) { panic("x") }, []string{"in arch.unsupported!"}},
	} {
		r := readPipe(t, sevenZipOf("m", text), Options{SevenZip: c.open})
		if !slices.Equal(r.codes(), c.want) {
			t.Errorf("%s: %v, want %v", name, r.codes(), c.want)
		}
	}
}

func TestWhatFollowsASevenZipIsRead(t *testing.T) {
	text := []byte("text\n")
	archive := sevenZipOf("m", text)
	o := Options{SevenZip: opens("m", text, 0)}
	behind := slices.Concat(archive, make([]byte, 10), []byte("a line behind it\n"))
	for way, r := range map[string]reading{"file": readFile(t, behind, o), "pipe": readPipe(t, behind, o)} {
		if r.text() != "text\na line behind it\n" || !slices.Equal(r.codes(), []string{"in comp.padding", "in arch.unnamed_bytes"}) {
			t.Errorf("%s: %q, %v", way, r.text(), r.codes())
		}
		if last := r.members[len(r.members)-1]; last.Size != int64(len(behind)) {
			t.Errorf("%s: the archive is %d bytes, want %d", way, last.Size, len(behind))
		}
	}
	if r := readFile(t, append(archive, 0, 0), o); !slices.Equal(r.codes(), []string{"in comp.padding"}) {
		t.Errorf("zeros: %v", r.codes())
	}
}

func TestACutSevenZipIsCalledCut(t *testing.T) {
	whole := sevenZipOf("m", []byte("text\n"))
	unfinished := append(append(bytes.Clone(whole[:8]), make([]byte, 24)...), whole[32:]...)
	for name, data := range map[string][]byte{"cut": whole[:len(whole)-1], "never finished": unfinished} {
		r := readPipe(t, data, Options{SevenZip: opens("m", nil, 0)})
		if !slices.Equal(r.codes(), []string{"in arch.truncated!"}) {
			t.Errorf("%s: %v", name, r.codes())
		}
	}
}

func TestPasswordsOfASevenZipAreTriedInOrder(t *testing.T) {
	var tried []string
	right := opens("m", []byte("text\n"), 0)
	r := readPipe(t, sevenZipOf("m", []byte("text\n")), Options{
		Passwords: []string{"one", "two"},
		SevenZip: func(at io.ReaderAt, size int64, password string) ([]SevenZipMember, error) {
			if tried = append(tried, password); password != "infected" {
				return nil, ErrPassword
			}
			return right(at, size, password)
		},
	})
	if r.text() != "text\n" || !slices.Equal(tried, []string{"", "one", "two", "infected", "infected"}) {
		t.Errorf("%q after %q", r.text(), tried)
	}
}

func TestNumbersOfASevenZipAreNotBelieved(t *testing.T) {
	for _, files := range [][]byte{
		{0xf0, 0xff, 0xff, 0xff, 0x7f}, {0xe0, 0xff, 0xff, 0xff}, {0xff, 1, 2, 3, 4, 5, 6, 7, 8}, {0xc0, 0xff, 0xff},
	} {
		data := sevenZipWith("a", []byte("text\n"), files)
		never := func(io.ReaderAt, int64, string) ([]SevenZipMember, error) {
			t.Error("the opener was called, and may allocate by these numbers")
			return nil, nil
		}
		if r := readPipe(t, data, Options{SevenZip: never}); !slices.Equal(r.codes(), []string{"in arch.unsupported!"}) {
			t.Errorf("%x files: %v", files, r.codes())
		}
	}
}

// FuzzSevenZipGuard holds that no header makes the guard fail or allocate.
func FuzzSevenZipGuard(f *testing.F) {
	f.Add(sevenZipOf("a", []byte("text\n"))[32:])
	f.Fuzz(func(t *testing.T, data []byte) {
		// The header is sealed by a checksum, which hides all but the first byte
		// from a fuzzer: so it is made to fit.
		h := data[min(len(data), 5):]
		le := binary.LittleEndian
		start := le.AppendUint64(nil, 5)
		start = le.AppendUint64(start, uint64(len(h)))
		start = le.AppendUint32(start, crc32.ChecksumIEEE(h))
		all := slices.Concat([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start)), start, make([]byte, 5), h)
		r := readPipe(t, all, Options{MaxExpanded: 1 << 20, MaxMembers: 100, SevenZip: opens("a", []byte("text\n"), 0)})
		if r.members[len(r.members)-1].Path != "in" {
			t.Errorf("%v", r.members)
		}
	})
}

// TestAWrongPasswordThatUnpacksNothing: what a wrong password makes of LZMA2 is
// in one of 256 cases a stream that ends at once. The next password is tried, and
// nothing is handed out of what comes before an error.
func TestAWrongPasswordThatUnpacksNothing(t *testing.T) {
	text := []byte("text in a 7z\n")
	open := func(_ io.ReaderAt, _ int64, password string) ([]SevenZipMember, error) {
		var content io.Reader
		switch password {
		case "":
			content = io.MultiReader(strings.NewReader("\x07garbage"), iotest.ErrReader(ErrPassword))
		case "right":
			content = bytes.NewReader(text)
		default:
			content = bytes.NewReader(text[:len(password)%2])
		}
		return []SevenZipMember{{Name: "m", Size: uint64(len(text)), CRC32: crc32.ChecksumIEEE(text),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(content), nil }}}, nil
	}
	for _, wrong := range []string{"even", "odd"} { // ends at once, or after one byte
		r := readPipe(t, sevenZipOf("m", text), Options{SevenZip: open, Passwords: []string{wrong, "right"}})
		if r.text() != string(text) || len(r.codes()) > 0 {
			t.Errorf("%q, then the right one: %q, %v", wrong, r.text(), r.codes())
		}
		r = readPipe(t, sevenZipOf("m", text), Options{SevenZip: open, Passwords: []string{wrong}})
		if r.text() != "" || !slices.Equal(r.codes(), []string{"in!m arch.encrypted!"}) {
			t.Errorf("%q alone: %q, %v", wrong, r.text(), r.codes())
		}
	}
}

// TestADamagedMemberDoesNotHideThePassword: the others are read with it, and of the
// damaged one what is whole.
func TestADamagedMemberDoesNotHideThePassword(t *testing.T) {
	text := []byte("text in a 7z\n")
	open := func(_ io.ReaderAt, _ int64, password string) ([]SevenZipMember, error) {
		damaged := io.MultiReader(bytes.NewReader(text), iotest.ErrReader(fmt.Errorf("%w: damaged", ErrPassword)))
		whole := io.Reader(bytes.NewReader(text))
		if password != "right" {
			damaged, whole = iotest.ErrReader(ErrPassword), iotest.ErrReader(ErrPassword)
		}
		member := func(name string, size int, r io.Reader) SevenZipMember {
			return SevenZipMember{Name: name, Size: uint64(size), CRC32: crc32.ChecksumIEEE(text),
				Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
		}
		return []SevenZipMember{member("damaged", 99, damaged), member("whole", len(text), whole)}, nil
	}
	r := readPipe(t, sevenZipOf("m", text), Options{SevenZip: open, Passwords: []string{"wrong", "right"}})
	if r.text() != string(text)+string(text) || !slices.Equal(r.codes(), []string{"in!damaged arch.damaged!"}) {
		t.Errorf("%q, %v", r.text(), r.codes())
	}
}

// TestAMethodOfASevenZipIsToldInWords: without what the library calls it.
func TestAMethodOfASevenZipIsToldInWords(t *testing.T) {
	text := []byte("text in a 7z\n")
	open := func(io.ReaderAt, int64, string) ([]SevenZipMember, error) {
		return []SevenZipMember{{Name: "m", Size: uint64(len(text)), Open: func() (io.ReadCloser, error) {
			return nil, fmt.Errorf("%w (library: unsupported)", ErrMethod)
		}}}, nil
	}
	r := readPipe(t, sevenZipOf("m", text), Options{SevenZip: open})
	if m := r.members[0].Remarks; len(m) != 1 || m[0].Code != CodeMethod || m[0].Reason != "the member was packed by a method that cannot be read" {
		t.Errorf("told as %+v", m)
	}
}
