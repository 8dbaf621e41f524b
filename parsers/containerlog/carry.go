package containerlog

// Carry implements parsers.Carrier: whether the writer ends lines, and where
// the bar of compose stands. Behind a part of a line a stream cannot be cut.
func (d *decoder) Carry() ([]byte, bool) {
	if d.broken {
		return nil, false
	}
	loose := byte(0)
	if d.loose {
		loose = 1
	}
	if d.entry.bar > 0 {
		return []byte{loose, byte(d.entry.bar)}, true // less than widest
	}
	if d.loose {
		return []byte{loose}, true
	}
	return nil, true
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	d.loose = len(b) > 0 && b[0] == 1
	if len(b) > 1 {
		d.entry.bar = int(b[1])
	}
	return nil
}
