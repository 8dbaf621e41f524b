package source

const (
	aheadBlock = 256 << 10 // bytes that are handed over at a time
	aheadRing  = 4         // blocks that may be decoded and not yet read
	// aheadAfter is how much of a stream is read before it is worth while to
	// start a goroutine for the rest. A reader that can share its own work out has
	// done so by then, which is the better use of an idle core.
	aheadAfter = 2 << 20
)

// An ahead reads a tape, and, while a core is idle, does so on a goroutine of
// its own: it decodes the next blocks while its reader is at work on this one.
// What it delivers is the same, byte for byte and error for error.
//
// Nobody else may use the tape until stop has returned.
type ahead struct {
	t     *tape
	cores *Cores
	plain int // bytes delivered without a goroutine since there was one

	ready chan *aheadPart // nil: there is no goroutine
	free  chan *aheadPart
	quit  chan struct{}
	part  *aheadPart // being delivered
	rest  []byte     // of part
	err   error      // of the tape, told when everything before it was delivered
}

// An aheadPart is a stretch of the stream.
type aheadPart struct {
	buf   []byte
	data  []byte // of buf
	err   error  // behind data
	panic any    // in place of an error
	last  bool   // the goroutine ends behind it
}

func newAhead(t *tape, cores *Cores) *ahead { return &ahead{t: t, cores: cores} }

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		switch {
		case a.part != nil && a.part.panic != nil:
			panic(a.part.panic) // as it would have been without a goroutine
		case a.err != nil:
			return 0, a.err
		case a.ready != nil:
			if a.next(); len(a.rest) == 0 && a.part != nil && a.part.err == nil && a.part.panic == nil {
				return 0, nil // as the tape did
			}
		case a.plain >= aheadAfter && a.cores.Borrow():
			a.start()
		default:
			n, err := a.t.Read(p)
			a.plain += n
			return n, err
		}
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// next turns to the next part. Its predecessor goes back to the goroutine.
func (a *ahead) next() {
	if a.part != nil {
		if a.part.last {
			a.end()
			return
		}
		a.free <- a.part
	}
	a.part = <-a.ready
	a.rest, a.err = a.part.data, a.part.err
}

// end forgets a goroutine that has given out its last part.
func (a *ahead) end() {
	a.ready, a.free, a.quit, a.part, a.plain = nil, nil, nil, nil, 0
}

// start begins to decode ahead. A core was borrowed for it.
func (a *ahead) start() {
	a.ready, a.free, a.quit = make(chan *aheadPart, aheadRing), make(chan *aheadPart, aheadRing), make(chan struct{})
	for range aheadRing {
		a.free <- &aheadPart{}
	}
	go decodeAhead(a.t, a.cores, a.free, a.ready, a.quit)
}

// decodeAhead fills parts until the tape ends, quit is closed, or others want
// the core. The last part says so.
func decodeAhead(t *tape, cores *Cores, free <-chan *aheadPart, ready chan<- *aheadPart, quit <-chan struct{}) {
	for last := false; !last; {
		p := &aheadPart{last: true}
		select {
		case p = <-free:
			p.fill(t)
			p.last = p.err != nil || p.panic != nil || cores.Wanted()
		case <-quit:
		}
		if last = p.last; last {
			cores.Leave()
		}
		ready <- p // there is room for all but that of quit, for which somebody waits
	}
}

// fill reads most of a block.
func (p *aheadPart) fill(t *tape) {
	p.data, p.err = nil, nil
	defer func() { p.panic = recover() }()
	if p.buf == nil {
		p.buf = make([]byte, aheadBlock)
	}
	n, m := 0, 1
	for p.err == nil && m > 0 && n < aheadBlock/2 {
		m, p.err = t.Read(p.buf[n:])
		n += m
	}
	p.data = p.buf[:n]
}

// stop waits for the goroutine to end. The tape is then somewhere behind what
// was delivered; nothing is to be read from a any more.
func (a *ahead) stop() {
	if a.ready == nil {
		return
	}
	close(a.quit)
	for p := a.part; p == nil || !p.last; {
		p = <-a.ready
	}
	a.end()
}
