package containerlog

// Carry implements parsers.Carrier: whether the writer ends lines. Behind a
// part of a line a stream cannot be cut.
func (d *decoder) Carry() ([]byte, bool) {
	if d.broken {
		return nil, false
	}
	if d.loose {
		return []byte{1}, true
	}
	return nil, true
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	d.loose = len(b) > 0
	return nil
}
