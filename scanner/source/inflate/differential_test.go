package inflate

import (
	"bytes"
	stdflate "compress/flate"
	stdgzip "compress/gzip"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// A result is what a decoder made of data that may be damaged.
type result struct {
	who  string
	out  []byte
	err  error
	left int // bytes of the input that it says are not its own
	from int // where the deflate stream begins
}

// ended reports whether the stream was whole.
func (r *result) ended() bool { return r.err == nil || r.err == io.EOF }

// cut reports whether the input ended before the stream did.
func (r *result) cut() bool { return errors.Is(r.err, io.ErrUnexpectedEOF) }

// at is where in the input the decoder stopped, which a referee tells of damage
// only; ok is false if it does not.
func (r *result) at(data []byte) (n int, ok bool) {
	var std stdflate.CorruptInputError
	var other flate.CorruptInputError
	switch {
	case r.who == "ours":
		return len(data) - r.left, true
	case errors.As(r.err, &std):
		return r.from + int(std), true
	case errors.As(r.err, &other):
		return r.from + int(other), true
	}
	return 0, false
}

// deflates decodes with ours, in pieces of size, and with both referees.
func deflates(data []byte, size int) (ours result, referees [2]result) {
	const from = 0
	var d Decoder
	in := bytes.NewReader(data)
	d.Reset(in)
	out, err := readAll(&d, size)
	ours = result{"ours", out, err, in.Len() + d.Buffered(), from}

	in = bytes.NewReader(data) // a ByteReader: they read no more than they use
	out, err = io.ReadAll(stdflate.NewReader(in))
	referees[0] = result{"standard library", out, err, in.Len(), from}
	in = bytes.NewReader(data)
	out, err = io.ReadAll(flate.NewReader(in))
	referees[1] = result{"klauspost", out, err, in.Len(), from}
	return ours, referees
}

// gunzips is deflates for one gzip member.
func gunzips(data []byte, size int) (ours result, referees [2]result) {
	var g Gzip
	in := bytes.NewReader(data)
	var out []byte
	err := g.Reset(in)
	if err == nil {
		out, err = readAll(&g, size)
	}
	ours = result{"ours", out, err, in.Len() + g.Buffered(), 0}

	in = bytes.NewReader(data)
	std, err := stdgzip.NewReader(in)
	from := len(data) - in.Len()
	if out, err = nil, early(err); err == nil {
		std.Multistream(false)
		out, err = io.ReadAll(std)
	}
	referees[0] = result{"standard library", out, err, in.Len(), from}
	in = bytes.NewReader(data)
	other, err := gzip.NewReader(in)
	if out, err = nil, early(err); err == nil {
		other.Multistream(false)
		out, err = io.ReadAll(other)
	}
	referees[1] = result{"klauspost", out, err, in.Len(), from}
	return ours, referees
}

// early is err of a header: input that ends there is cut for us.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// ahead is how many bytes a referee may take from its source before it needs
// them. The standard library looks codes up with the bits it has, and where
// those are the beginning of a longer code too, asks for the bits of that one;
// klauspost fills its word. Near damage they say so much later, or, having met
// the end of the input, stop so much earlier.
var ahead = [2]int{2, 8}

// apart reports whether the referees differ in more than how far they look
// ahead.
func apart(data []byte, std, other *result) bool {
	a, told := std.at(data)
	b, toldToo := other.at(data)
	return errors.Is(other.err, gzip.ErrHeader) || other.ended() != std.ended() || other.cut() != std.cut() ||
		len(other.out) > len(std.out) || told && toldToo && b > a+ahead[1]
}

// settled fails if ours and the referees differ: in what comes out, up to
// damage too, in whether the stream is whole, cut or damaged, in where it was
// found to be damaged, and in what follows it. Where the referees differ among
// themselves, the standard library decides: klauspost goes on behind a code
// that does not exist, if it is the other one of a code with a single word
// (found by this test), and calls headers invalid that are cut, or have names
// it does not like.
func settled(t *testing.T, data []byte, ours result, referees [2]result) {
	t.Helper()
	stop, _ := ours.at(data)
	for i, r := range referees {
		if i > 0 && apart(data, &referees[0], &r) {
			continue
		}
		if ours.ended() != r.ended() {
			t.Fatalf("%v; %s: %v", ours.err, r.who, r.err)
		}
		// A referee that looks ahead may meet the end of the input first.
		atEnd := r.cut() && stop >= len(data)-ahead[i] || len(data) < 10 // no whole header
		if ours.cut() != r.cut() && !atEnd {
			t.Fatalf("%v; %s: %v", ours.err, r.who, r.err)
		}
		if !bytes.Equal(ours.out, r.out) && !(atEnd && bytes.HasPrefix(ours.out, r.out)) {
			t.Fatalf("%d bytes, %v; %s: %d bytes, %v", len(ours.out), ours.err, r.who, len(r.out), r.err)
		}
		if ours.ended() && ours.left != r.left {
			t.Fatalf("%d bytes follow; %s: %d", ours.left, r.who, r.left)
		}
		if at, told := r.at(data); told && (stop-at < -ahead[i] || stop-at > ahead[i]) {
			t.Fatalf("damage at %d, %v; %s: %d, %v", stop, ours.err, r.who, at, r.err)
		}
	}
}

func same(t *testing.T, data []byte) {
	t.Helper()
	for _, size := range []int{4096, 300 + len(data)%97} {
		ours, referees := deflates(data, size)
		settled(t, data, ours, referees)
	}
}

func FuzzDecoder(f *testing.F) {
	for _, text := range texts() {
		for _, level := range []int{stdflate.HuffmanOnly, 0, 1, 6} {
			f.Add(deflated(f, text[:min(len(text), 3000)], level))
		}
	}
	f.Add([]byte{0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		same(t, data)
	})
}

func FuzzGzip(f *testing.F) {
	for _, text := range texts() {
		f.Add(append(gzipped(f, text[:min(len(text), 3000)], 6), "behind"...))
	}
	f.Add([]byte{0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 0, 3, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		const name, comment, longest = 8, 16, 500
		if len(data) > 64<<10 || len(data) > longest && data[3]&(name|comment) != 0 {
			return // the referees refuse names of more than 512 bytes
		}
		ours, referees := gunzips(data, 4096)
		settled(t, data, ours, referees)
	})
}
