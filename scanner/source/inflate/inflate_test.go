package inflate

import (
	"bytes"
	stdflate "compress/flate"
	stdgzip "compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"
)

// texts are things to compress, by what is special about them.
func texts() map[string][]byte {
	r := rand.New(rand.NewSource(1))
	random := make([]byte, 200_000)
	r.Read(random)
	var log bytes.Buffer
	for i := range 4000 {
		fmt.Fprintf(&log, `{"kind":"Event","auditID":"%08x-%04x","verb":"get","user":{"username":"system:serviceaccount:ns%d:default"},"code":%d}`+"\n",
			uint32(i)*2654435761, i%65536, i%17, 200+i%3)
	}
	skewed := make([]byte, 100_000) // long codes
	for i := range skewed {
		for skewed[i] < 200 && r.Intn(2) == 0 {
			skewed[i]++
		}
	}
	return map[string][]byte{
		"nothing": nil, "one byte": {7}, "random": random, "log": log.Bytes(), "skewed": skewed, "zeros": make([]byte, 300_000),
		"pairs": bytes.Repeat([]byte("ab"), 50_000), "period 7": bytes.Repeat([]byte("1234567"), 9000), "period 9": bytes.Repeat([]byte("123456789"), 9000),
		"far": append(append(bytes.Clone(random[:32<<10]), random[:32<<10]...), random[:32<<10]...), "short": []byte("hello hello hello hello"),
	}
}

// deflated compresses with the standard library.
func deflated(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stdflate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(text)
	w.Close()
	return b.Bytes()
}

func gzipped(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stdgzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(text)
	w.Close()
	return b.Bytes()
}

// readAll reads in pieces of size bytes.
func readAll(r io.Reader, size int) ([]byte, error) {
	var out []byte
	buf := make([]byte, size)
	for {
		n, err := r.Read(buf)
		out = append(out, buf[:n]...)
		if err != nil {
			return out, err
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for name, text := range texts() {
		for _, level := range []int{stdflate.HuffmanOnly, 0, 1, 6, 9} {
			data := append(deflated(t, text, level), "what follows"...)
			for _, size := range []int{37, 300, 4 << 10, 64 << 10, 512 << 10} {
				for _, in := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data))} {
					var d Decoder
					d.Reset(in)
					got, err := readAll(&d, size)
					if err != io.EOF || !bytes.Equal(got, text) {
						t.Fatalf("%s, level %d, pieces of %d: %d bytes of %d, %v", name, level, size, len(got), len(text), err)
					}
					if _, one := in.(*bytes.Reader); one {
						rest, _ := io.ReadAll(in)
						if n := d.Buffered() + len(rest); n != len("what follows") {
							t.Fatalf("%s: %d bytes are left, want %d", name, n, len("what follows"))
						}
					}
				}
			}
		}
	}
}

// TestEveryCut ends the input at every place: what comes before is delivered.
func TestEveryCut(t *testing.T) {
	for _, level := range []int{0, 1, 9} {
		text := texts()["log"][:9000]
		data := deflated(t, text, level)
		for cut := range data {
			var d Decoder
			d.Reset(bytes.NewReader(data[:cut]))
			got, err := readAll(&d, 4096)
			want, _ := io.ReadAll(stdflate.NewReader(bytes.NewReader(data[:cut])))
			if err != io.ErrUnexpectedEOF || !bytes.HasPrefix(text, got) || len(got) < len(want) {
				t.Fatalf("level %d, cut at %d: %d bytes, %v; the standard library has %d", level, cut, len(got), err, len(want))
			}
		}
	}
}

// TestMutations damages sound streams in 20,000 ways.
func TestMutations(t *testing.T) {
	all := texts()
	var seeds [][]byte
	for _, name := range []string{"log", "skewed", "short", "period 7", "far"} {
		for _, level := range []int{stdflate.HuffmanOnly, 1, 9} {
			seeds = append(seeds, deflated(t, all[name][:min(len(all[name]), 6000)], level))
		}
	}
	n := 20_000
	if testing.Short() {
		n = 2000
	}
	r := rand.New(rand.NewSource(2))
	for range n {
		data := bytes.Clone(seeds[r.Intn(len(seeds))])
		for range 1 + r.Intn(4) {
			i := r.Intn(len(data))
			if r.Intn(2) == 0 {
				i = r.Intn(min(len(data), 100)) // where the codes are
			}
			switch r.Intn(3) {
			case 0:
				data[i] ^= 1 << r.Intn(8)
			case 1:
				data[i] = byte(r.Int())
			case 2:
				data = append(data[:i], data[i+1:]...)
			}
			if len(data) == 0 {
				break
			}
		}
		same(t, data)
	}
}

func TestGzip(t *testing.T) {
	text := texts()["log"]
	var g Gzip
	two := append(gzipped(t, text, 6), gzipped(t, []byte("second"), 1)...)
	in := bytes.NewReader(two)
	if err := g.Reset(in); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(&g, 10_000)
	if err != io.EOF || !bytes.Equal(got, text) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	behind := two[len(two)-in.Len()-g.Buffered():]
	if err := g.Reset(bytes.NewReader(behind)); err != nil {
		t.Fatal(err)
	}
	if got, err := readAll(&g, 100); err != io.EOF || string(got) != "second" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestGzipHeaders(t *testing.T) {
	var b bytes.Buffer
	w := stdgzip.NewWriter(&b)
	w.Name, w.Comment, w.Extra = "a name", "a comment", []byte(strings.Repeat("x", 1000))
	io.WriteString(w, "text")
	w.Close()
	sound := b.Bytes()
	var g Gzip
	if err := g.Reset(bytes.NewReader(sound)); err != nil {
		t.Fatal(err)
	}
	if got, err := readAll(&g, 100); string(got) != "text" || err != io.EOF {
		t.Fatalf("%q, %v", got, err)
	}
	for cut := range 1000 {
		if err := g.Reset(bytes.NewReader(sound[:cut])); err != io.ErrUnexpectedEOF {
			t.Fatalf("header cut at %d: %v", cut, err)
		}
	}
	if err := g.Reset(strings.NewReader("no gzip at all")); err == nil {
		t.Error("text taken for gzip")
	}
}

func TestGzipChecksum(t *testing.T) {
	for _, at := range []int{8, 4, 1} {
		data := gzipped(t, []byte("some text"), 6)
		data[len(data)-at] ^= 1
		var g Gzip
		if err := g.Reset(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if got, err := readAll(&g, 100); string(got) != "some text" || !errors.Is(err, ErrChecksum) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// TestReaderErrorsAreKept: what the source says is no damage of the data.
func TestReaderErrorsAreKept(t *testing.T) {
	broken := errors.New("broken disk")
	data := deflated(t, texts()["log"], 6)
	var d Decoder
	d.Reset(io.MultiReader(bytes.NewReader(data[:5000]), iotest.ErrReader(broken)))
	got, err := readAll(&d, 4096)
	if err != broken || len(got) < 5000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestNoAllocation(t *testing.T) {
	data := gzipped(t, texts()["log"], 6)
	var g Gzip
	in := bytes.NewReader(data)
	buf := make([]byte, 256<<10)
	if n := testing.AllocsPerRun(10, func() {
		in.Reset(data)
		if err := g.Reset(in); err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := g.Read(buf); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
