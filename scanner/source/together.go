package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"

	"tideline/scanner/source/inflate"
)

// Some members say how long they are: those of BGZF, a gzip file in small
// pieces (SAM/BAM format specification, section 4.1), and zstd frames, whose
// blocks have lengths. Where cores are idle, several of them are decoded at the
// same time. What a header says is not believed: a member counts as decoded if
// its data end where the header said, with the right length and checksum, which
// is when decoding one after the other ends there too. At the first that does
// not, and for all that do not fit, decoding goes on one after the other.

// Limits of members that are decoded at the same time, in bytes.
const (
	maxTogether       = 4 << 20 // decoded, of all of them
	maxTogetherMember = 2 << 20 // decoded, of each
	leastTogether     = 3       // members, below which it is not worth while
)

// An extent is what a member says of its size.
type extent struct {
	packed, text int // bytes
	window       uint64
}

// A part is one of the members that are decoded at the same time.
type part struct {
	extent
	src []byte
	buf []byte // Optional: for what is decoded, if it is large enough
	out []byte
	ok  bool
}

// together decodes members from the tape's position on at the same time, as
// many as are in sight whole and sound. It reports false if there are none: then
// the tape is where it was.
func (l *layer) together() bool {
	if l.kind.extent == nil || l.single || l.alone || !l.cores.Spare() {
		return false
	}
	parts := l.inSight()
	if len(parts) < leastTogether {
		return false
	}
	decodeAll(parts, l.kind.unpack, l.cores)
	for i := range parts {
		p := &parts[i]
		if !p.ok || !l.grant(p) {
			break
		}
		l.start = l.t.offset()
		l.t.skip(int64(p.packed))
		l.decoded = append(l.decoded, p.out)
	}
	return l.decoded != nil
}

// grant asks for what decoding a member takes: the same as if it was alone.
func (l *layer) grant(p *part) bool {
	if p.window > l.history {
		if !l.reserve(l.history, p.window) {
			return false
		}
		l.history = p.window
	}
	need := len(p.out) + 1 // the end of a member is seen only if there may be more
	if granted := l.take(need); granted < need {
		l.take(-granted)
		return false
	}
	l.take(-1)
	return true
}

// inSight lists the members in the window of the tape that say how long they
// are, up to the first that does not.
func (l *layer) inSight() []part {
	window := l.t.peek(lookout)
	var parts []part
	total := 0
	for {
		x, ok := l.kind.extent(window)
		if !ok || x.text > maxTogetherMember || total+x.text > maxTogether || x.window > maxTogetherMember {
			return parts
		}
		total += x.text
		parts = append(parts, part{extent: x, src: window[:x.packed]})
		if n := len(l.spare); n > 0 {
			parts[len(parts)-1].buf, l.spare = l.spare[n-1], l.spare[:n-1]
		}
		window = window[x.packed:]
	}
}

// decodeAll decodes parts, with the help of the cores that are idle.
func decodeAll(parts []part, unpack func(dst, src []byte, size int) ([]byte, error), cores *Cores) {
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(parts) {
				return
			}
			parts[i].decode(unpack)
		}
	}
	var helpers sync.WaitGroup
	for n := 1; n < len(parts) && cores.Borrow(); n++ {
		helpers.Go(func() {
			defer cores.Leave()
			work()
		})
	}
	work()
	helpers.Wait()
}

// decode decodes one member; whatever is wrong with it, ok stays false. That
// includes a defect of a decoder: it will show when the member is decoded alone.
func (p *part) decode(unpack func(dst, src []byte, size int) ([]byte, error)) {
	defer func() {
		if recover() != nil {
			p.ok = false
		}
	}()
	out, err := unpack(p.buf[:0], p.src, p.text)
	p.out, p.ok = out, err == nil && len(out) == p.text
}

// deliver delivers what was decoded together.
func (l *layer) deliver(p []byte) int {
	member := l.decoded[0]
	n := copy(p, member[l.given:])
	l.out += int64(n)
	if l.given += n; l.given < len(member) {
		return n
	}
	l.given, l.spare = 0, append(l.spare, member)
	if l.decoded = l.decoded[1:]; len(l.decoded) == 0 {
		l.decoded = nil
		l.next(false)
	}
	return n
}

// bgzfExtent reads the header of a BGZF member: gzip with an extra field BC,
// which says how long the member is.
func bgzfExtent(p []byte) (extent, bool) {
	const fixed, trailer = 12, 8
	if len(p) < fixed || string(p[:4]) != "\x1f\x8b\x08\x04" {
		return extent{}, false
	}
	end := fixed + int(binary.LittleEndian.Uint16(p[10:]))
	for at := fixed; at+4 <= min(end, len(p)); {
		size := int(binary.LittleEndian.Uint16(p[at+2:]))
		if string(p[at:at+2]) == "BC" && size == 2 && at+6 <= min(end, len(p)) {
			packed := int(binary.LittleEndian.Uint16(p[at+4:])) + 1
			if packed > len(p) || packed < end+trailer {
				return extent{}, false
			}
			text := binary.LittleEndian.Uint32(p[packed-4:])
			return extent{packed: packed, text: int(text)}, text <= 64<<10
		}
		at += 4 + size
	}
	return extent{}, false
}

// inflaters are for members that are decoded together.
var inflaters = sync.Pool{New: func() any { return new(inflate.Gzip) }}

// errExtent says that a member does not end where its header said.
var errExtent = errors.New("the member is not as long as its header says")

// gunzip decodes a whole member of size bytes, which must fill src. It uses dst
// if there is room in it.
func gunzip(dst, src []byte, size int) ([]byte, error) {
	z := inflaters.Get().(*inflate.Gzip)
	defer inflaters.Put(z)
	in := bytes.NewReader(src)
	if err := z.Reset(in); err != nil {
		return nil, err
	}
	if cap(dst) <= size {
		dst = make([]byte, size+1)
	}
	buf := dst[:size+1] // one byte more than there should be
	n, err := io.ReadFull(z, buf)
	if err == nil {
		return nil, errExtent
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		_, err = z.Read(buf[n:]) // its end, or why it has none
	}
	if err != io.EOF || in.Len()+z.Buffered() > 0 {
		return nil, errExtent
	}
	return buf[:n], nil
}

// zstdExtent walks the blocks of a frame by their headers. Only frames that say
// how much is in them are told.
func zstdExtent(p []byte) (extent, bool) {
	var f zstdFrame
	if len(p) < 5 || string(p[:4]) != "\x28\xb5\x2f\xfd" {
		return extent{}, false
	}
	n, err := f.header(p)
	if err != nil {
		return extent{}, false
	}
	text, ok := contentSize(p[:n])
	if !ok {
		return extent{}, false
	}
	at := n
	for f.stage = zstdBlock; f.stage == zstdBlock; {
		size, err := f.block(p[min(int(at), len(p)):])
		if err != nil || at+size > int64(len(p)) {
			return extent{}, false
		}
		at += size
	}
	if f.checksum {
		at += 4
	}
	return extent{packed: int(at), text: text, window: f.window}, at <= int64(len(p))
}

// contentSize is what a frame header says of the frame's content, section
// 3.1.1.1.4 of RFC 8878: the last field of the header.
func contentSize(header []byte) (int, bool) {
	d := header[4]
	size := [4]int{0, 2, 4, 8}[d>>6]
	if size == 0 && d&0x20 != 0 {
		size = 1
	}
	if size == 0 {
		return 0, false
	}
	var b [8]byte
	copy(b[:], header[len(header)-size:])
	n := binary.LittleEndian.Uint64(b[:])
	if size == 2 {
		n += 256
	}
	return int(min(n, maxTogetherMember+1)), true
}

// unzstd decodes a whole frame of size bytes. It uses dst if there is room in it.
func unzstd(dst, src []byte, size int) ([]byte, error) {
	if cap(dst) < size {
		dst = make([]byte, 0, size)
	}
	d, ok := zstds.Get().(*zstd.Decoder)
	if !ok {
		return nil, errors.New("zstd: the decoder cannot be made")
	}
	defer zstds.Put(d)
	return d.DecodeAll(src, dst)
}
