package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

const (
	bigHole   = 1 << 30  // a hole of so many bytes is passed over, not read as zeros
	holeCheck = 64 << 20 // bytes that are read before the next look for a hole
	seekData  = 3        // SEEK_DATA, lseek(2)
)

// A holes reads a sparse file and passes over its large holes: a file of a
// terabyte that takes up four kilobytes must not cost an hour.
type holes struct {
	f       *os.File
	size    int64
	off     int64
	checked int64 // no large hole begins before this offset that was not seen
	skipped int64
	first   int64 // where the first one began
}

func (h *holes) Read(p []byte) (int, error) {
	if h.off >= h.checked {
		h.look()
	}
	n, err := h.f.Read(p[:min(int64(len(p)), max(1, h.checked-h.off))])
	h.off += int64(n)
	return n, err
}

// look passes over the hole at the offset, if it is a large one. A system or a
// file system that does not tell has none.
func (h *holes) look() {
	data, err := h.f.Seek(h.off, seekData)
	switch {
	case errors.Is(err, syscall.ENXIO):
		data = h.size // nothing but a hole is left
	case err != nil:
		data = h.off
	}
	if data-h.off >= bigHole {
		if h.skipped == 0 {
			h.first = h.off
		}
		h.skipped += data - h.off
		h.off = data
	}
	if _, err := h.f.Seek(h.off, io.SeekStart); err != nil {
		h.off = h.size // the next read says what is wrong
	}
	h.checked = h.off + holeCheck
}

func (h *holes) remark(n *node) {
	if h.skipped > 0 {
		n.note(Remark{Code: CodeHoles, Offset: h.first, Bytes: h.skipped,
			Reason: fmt.Sprintf("the file has holes, which hold nothing; %d bytes of them were passed over, and offsets and digest are of the rest", h.skipped)})
	}
}
