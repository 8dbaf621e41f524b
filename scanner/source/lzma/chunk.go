package lzma

import (
	"io"
	"math/bits"
)

// What the first byte of a chunk of LZMA2 says. Of a compressed one, two bits
// tell what is forgotten, and five are the highest of its length.
const (
	chunkEnd     = 0x00
	chunkAfresh  = 0x01 // stored, and the history is forgotten
	chunkStored  = 0x02
	chunkPacked  = 0x80
	forgetState  = 1 // also what was learned
	forgetTaught = 2 // also the properties: new ones follow
	forgetAll    = 3 // also the history
)

// next begins what follows: the next chunk, or nothing.
func (d *Decoder) next() error {
	if !d.chunks {
		return d.over()
	}
	switch {
	case !d.stored && d.coder.err != nil:
		return d.lack()
	case !d.stored && d.buf != nil && (d.copying > 0 || !d.finished() || d.at < len(d.buf)):
		return ErrCorrupt
	}
	if err := d.read(1); err != nil {
		return err
	}
	switch control := d.head[0]; {
	case control == chunkEnd:
		return io.EOF
	case control >= chunkPacked:
		return d.unpack(control)
	case control == chunkAfresh, control == chunkStored && !d.first:
		return d.store(control == chunkAfresh)
	}
	return ErrCorrupt
}

// over is the end of LZMA of a known size: there may be an end mark besides.
func (d *Decoder) over() error {
	if d.copying == 0 && d.finished() {
		return io.EOF
	}
	if d.copying > 0 {
		return ErrCorrupt
	}
	d.room() // what is no end mark is a byte too many, and goes somewhere
	err := d.symbol()
	if err == nil {
		err = ErrCorrupt
	}
	return err
}

// read fills the first n bytes of head.
func (d *Decoder) read(n int) error {
	_, err := io.ReadFull(d.src, d.head[:n])
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (d *Decoder) store(afresh bool) error {
	if err := d.read(2); err != nil {
		return err
	}
	d.stored, d.left = true, int64(d.head[0])<<8+int64(d.head[1])+1
	if afresh {
		d.forget()
	}
	return nil
}

func (d *Decoder) forget() { d.first, d.pos, d.w = false, 0, 0 }

func (d *Decoder) unpack(control byte) error {
	forgets := control >> 5 & 3
	head := 4
	if forgets >= forgetTaught {
		head = 5
	}
	if d.first && forgets != forgetAll || d.untaught && forgets < forgetTaught {
		return ErrCorrupt
	}
	if err := d.read(head); err != nil {
		return err
	}
	h := d.head
	if forgets == forgetAll {
		d.forget()
	}
	if forgets >= forgetTaught {
		if !d.teach(h[4]) || int(d.lc)+bits.Len64(d.lpMask) > 4 {
			return ErrCorrupt
		}
		d.untaught = false
	}
	if forgets >= forgetState {
		d.relearn()
	}
	d.stored, d.left = false, int64(control&0x1f)<<16+int64(h[0])<<8+int64(h[1])+1
	return d.fetch(int(h[2])<<8 + int(h[3]) + 1)
}

// fetch reads the packed bytes of a chunk. Of one that is cut, what is there is
// decoded.
func (d *Decoder) fetch(n int) error {
	if d.packed == nil {
		d.packed = make([]byte, maxChunk)
	}
	n, err := io.ReadFull(d.src, d.packed[:n])
	d.coder = coder{buf: d.packed[:n], err: err}
	switch {
	case !d.coder.begin():
		return ErrCorrupt
	case d.short:
		return d.lack()
	}
	return nil
}
