package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A layer is the decompressed view of a tape: all members of one codec, one
// after the other, with damage left out.
//
// It delivers every byte before damage, goes on behind it where a sound member
// is found, and then ends with io.EOF; what was lost is said to note. Only an
// error of the tape's source is returned as an error.
type layer struct {
	t    *tape
	kind *codecKind
	c    codec
	note func(Remark)
	// take asks for the budget of n decompressed bytes and returns what is
	// granted.
	take func(n int) int

	reserve func(held, need uint64) bool
	history uint64   // bytes reserved for the decoder
	cores   *Cores   // Optional: where members may be decoded at the same time
	alone   bool     // the decoder is one that decodes no members at the same time
	decoded [][]byte // of members that were, to be delivered
	given   int      // bytes of the first of decoded
	spare   [][]byte // buffers of members that were delivered
	single  bool     // what follows the first member is not of this layer
	start   int64    // of the member, compressed
	out     int64    // bytes delivered
	lost    []int64  // offsets in the output at which continuity was lost
	tries   int
	cut     bool // ended by the budget or by damage with nothing behind it
	err     error
}

func (w *walk) layer(t *tape, kind *codecKind, note func(Remark)) *layer {
	l := &layer{t: t, kind: kind, c: w.o.decoder(kind), note: note, take: w.take, reserve: w.reserve, tries: maxTrials,
		cores: w.o.Cores, alone: w.o.Inflate == InflateKlauspost}
	l.open()
	return l
}

// close gives the decoder back.
func (l *layer) close() {
	if l.c != nil {
		l.reserve(l.history, 0)
		l.c.free()
		l.c = nil
	}
}

func (l *layer) breaks() []int64 { return l.lost }

// open begins the member at the tape's position.
func (l *layer) open() {
	l.start = l.t.offset()
	if l.together() {
		return
	}
	err := l.c.open(l.t)
	if err == nil {
		err = l.afford()
	}
	if err != nil {
		l.c.settle()
		l.damage(err)
	}
}

// afford reserves what the decoder needs for its history, and returns an error
// if layers inside each other would need too much together.
func (l *layer) afford() error {
	c, ok := l.c.(windower)
	if !ok || c.window() <= l.history {
		return nil
	}
	if !l.reserve(l.history, c.window()) {
		return &errWindow{c.window(), maxHistory}
	}
	l.history = c.window()
	return nil
}

func (l *layer) Read(p []byte) (int, error) {
	for l.err == nil {
		if l.decoded != nil {
			if n := l.deliver(p); n > 0 {
				return n, nil
			}
			continue
		}
		granted := l.take(len(p))
		if granted == 0 && len(p) > 0 {
			l.spent()
			break
		}
		n, err := l.c.Read(p[:granted])
		l.take(n - granted)
		l.out += int64(n)
		if err == nil {
			err = l.afford()
		}
		if err != nil {
			l.c.settle()
			l.member(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, l.err
}

// spent ends the layer when the budget is used up.
func (l *layer) spent() {
	l.note(expandedRemark(l.kind.name, l.out, l.t.offset()))
	l.cut, l.err = true, io.EOF
}

func expandedRemark(what string, delivered, at int64) Remark {
	return Remark{Code: CodeExpanded, Gap: true, Offset: at,
		Reason: fmt.Sprintf("%s: the limit of decompressed bytes for one input was reached; %d were delivered", what, delivered),
		Lift:   "scan again with a larger --max-expanded"}
}

// member deals with the end of a member, sound or not.
func (l *layer) member(err error) {
	if s, ok := l.c.(skipper); ok && s.skipped() > 0 {
		l.note(Remark{Code: CodeSkipped, Offset: l.start, Bytes: s.skipped(),
			Reason: l.kind.name + " data that decoders are told to skip"})
	}
	switch {
	case err == io.EOF && l.single:
		l.err = io.EOF
	case err == io.EOF:
		l.next(false)
	case errors.Is(err, errChecksum) && l.t.failure() == nil:
		l.note(Remark{Code: CodeChecksum, Gap: true, Offset: l.start, Bytes: l.t.offset() - l.start,
			Reason: fmt.Sprintf("%s member at %d: %v", l.kind.name, l.start, errChecksum),
			Lift:   "get an undamaged copy"})
		l.next(true)
	default:
		l.damage(err)
	}
}

// next looks at what follows a member: the next one, padding, the end, or
// something else, which is left on the tape unless a member follows it. After
// a damaged member the end may have been found in the wrong place.
func (l *layer) next(suspect bool) {
	if zeros := l.t.padding(); zeros > 0 {
		l.note(Remark{Code: CodePadding, Offset: l.t.offset() - zeros, Bytes: zeros,
			Reason: "zero bytes behind the compressed data"})
	}
	prefix := l.t.peek(lookout)
	switch {
	case len(prefix) == 0:
		l.err = endOf(l.t, false)
	case l.kind.match(prefix):
		l.open()
	case suspect:
		l.resync(errChecksum)
	case l.kind.resync && l.damagedHeader(prefix):
		l.skipForeign()
	default:
		l.err = io.EOF
	}
}

// skipForeign passes over bytes that are neither a member nor anything else
// known, up to a member within sight: its neighbour's header is damaged.
func (l *layer) skipForeign() {
	from := l.t.offset()
	found := l.ahead()
	l.note(Remark{Code: CodeDamaged, Gap: true, Offset: from, Bytes: l.t.offset() - from,
		Reason: fmt.Sprintf("bytes behind the %s member at %d are neither a member nor text; decoding %s", l.kind.name, l.start, whither(found, l.t.offset())),
		Lift:   "get an undamaged copy"})
	l.proceed(found)
}

// damagedHeader reports whether a sound member is within sight, and what is
// before it is nothing that could be scanned.
func (l *layer) damagedHeader(window []byte) bool {
	n, found := l.kind.find(&l.tries)(window, true)
	return found && foreign(window[:n])
}

// unused is how many bytes before a cut a decoder may not have come to use: those
// of a code that is not whole.
const unused = 7

// damage ends a member that cannot be decoded further.
func (l *layer) damage(cause error) {
	if err := l.t.failure(); err != nil {
		l.err = err
		return
	}
	at := l.t.offset()
	var window *errWindow
	switch {
	case errors.As(cause, &window):
		l.note(Remark{Code: CodeWindow, Gap: true, Offset: l.start,
			Reason: fmt.Sprintf("%s member at %d: %v", l.kind.name, l.start, window),
			Lift:   fmt.Sprintf("decompress it by hand with a memory limit of %d bytes and scan the result", window.need)})
		l.proceed(l.ahead())
	case errors.Is(cause, io.ErrUnexpectedEOF) && len(l.t.peek(unused+1)) <= unused:
		at += l.t.skip(unused)
		l.note(Remark{Code: CodeTruncated, Gap: true, Offset: at,
			Reason: fmt.Sprintf("%s member at %d is cut off at %d, or damaged so that its end was not seen; %d bytes were decoded", l.kind.name, l.start, at, l.out),
			Lift:   "get a whole copy"})
		l.proceed(l.behind(at))
	default:
		l.resync(cause)
	}
}

// resync looks for the next sound member, from within the damaged one, ends
// the layer if there is none, and says what was lost.
func (l *layer) resync(cause error) {
	failed := l.t.offset()
	r, ok := l.c.(resumer)
	resumed := ok && r.resume()
	found := resumed || l.behind(failed) || l.ahead()
	to := l.t.offset()
	how, lift := fmt.Sprintf("is damaged at or before %d", failed), "get an undamaged copy"
	if foreign, ok := errors.AsType[*errUnsupported](cause); ok {
		how, lift = "cannot be decoded", foreign.lift
	}
	l.note(Remark{Code: CodeDamaged, Gap: true, Offset: failed, Bytes: max(0, to-failed),
		Reason: fmt.Sprintf("%s member at %d %s (%s); decoding %s", l.kind.name, l.start, how, show(cause.Error()), whither(found, to)),
		Lift:   lift})
	if resumed {
		l.lost = append(l.lost, l.out)
		return
	}
	l.proceed(found)
}

func (l *layer) proceed(found bool) {
	if l.tries <= 0 {
		l.note(Remark{Code: CodeResync, Gap: true, Offset: l.t.offset(),
			Reason: "too many places behind the damage look like a member and are none; the search was given up",
			Lift:   "cut the file behind the damage and scan the rest"})
	}
	if !found {
		l.cut, l.err = true, endOf(l.t, false)
		return
	}
	l.lost = append(l.lost, l.out)
	l.open()
}

// ahead reads on to the next sound member.
func (l *layer) ahead() bool {
	if !l.kind.resync {
		l.t.drain()
		return false
	}
	return l.t.seek(l.kind.find(&l.tries))
}

// behind goes back to a member that the damaged one has swallowed: a decoder
// notices damage late. Compressed data may be stored as it is inside other
// compressed data, so only a member that is whole and followed by another or
// by the end is believed.
func (l *layer) behind(failed int64) bool {
	if !l.kind.resync {
		return false
	}
	l.t.rewind(max(l.start+1, failed-lookback/2))
	window := l.t.peek(lookout)
	most := int(failed - l.t.offset())
	for at := 0; l.tries > 0; at++ {
		i := bytes.Index(window[min(at, len(window)):], []byte(l.kind.magic))
		if i < 0 || at+i >= most {
			break
		}
		at += i
		l.tries--
		if l.kind.whole(window[at:]) {
			l.t.r += at
			return true
		}
	}
	l.t.rewind(failed)
	return false
}

func whither(found bool, to int64) string {
	if found {
		return fmt.Sprintf("goes on at %d", to)
	}
	return "could not go on"
}
