package source

import "io"

// A framer knows the lengths a format writes down, so that a library's decoder
// is given exactly the bytes of one member: however much it reads ahead, it is
// always known where the member ends, and where it was when it failed.
type framer interface {
	// segment returns the length of the next piece at the tape's position, and
	// 0 at the end of the member. It is called when the last piece is used up.
	segment(t *tape) (int64, error)
}

// A framed reads the bytes of one member.
type framed struct {
	t    *tape
	f    framer
	left int64
	err  error
}

func (r *framed) more() error {
	if r.err != nil || r.left > 0 {
		return r.err
	}
	r.left, r.err = r.f.segment(r.t)
	if r.err == nil && r.left == 0 {
		r.err = io.EOF
	}
	return r.err
}

func (r *framed) Read(p []byte) (int, error) {
	if err := r.more(); err != nil {
		return 0, err
	}
	n, err := r.t.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if n == 0 && err == io.EOF {
		r.err = io.ErrUnexpectedEOF
		return 0, r.err
	}
	return n, err
}

func (r *framed) ReadByte() (byte, error) {
	if r.left == 0 {
		if err := r.more(); err != nil {
			return 0, err
		}
	}
	b, err := r.t.ReadByte()
	if err == io.EOF {
		r.err = io.ErrUnexpectedEOF
		return 0, r.err
	}
	r.left--
	return b, err
}

// finish reads what the decoder left of the member.
func (r *framed) finish() {
	for r.more() == nil {
		if r.t.skip(r.left) < r.left {
			r.err = io.ErrUnexpectedEOF
		}
		r.left = 0
	}
}
