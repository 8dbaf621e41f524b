package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A codec decodes one kind of compressed data, one member of it at a time: a
// gzip member, a zstd frame, a bzip2 or xz stream. Members follow each other;
// the layer above strings them together and deals with damage between them.
type codec interface {
	// open makes ready for the member at the tape's position.
	open(t *tape) error
	// Read delivers the member. io.EOF means a sound end.
	io.Reader
	// settle puts the tape behind the last byte the decoder has used. It is
	// called after Read returned an error.
	settle()
	// free gives buffers back; the codec is not used again.
	free()
}

// A windower is a codec that keeps a history of the size the data ask for.
type windower interface{ window() uint64 }

// A skipper is a codec whose format has a place for bytes that decoders pass
// over: a note must be made of them, as anything could be put there.
type skipper interface{ skipped() int64 }

// A resumer is a codec whose members consist of parts that stand for themselves
// and say how long they are. After damage, resume puts the tape behind the
// damaged one, and reports whether Read may go on there.
type resumer interface{ resume() bool }

// A codecKind is what is known about a codec before anything is decoded.
type codecKind struct {
	name  string
	magic string // what members begin with, as far as it is always the same
	// match says whether prefix begins with a sound header. More than a magic
	// number is looked at as far as the format gives something to check.
	match func(prefix []byte) bool
	// resync says whether members are so marked that the next one can be found
	// behind damage. Without it the rest is lost.
	resync bool
	// certain says that match alone is proof, without a trial decode.
	certain bool
	make    func() codec
	// extent says how long a member is that says so itself and is whole in p, and
	// unpack decodes one; see together. Optional.
	extent func(p []byte) (extent, bool)
	unpack func(dst, src []byte, size int) ([]byte, error)
}

// codecKinds is every codec that is told by its content. zlib is the last: it
// has no magic number worth the name, and is proven by a trial decode.
var codecKinds = []*codecKind{gzipKind, zstdKind, bzip2Kind, xzKind, lz4Kind, snappyKind, zlibKind}

// errWindow is returned by codecs that would need more memory than allowed.
type errWindow struct{ need, limit uint64 }

func (e *errWindow) Error() string {
	return fmt.Sprintf("the decoder would need a window of %d bytes; %d are allowed", e.need, e.limit)
}

// errUnsupported is returned by codecs of sound data that they cannot decode; lift is
// what helps.
type errUnsupported struct{ what, lift string }

func (e *errUnsupported) Error() string { return e.what }

// errChecksum says that a member was decoded to its end and is not what was
// compressed.
var errChecksum = errors.New("the checksum does not match the decoded data")

const (
	trialOutput = 64 << 10 // bytes that a trial decode looks at
	wholeOutput = 16 << 20
)

// sound reports whether a member begins here: its header holds, and the first
// of its data can be decoded. A member that is cut off is sound if anything
// at all comes out of it.
func (k *codecKind) sound(prefix []byte) bool {
	if k.certain {
		return k.match(prefix)
	}
	return k.try(prefix, func(c codec, _ *tape) bool {
		var got int
		buf := make([]byte, 4<<10)
		for got < trialOutput {
			n, err := c.Read(buf)
			got += n
			switch {
			case err == io.EOF:
				return true
			case errors.Is(err, io.ErrUnexpectedEOF):
				return got > 0
			case err != nil:
				return false
			}
		}
		return true
	})
}

// try reports whether what matches k can be opened and then stands a test.
func (k *codecKind) try(prefix []byte, test func(codec, *tape) bool) bool {
	if !k.match(prefix) {
		return false
	}
	t := newTape(bytes.NewReader(prefix))
	defer t.release()
	c := k.make()
	defer c.free()
	return c.open(t) == nil && test(c, t)
}

// whole reports whether a member begins here that can be decoded to its sound
// end, and is followed by nothing but padding or by the next member.
func (k *codecKind) whole(prefix []byte) bool {
	return k.try(prefix, func(c codec, t *tape) bool {
		n, err := io.Copy(io.Discard, io.LimitReader(c, wholeOutput))
		c.settle()
		if err != nil || n == wholeOutput {
			return false
		}
		rest := bytes.TrimLeft(prefix[t.offset():], "\x00")
		return len(rest) == 0 || k.match(rest)
	})
}

// A finder looks for the beginning of something in a window of bytes; whole
// says that nothing follows the window. It returns the number of bytes that
// are certainly before any beginning, and whether one is right behind them.
type finder func(window []byte, whole bool) (before int, found bool)

// find is the finder of the kind's members. tries is counted down by trial
// decodes; at zero nothing is found any more.
func (k *codecKind) find(tries *int) finder {
	magic := []byte(k.magic)
	return func(window []byte, whole bool) (int, bool) {
		for at := 0; ; {
			i := bytes.Index(window[at:], magic)
			if i < 0 || *tries <= 0 {
				return max(0, len(window)-overlap(whole, len(magic)-1)), false
			}
			at += i
			if !whole && at > 0 && len(window)-at < lookout/2 {
				return at, false // look again with more behind it
			}
			*tries--
			if k.sound(window[at:]) {
				return at, true
			}
			at++
		}
	}
}

func overlap(whole bool, n int) int {
	if whole {
		return 0
	}
	return n
}

// seek moves the tape forward to what find finds.
func (t *tape) seek(find finder) bool {
	for !t.ended() {
		window := t.peek(lookout)
		n, found := find(window, len(window) < lookout)
		t.r += n
		if found {
			return true
		}
		if len(window) < lookout {
			t.r = t.w
		}
	}
	return false
}

// An until reads a tape up to where find finds something.
type until struct {
	t     *tape
	find  finder
	safe  int // bytes that may be read before find is asked again
	found bool
}

func (u *until) Read(p []byte) (int, error) {
	if u.safe == 0 {
		if u.found || u.t.ended() {
			return 0, endOf(u.t, u.found)
		}
		window := u.t.peek(lookout)
		u.safe, u.found = u.find(window, len(window) < lookout)
		if len(window) < lookout && !u.found {
			u.safe = len(window)
		}
		if u.safe == 0 {
			return 0, io.EOF
		}
	}
	n, err := u.t.Read(p[:min(len(p), u.safe)])
	u.safe -= n
	return n, err
}

// endOf is what a reader of a part of t returns at its end.
func endOf(t *tape, found bool) error {
	if err := t.failure(); err != nil && !found {
		return err
	}
	return io.EOF
}
