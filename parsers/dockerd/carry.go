package dockerd

// Carry implements parsers.Carrier. Nothing is known but a request that waits
// for its body: behind one, a stream cannot be cut.
func (d *decoder) Carry() ([]byte, bool) { return nil, !d.broken }

// Resume implements parsers.Carrier.
func (d *decoder) Resume([]byte) error { return nil }
